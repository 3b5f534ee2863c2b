import { ServiceError } from '../service';
import { uriDecode } from '../signature';
import { type XmlElement, xmlDocument } from '../xml';
import { authorize, checkOwner } from './access';
import { checksumAlgorithms } from './checksums';
import { checkRead, checkWrite, preconditionFailed, readConditions } from './conditions';
import { checksumMembers, readDescription, versionHeaders } from './description';
import { checkKey } from './names';
import { readableVersion } from './read';
import { maxSinglePut } from './receive';
import type { Bucket, ChecksumAlgorithm, Description, Version } from './records';
import {
  type Answer,
  invalidArgument,
  invalidRequest,
  namespace,
  type S3Request,
  xmlAnswer,
} from './request';

export interface CopySource {
  bucket: Bucket;
  version: Version;
  /** Whether one version was asked for. */
  versioned: boolean;
}

/**
 * The object that `x-amz-copy-source` names, readable by the caller and under the conditions of the request.
 * @throws ServiceError InvalidArgument | AccessDenied | NoSuchBucket | NoSuchKey | PreconditionFailed
 */
export function copySource(request: S3Request): CopySource {
  const header = request.header('x-amz-copy-source') ?? '';
  const [path = '', query] = header.split(/\?versionId=/);
  const [, bucketName, key] = /^\/?([^/]+)\/(.+)$/s.exec(uriDecode(path)) ?? [];
  if (!bucketName || !key) {
    throw invalidArgument(
      'x-amz-copy-source',
      header,
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  }
  const bucket = request.store.bucket(bucketName);
  checkOwner(bucket, request.header('x-amz-source-expected-bucket-owner'));
  const version = readableVersion(request.store, request.caller, bucket, key, query);
  const conditions = readConditions(request.exchange.headers, 'x-amz-copy-source-');
  if (checkRead(conditions, version) === 'not-modified') {
    throw preconditionFailed('x-amz-copy-source-If-None-Match');
  }
  return { bucket, version, versioned: query !== undefined };
}

/** Copies an object inside the store, between buckets and accounts too, with one size limit: 5 GB. */
export async function copyObject(request: S3Request): Promise<Answer> {
  const { store, key } = request;
  const target = request.bucketFor('s3:PutObject', key);
  checkKey(key);
  const source = copySource(request);
  const conditions = readConditions(request.exchange.headers);
  const before = store.current(target.name, key);
  checkWrite(conditions, key, before, before);
  const description = describeCopy(request, source, target);
  if (source.version.size > maxSinglePut) {
    throw invalidRequest(
      `The specified copy source is larger than the maximum allowable size for a copy source: ${maxSinglePut}`,
    );
  }
  const { version } = source;
  const body = store.blobs.read(version.blobs, 0, version.size - 1);
  const blob = await store.blobs.write(body, checksumOf(request, version));
  try {
    const bucket = store.bucket(target.name);
    checkWrite(conditions, key, store.current(bucket.name, key), before);
    const { size, checksum } = blob;
    const copy = store.add(bucket, {
      ...description,
      key,
      size,
      etag: `"${blob.md5}"`,
      checksum,
      blobs: [blob],
    });
    return copied('CopyObjectResult', copy.modified, copy.etag, checksumMembers(copy.checksum), {
      ...versionHeaders(bucket, copy),
      ...sourceHeaders(source),
      'x-amz-server-side-encryption': copy.headers['x-amz-server-side-encryption'] ?? 'AES256',
    });
  } catch (error) {
    store.blobs.remove([blob]);
    throw error;
  }
}

export function sourceHeaders({ bucket, version }: CopySource): Record<string, string> {
  return bucket.versioning === undefined ? {} : { 'x-amz-copy-source-version-id': version.versionId };
}

export function copied(
  root: string,
  modified: string,
  etag: string,
  checksum: XmlElement,
  headers: Record<string, string>,
): Answer {
  return xmlAnswer(
    xmlDocument(root, { LastModified: modified, ETag: etag, ...checksum }, namespace),
    headers,
  );
}

/** What the copy is described with: the source's words, or the request's where a directive says REPLACE. */
function describeCopy(request: S3Request, source: CopySource, target: Bucket): Description {
  const own = readDescription(request.exchange.headers);
  const metadata = directive(request, 'x-amz-metadata-directive');
  const tagging = directive(request, 'x-amz-tagging-directive');
  const { version } = source;
  const itself = source.bucket.name === target.name && version.key === request.key && !source.versioned;
  if (itself && metadata === 'COPY' && !changesStorage(request)) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  if (tagging === 'COPY' && Object.keys(version.tags).length > 0) {
    const action = source.versioned ? 's3:GetObjectVersionTagging' : 's3:GetObjectTagging';
    authorize(request.caller, source.bucket, action, version.key);
  }
  const tags = tagging === 'COPY' ? version.tags : own.tags;
  if (Object.keys(tags).length > 0) authorize(request.caller, target, 's3:PutObjectTagging', request.key);
  if (metadata === 'REPLACE') return { ...own, tags };
  // Encryption and storage class are never copied.
  const described = Object.entries(version.headers).filter(([name]) => !name.startsWith('x-amz-'));
  const storage = Object.entries(own.headers).filter(([name]) => name.startsWith('x-amz-'));
  return { headers: Object.fromEntries([...described, ...storage]), metadata: version.metadata, tags };
}

function changesStorage(request: S3Request): boolean {
  return ['x-amz-storage-class', 'x-amz-server-side-encryption', 'x-amz-website-redirect-location'].some(
    (name) => request.header(name) !== undefined,
  );
}

function directive(request: S3Request, name: string): 'COPY' | 'REPLACE' {
  const value = request.header(name) ?? 'COPY';
  if (value === 'COPY' || value === 'REPLACE') return value;
  throw new ServiceError('InvalidArgument', `Unknown ${name}: ${value}`, 400, {
    ArgumentName: name,
    ArgumentValue: value,
  });
}

/** A copy gets the checksum that was asked for, or one of its source's kind. */
function checksumOf(request: S3Request, source: Version): ChecksumAlgorithm | undefined {
  const asked = request.header('x-amz-checksum-algorithm')?.toUpperCase();
  return checksumAlgorithms.find((algorithm) => algorithm === asked) ?? source.checksum?.algorithm;
}
