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

type Key = string | number;

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

interface Filters {
  NameContains?: string | undefined;
  CreationTimeAfter?: Date | undefined;
  CreationTimeBefore?: Date | undefined;
  LastModifiedTimeAfter?: Date | undefined;
  LastModifiedTimeBefore?: Date | undefined;
  StatusEquals?: string | undefined;
}

/** What a list filters and sorts by; `LastModifiedTime` falls back to the creation. */
export interface Facts {
  name: string;
  created: string;
  modified?: string | undefined;
  status?: string | undefined;
  /** Orders what is equal otherwise, so that pages are stable; else the name. */
  tie?: Key | undefined;
}

/** The filters that all lists share. */
function matches(filters: Filters, item: Facts): boolean {
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

export type SortKey = 'Name' | 'CreationTime' | 'Status' | 'LastModifiedTime';

export interface ListRequest extends Filters, PageRequest {
  SortBy?: SortKey | undefined;
  SortOrder?: 'Ascending' | 'Descending' | undefined;
}

/** One page of the resources that pass the filters, in the order asked for; else the API's default for this list. */
export function listed<T>(
  items: T[],
  request: ListRequest,
  factsOf: (item: T) => Facts,
  defaults: { by?: SortKey; order?: 'Ascending' | 'Descending' } = {},
): Page<T> {
  const by = request.SortBy ?? defaults.by ?? 'CreationTime';
  const key = (item: T): string => {
    const { name, created, modified, status } = factsOf(item);
    return (
      { Name: name, CreationTime: created, Status: status, LastModifiedTime: modified ?? created }[by] ?? ''
    );
  };
  const wanted = items.filter((item) => matches(request, factsOf(item)));
  const order = request.SortOrder ?? defaults.order;
  return page(
    sorted(wanted, key, order, (item) => factsOf(item).tie ?? factsOf(item).name),
    request,
  );
}
