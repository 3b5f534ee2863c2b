import { compareKeys, lowerBound } from './names';

export interface ListRequest {
  prefix: string;
  /** Empty for none. */
  delimiter: string;
  /** Keys after this one only. */
  after?: string;
  /** Not keys under this common prefix, which a page before has told. */
  afterPrefix?: string;
  maxKeys: number;
}

/** One page, in order: keys, and the common prefixes that stand for the keys below them. */
export interface ListPage {
  keys: string[];
  commonPrefixes: string[];
  truncated: boolean;
  /** Where the next page starts; when truncated. */
  next?: { after?: string; afterPrefix?: string };
}

/** The common prefix that a key is rolled up into, if any. */
export function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/**
 * One page of a listing.
 * @param sorted all keys, in the order of {@link compareKeys}
 * @param isListed which of them count, e.g. not those whose newest version is a delete marker
 */
export function listPage(
  sorted: readonly string[],
  isListed: (key: string) => boolean,
  request: ListRequest,
): ListPage {
  const { prefix, delimiter, maxKeys } = request;
  const page: ListPage = { keys: [], commonPrefixes: [], truncated: false };
  if (maxKeys === 0) return page;
  let next: ListPage['next'];
  for (let i = firstIndex(sorted, request); i < sorted.length; i++) {
    const key = sorted[i] as string;
    if (!key.startsWith(prefix)) break;
    if (!isListed(key)) continue;
    if (page.keys.length + page.commonPrefixes.length === maxKeys) {
      return { ...page, truncated: true, next };
    }
    const common = commonPrefixOf(key, prefix, delimiter);
    if (common === undefined) {
      page.keys.push(key);
      next = { after: key };
    } else {
      page.commonPrefixes.push(common);
      next = { afterPrefix: common };
      i = endOfPrefix(sorted, common) - 1;
    }
  }
  return page;
}

function firstIndex(sorted: readonly string[], { prefix, after, afterPrefix }: ListRequest): number {
  const first = lowerBound(sorted, prefix);
  if (afterPrefix !== undefined) return Math.max(first, endOfPrefix(sorted, afterPrefix));
  if (after === undefined) return first;
  const at = lowerBound(sorted, after);
  return Math.max(first, sorted[at] === after ? at + 1 : at);
}

/** Index after the last key that starts with the prefix. */
export function endOfPrefix(sorted: readonly string[], prefix: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = sorted[middle] as string;
    if (key.startsWith(prefix) || compareKeys(key, prefix) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
