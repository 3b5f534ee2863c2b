import { xmlDocument } from '../xml';
import { canonicalId } from './buckets';
import { commonPrefixOf, endOfPrefix } from './listing';
import { commonPrefixes, readList, versionMembers } from './lists';
import { lowerBound } from './names';
import type { Version } from './records';
import { type Answer, invalidArgument, namespace, type S3Request, xmlAnswer } from './request';

export interface VersionListRequest {
  prefix: string;
  delimiter: string;
  /** Where the page before ended: after this key, or inside it after this version. */
  keyMarker: string;
  versionIdMarker: string;
  maxKeys: number;
}

export interface VersionPage {
  /** Versions and delete markers by key, newest first. */
  versions: { version: Version; latest: boolean }[];
  commonPrefixes: string[];
  next?: { key: string; versionId?: string };
}

/**
 * One page of all versions.
 * @param sorted all keys in listing order
 * @param versionsOf of a key, newest first
 */
export function versionPage(
  sorted: readonly string[],
  versionsOf: (key: string) => readonly Version[],
  { prefix, delimiter, keyMarker, versionIdMarker, maxKeys }: VersionListRequest,
): VersionPage {
  const page: VersionPage = { versions: [], commonPrefixes: [] };
  if (maxKeys === 0) return page;
  let last: VersionPage['next'];
  const full = (): boolean => page.versions.length + page.commonPrefixes.length === maxKeys;
  const markerIsPrefix = keyMarker !== '' && commonPrefixOf(keyMarker, prefix, delimiter) === keyMarker;
  const start = markerIsPrefix ? endOfPrefix(sorted, keyMarker) : lowerBound(sorted, keyMarker);
  for (let i = Math.max(start, lowerBound(sorted, prefix)); i < sorted.length; i++) {
    const key = sorted[i] as string;
    if (!key.startsWith(prefix)) break;
    const common = commonPrefixOf(key, prefix, delimiter);
    if (common !== undefined) {
      if (full()) return { ...page, next: last };
      page.commonPrefixes.push(common);
      last = { key: common };
      i = endOfPrefix(sorted, common) - 1;
      continue;
    }
    const versions = versionsOf(key);
    const skipped = key === keyMarker ? afterMarker(versions, versionIdMarker) : 0;
    for (const version of versions.slice(skipped)) {
      if (full()) return { ...page, next: last };
      page.versions.push({ version, latest: version === versions[0] });
      last = { key, versionId: version.versionId };
    }
  }
  return page;
}

/** How many versions of the marker's key earlier pages told. A version deleted since ends its key. */
function afterMarker(versions: readonly Version[], versionIdMarker: string): number {
  const at = versions.findIndex((version) => version.versionId === versionIdMarker);
  return versionIdMarker === '' || at < 0 ? versions.length : at + 1;
}

export function listObjectVersions(request: S3Request): Answer {
  const { bucket, prefix, delimiter, maxKeys, encode } = readList(request, 's3:ListBucketVersions');
  const { store } = request;
  const keyMarker = request.query('key-marker') ?? '';
  const versionIdMarker = request.query('version-id-marker') ?? '';
  if (versionIdMarker !== '' && keyMarker === '') {
    throw invalidArgument(
      'version-id-marker',
      versionIdMarker,
      'A version-id marker cannot be specified without a key marker.',
    );
  }
  const list = { prefix, delimiter, keyMarker, versionIdMarker, maxKeys };
  const page = versionPage(store.keys(bucket.name), (key) => store.versions(bucket.name, key), list);
  const shown = ({ version, latest }: VersionPage['versions'][number]) => ({
    Key: encode(version.key),
    VersionId: version.versionId,
    IsLatest: latest,
    ...(version.deleteMarker ? { LastModified: version.modified } : versionMembers(version)),
    Owner: { ID: canonicalId(bucket.accountId) },
  });
  return xmlAnswer(
    xmlDocument(
      'ListVersionsResult',
      {
        Name: bucket.name,
        Prefix: encode(prefix),
        KeyMarker: encode(keyMarker),
        VersionIdMarker: versionIdMarker,
        NextKeyMarker: page.next && encode(page.next.key),
        NextVersionIdMarker: page.next?.versionId,
        Delimiter: delimiter ? encode(delimiter) : undefined,
        MaxKeys: maxKeys,
        EncodingType: request.query('encoding-type'),
        IsTruncated: page.next !== undefined,
        Version: page.versions.filter(({ version }) => !version.deleteMarker).map(shown),
        DeleteMarker: page.versions.filter(({ version }) => version.deleteMarker).map(shown),
        CommonPrefixes: commonPrefixes(page, encode),
      },
      namespace,
    ),
  );
}
