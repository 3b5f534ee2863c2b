import type { Exchange } from '../service';

/** Names of the API by header and by query parameter, for the record of requests. */
const headerNames: Record<string, string> = {
  'if-match': 'IfMatch',
  'if-none-match': 'IfNoneMatch',
  'if-modified-since': 'IfModifiedSince',
  'if-unmodified-since': 'IfUnmodifiedSince',
  range: 'Range',
  'content-type': 'ContentType',
  'x-amz-copy-source': 'CopySource',
  'x-amz-copy-source-if-match': 'CopySourceIfMatch',
  'x-amz-copy-source-if-none-match': 'CopySourceIfNoneMatch',
  'x-amz-copy-source-range': 'CopySourceRange',
  'x-amz-metadata-directive': 'MetadataDirective',
  'x-amz-tagging-directive': 'TaggingDirective',
  'x-amz-tagging': 'Tagging',
  'x-amz-expected-bucket-owner': 'ExpectedBucketOwner',
  'x-amz-source-expected-bucket-owner': 'ExpectedSourceBucketOwner',
  'x-amz-server-side-encryption': 'ServerSideEncryption',
  'x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
};

const queryNames: Record<string, string> = {
  prefix: 'Prefix',
  delimiter: 'Delimiter',
  versionId: 'VersionId',
  uploadId: 'UploadId',
  partNumber: 'PartNumber',
  'max-keys': 'MaxKeys',
  'continuation-token': 'ContinuationToken',
  'start-after': 'StartAfter',
  marker: 'Marker',
  'key-marker': 'KeyMarker',
  'version-id-marker': 'VersionIdMarker',
};

/** The request's input as the API names it; of a body only its size. */
export function paramsOf(exchange: Exchange, Bucket: string, Key: string): Record<string, unknown> {
  const { headers, query } = exchange;
  const params: Record<string, unknown> = {};
  if (Bucket) params.Bucket = Bucket;
  if (Key) params.Key = Key;
  for (const [name, value] of query) {
    const known = queryNames[name];
    if (known) params[known] = value;
  }
  for (const [name, value] of Object.entries(headers)) {
    const known = headerNames[name];
    if (known) params[known] = value;
  }
  const metadata = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-amz-meta-'))
    .map(([name, value]) => [name.slice('x-amz-meta-'.length), value]);
  if (metadata.length > 0) params.Metadata = Object.fromEntries(metadata);
  const size = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
  if (size !== undefined && exchange.method !== 'GET') params.ContentLength = Number(size);
  return params;
}
