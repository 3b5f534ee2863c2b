import { ServiceError } from '../service';
import { uriEncode } from '../signature';
import { type XmlElement, xmlDocument } from '../xml';
import { canonicalId } from './buckets';
import { commonPrefixOf, type ListPage, type ListRequest, listPage } from './listing';
import type { Bucket, Version } from './records';
import { type Answer, integer, invalidArgument, namespace, type S3Request, xmlAnswer } from './request';

/** ListObjectsV2. */
export function listObjectsV2(request: S3Request): Answer {
  const { bucket, prefix, delimiter, maxKeys, encode } = readList(request);
  const token = request.query('continuation-token');
  const startAfter = request.query('start-after');
  const position = token === undefined ? { after: startAfter || undefined } : readToken(token);
  const page = currentPage(request, bucket, { prefix, delimiter, maxKeys, ...position });
  const fetchOwner = request.query('fetch-owner') === 'true';
  return xmlAnswer(
    xmlDocument(
      'ListBucketResult',
      {
        Name: bucket.name,
        Prefix: encode(prefix),
        Delimiter: delimiter ? encode(delimiter) : undefined,
        MaxKeys: maxKeys,
        EncodingType: request.query('encoding-type'),
        KeyCount: page.keys.length + page.commonPrefixes.length,
        IsTruncated: page.truncated,
        ContinuationToken: token,
        NextContinuationToken: page.next && writeToken(page.next),
        StartAfter: startAfter === undefined ? undefined : encode(startAfter),
        Contents: contents(request, bucket, page, encode, fetchOwner),
        CommonPrefixes: commonPrefixes(page, encode),
      },
      namespace,
    ),
  );
}

/** ListObjects, the first version, which pages by the last key. */
export function listObjects(request: S3Request): Answer {
  const { bucket, prefix, delimiter, maxKeys, encode } = readList(request);
  const marker = request.query('marker') ?? '';
  const common = commonPrefixOf(marker, prefix, delimiter);
  const position =
    common === marker && marker !== '' ? { afterPrefix: marker } : { after: marker || undefined };
  const page = currentPage(request, bucket, { prefix, delimiter, maxKeys, ...position });
  const next = page.next && (page.next.afterPrefix ?? page.next.after);
  return xmlAnswer(
    xmlDocument(
      'ListBucketResult',
      {
        Name: bucket.name,
        Prefix: encode(prefix),
        Marker: encode(marker),
        Delimiter: delimiter ? encode(delimiter) : undefined,
        MaxKeys: maxKeys,
        EncodingType: request.query('encoding-type'),
        IsTruncated: page.truncated,
        NextMarker: next !== undefined && delimiter ? encode(next) : undefined,
        Contents: contents(request, bucket, page, encode, true),
        CommonPrefixes: commonPrefixes(page, encode),
      },
      namespace,
    ),
  );
}

/** The query that all listings of a bucket share. */
export function readList(request: S3Request, action = 's3:ListBucket') {
  const prefix = request.query('prefix') ?? '';
  const encoding = request.query('encoding-type');
  if (encoding !== undefined && encoding !== 'url') {
    throw invalidArgument('encoding-type', encoding, 'Invalid Encoding Method specified in Request');
  }
  return {
    bucket: request.bucketFor(action, undefined, { 's3:prefix': prefix }),
    prefix,
    delimiter: request.query('delimiter') ?? '',
    maxKeys: integer('max-keys', request.query('max-keys'), 1000, 1000),
    encode: encoding === 'url' ? encodeKey : (text: string) => text,
  };
}

const encodeKey = (key: string): string => uriEncode(key).replaceAll('%2F', '/');

function currentPage(request: S3Request, bucket: Bucket, list: ListRequest): ListPage {
  const { store } = request;
  return listPage(store.keys(bucket.name), (key) => store.current(bucket.name, key) !== undefined, list);
}

function contents(
  { store }: S3Request,
  bucket: Bucket,
  page: ListPage,
  encode: (text: string) => string,
  owner: boolean,
): XmlElement[] {
  return page.keys.map((key) => {
    const version = store.current(bucket.name, key) as Version;
    return {
      Key: encode(key),
      ...versionMembers(version),
      Owner: owner ? { ID: canonicalId(bucket.accountId) } : undefined,
    };
  });
}

export function versionMembers(version: Version): XmlElement {
  return {
    LastModified: version.modified,
    ETag: version.etag,
    ChecksumAlgorithm: version.checksum?.algorithm,
    ChecksumType: version.checksum?.type,
    Size: version.size,
    StorageClass: version.headers['x-amz-storage-class'] ?? 'STANDARD',
  };
}

export function commonPrefixes(
  page: { commonPrefixes: string[] },
  encode: (text: string) => string,
): XmlElement[] {
  return page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) }));
}

type Position = NonNullable<ListPage['next']>;

/** A continuation token is opaque: `k` or `p` for a key or a common prefix, then the text. */
function writeToken({ after, afterPrefix }: Position): string {
  const text = afterPrefix === undefined ? `k${after}` : `p${afterPrefix}`;
  return Buffer.from(text).toString('base64url');
}

function readToken(token: string): Position {
  const text = Buffer.from(token, 'base64url').toString();
  if (text.startsWith('k')) return { after: text.slice(1) };
  if (text.startsWith('p')) return { afterPrefix: text.slice(1) };
  throw new ServiceError('InvalidArgument', 'The continuation token provided is incorrect', 400, {
    ArgumentName: 'continuation-token',
  });
}
