import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../service';
import { checksumHeader } from './checksums';
import { notImplemented } from './conditions';
import type { Bucket, Checksum, Description, Version } from './records';
import { invalidRequest } from './request';
import { parseTagQuery } from './tags';

const storedHeaders = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
  'x-amz-storage-class',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
];

/** Bytes of all metadata names and values. Source: "Working with object metadata", S3 User Guide. */
const maxMetadata = 2048;

/**
 * What the headers of a write say about the object.
 * @throws ServiceError MetadataTooLarge | AccessControlListNotSupported | InvalidTag | NotImplemented
 */
export function readDescription(headers: IncomingHttpHeaders): Description {
  checkSupported(headers);
  const stored: Record<string, string> = { 'x-amz-server-side-encryption': 'AES256' };
  for (const name of storedHeaders) {
    const value = headers[name];
    if (value !== undefined) stored[name] = String(value);
  }
  const coding = withoutFraming(stored['content-encoding']);
  if (coding) stored['content-encoding'] = coding;
  else delete stored['content-encoding'];
  if (stored['x-amz-storage-class'] === 'STANDARD') delete stored['x-amz-storage-class'];
  stored['content-type'] ??= 'binary/octet-stream';
  return {
    headers: stored,
    metadata: readMetadata(headers),
    tags: parseTagQuery(headers['x-amz-tagging']?.toString()),
  };
}

/** `aws-chunked` describes the request, not the object. */
function withoutFraming(encoding: string | undefined): string | undefined {
  return encoding
    ?.split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== 'aws-chunked')
    .join(',');
}

function readMetadata(headers: IncomingHttpHeaders): Record<string, string> {
  const metadata = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith('x-amz-meta-'))
      // Node reads header bytes as Latin-1; clients send UTF-8.
      .map(([name, value]) => [
        name.slice('x-amz-meta-'.length),
        Buffer.from(String(value), 'latin1').toString(),
      ]),
  );
  const size = Object.entries(metadata)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (size > maxMetadata) {
    throw new ServiceError(
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size',
      400,
      {
        Size: size,
        MaxSizeAllowed: maxMetadata,
      },
    );
  }
  return metadata;
}

/** What the sandbox does not model is refused, so that nobody relies on it. */
function checkSupported(headers: IncomingHttpHeaders): void {
  const acl = headers['x-amz-acl'];
  const grants = Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'));
  if (grants || (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control')) {
    throw new ServiceError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
  if (headers['x-amz-server-side-encryption-customer-algorithm'] !== undefined) {
    throw notImplemented('Encryption with customer-provided keys is not part of the sandbox.');
  }
  if (headers['x-amz-object-lock-mode'] ?? headers['x-amz-object-lock-legal-hold']) {
    throw invalidRequest('Bucket is missing Object Lock Configuration');
  }
}

/** Headers that tell of the object's version, where the bucket ever had versioning. */
export function versionHeaders(bucket: Bucket, version: Version): Record<string, string> {
  return bucket.versioning === undefined ? {} : { 'x-amz-version-id': version.versionId };
}

/** Headers of the answer to a read, beside those about length and range. */
export function describe(bucket: Bucket, version: Version): Record<string, string> {
  const metadata = Object.entries(version.metadata).map(([name, value]) => [
    `x-amz-meta-${name}`,
    Buffer.from(value).toString('latin1'),
  ]);
  const tags = Object.keys(version.tags).length;
  return {
    ...version.headers,
    ...Object.fromEntries(metadata),
    ...versionHeaders(bucket, version),
    ...(tags > 0 ? { 'x-amz-tagging-count': String(tags) } : {}),
    'accept-ranges': 'bytes',
    etag: version.etag,
    'last-modified': new Date(version.modified).toUTCString(),
  };
}

/** Headers of the answer to a write. */
export function writtenHeaders(bucket: Bucket, version: Version): Record<string, string> {
  return {
    etag: version.etag,
    'x-amz-server-side-encryption': version.headers['x-amz-server-side-encryption'] ?? 'AES256',
    ...versionHeaders(bucket, version),
    ...checksumHeaders(version.checksum),
  };
}

export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** The same as members of an XML answer: `ChecksumCRC32`, `ChecksumType`. */
export function checksumMembers(checksum: Checksum | undefined): Record<string, string> {
  return checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type } : {};
}
