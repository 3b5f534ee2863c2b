import { validationError } from './errors';

export interface Page<T> {
  items: T[];
  NextToken?: string;
}

export interface PageRequest {
  MaxResults?: number | undefined;
  NextToken?: string | undefined;
}

/** One page of an ordered list; the token says where the next begins. */
export function page<T>(items: T[], request: PageRequest, defaultSize = 10): Page<T> {
  const start = request.NextToken === undefined ? 0 : offsetOf(request.NextToken);
  const end = start + (request.MaxResults ?? defaultSize);
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { NextToken: Buffer.from(`offset:${end}`).toString('base64') } : {}),
  };
}

function offsetOf(token: string): number {
  const offset = /^offset:(\d+)$/.exec(Buffer.from(token, 'base64').toString('utf8'))?.[1];
  if (offset === undefined) throw validationError('Invalid NextToken.');
  return Number(offset);
}

export type Key = string | number;

/** A sorted copy: by `key`, and where keys are equal by `tie`, which keeps pages stable. */
export function sorted<T>(
  items: T[],
  key: (item: T) => Key,
  order: 'Ascending' | 'Descending' | undefined,
  tie: (item: T) => Key,
): T[] {
  const direction = order === 'Descending' ? -1 : 1;
  return [...items].sort((a, b) => direction * (compare(key(a), key(b)) || compare(tie(a), tie(b))));
}

function compare(a: Key, b: Key): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export interface Filters {
  NameContains?: string | undefined;
  CreationTimeAfter?: Date | undefined;
  CreationTimeBefore?: Date | undefined;
  LastModifiedTimeAfter?: Date | undefined;
  LastModifiedTimeBefore?: Date | undefined;
  StatusEquals?: string | undefined;
}

export interface Filtered {
  name: string;
  created: string;
  modified?: string | undefined;
  status?: string | undefined;
}

/** The filters that all lists share. */
export function matches(filters: Filters, item: Filtered): boolean {
  const within = (time: string | undefined, after: Date | undefined, before: Date | undefined): boolean => {
    if (after === undefined && before === undefined) return true;
    const at = time === undefined ? Number.NaN : Date.parse(time);
    return (after === undefined || at > after.getTime()) && (before === undefined || at < before.getTime());
  };
  return (
    (filters.NameContains === undefined ||
      item.name.toLowerCase().includes(filters.NameContains.toLowerCase())) &&
    within(item.created, filters.CreationTimeAfter, filters.CreationTimeBefore) &&
    within(item.modified ?? item.created, filters.LastModifiedTimeAfter, filters.LastModifiedTimeBefore) &&
    (filters.StatusEquals === undefined || item.status === filters.StatusEquals)
  );
}
