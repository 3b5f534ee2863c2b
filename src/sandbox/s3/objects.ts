import { ServiceError } from '../service';
import { childrenNamed, malformedXml, parseXml, textOf, type XmlElement, xmlDocument } from '../xml';
import { authorize } from './access';
import { checkRead, checkWrite, noSuchKey, preconditionFailed, readConditions } from './conditions';
import { checksumHeaders, describe, readDescription, versionHeaders, writtenHeaders } from './description';
import { checkKey } from './names';
import { type ByteRange, readRange } from './range';
import { findVersion, readableVersion, versionAction } from './read';
import { receiveBody } from './receive';
import type { Bucket, Version } from './records';
import { type Answer, invalidRequest, namespace, type S3Request, xmlAnswer } from './request';

export async function putObject(request: S3Request): Promise<Answer> {
  const { store, key } = request;
  const bucket = request.bucketFor('s3:PutObject', key);
  checkKey(key);
  const conditions = readConditions(request.exchange.headers);
  const before = store.current(bucket.name, key);
  checkWrite(conditions, key, before, before);
  const description = readDescription(request.exchange.headers);
  if (Object.keys(description.tags).length > 0) authorize(request.caller, bucket, 's3:PutObjectTagging', key);
  const blob = await receiveBody(request);
  try {
    // The bucket and the key may have changed while the body came in.
    const target = store.bucket(bucket.name);
    checkWrite(conditions, key, store.current(bucket.name, key), before);
    const etag = `"${blob.md5}"`;
    const { size, checksum } = blob;
    const version = store.add(target, { ...description, key, size, etag, checksum, blobs: [blob] });
    return { headers: writtenHeaders(target, version) };
  } catch (error) {
    store.blobs.remove([blob]);
    throw error;
  }
}

const overrides = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
];

/** GetObject and HeadObject, whose answers differ by the body only. */
export function getObject(request: S3Request): Answer {
  const { store, caller, key } = request;
  const bucket = request.bucket();
  const version = readableVersion(store, caller, bucket, key, request.query('versionId'));
  const headers = describe(bucket, version);
  if (checkRead(readConditions(request.exchange.headers), version) === 'not-modified') {
    const { etag, 'last-modified': modified } = headers as { etag: string; 'last-modified': string };
    return { status: 304, headers: { etag, 'last-modified': modified, ...versionHeaders(bucket, version) } };
  }
  for (const name of overrides) {
    const value = request.query(`response-${name}`);
    if (value !== undefined) headers[name] = value;
  }
  const range = rangeOf(request, version);
  const { start, end } = range ?? { start: 0, end: version.size - 1 };
  headers['content-length'] = String(end - start + 1);
  if (range) headers['content-range'] = `bytes ${start}-${end}/${version.size}`;
  if (range?.parts) headers['x-amz-mp-parts-count'] = String(range.parts);
  if (!range && request.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED') {
    Object.assign(headers, checksumHeaders(version.checksum));
  }
  const body = request.exchange.method === 'HEAD' ? '' : store.blobs.read(version.blobs, start, end);
  return { status: range ? 206 : 200, headers, body };
}

/** What of the object is asked for; `undefined` for all of it. */
function rangeOf(request: S3Request, version: Version): (ByteRange & { parts?: number }) | undefined {
  const partNumber = request.query('partNumber');
  if (partNumber === undefined) return readRange(request.header('range'), version.size);
  if (request.header('range') !== undefined) {
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  }
  const parts = version.blobs.length;
  const number = Number(partNumber);
  const part = version.blobs[number - 1];
  if (!part) {
    throw new ServiceError('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416, {
      PartNumberRequested: partNumber,
      ActualPartCount: parts,
    });
  }
  const start = version.blobs.slice(0, number - 1).reduce((sum, { size }) => sum + size, 0);
  return { start, end: start + part.size - 1, parts: version.etag.includes('-') ? parts : undefined };
}

export function deleteObject(request: S3Request): Answer {
  const versionId = request.query('versionId');
  const action = 's3:DeleteObject';
  const bucket = request.bucketFor(versionId === undefined ? action : versionAction(action), request.key);
  const done = deleteOne(request, bucket, request.key, versionId, request.header('if-match'));
  return { status: 204, headers: deletedHeaders(bucket, done) };
}

interface Deleted {
  /** The version that is gone, or the new delete marker. */
  version?: Version;
  marker: boolean;
}

function deletedHeaders(bucket: Bucket, { version, marker }: Deleted): Record<string, string> {
  if (!version) return {};
  return { ...versionHeaders(bucket, version), ...(marker ? { 'x-amz-delete-marker': 'true' } : {}) };
}

/**
 * Deletes a version for good, or the current object: with a delete marker where the bucket has versioning.
 * Source of the conditions: "How to perform conditional deletes", S3 User Guide.
 */
function deleteOne(
  { store }: S3Request,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  ifMatch: string | undefined,
): Deleted {
  if (ifMatch !== undefined) {
    const newest = store.versions(bucket.name, key)[0];
    if (!newest) throw noSuchKey(key);
    if (newest.deleteMarker) throw preconditionFailed('If-Match');
    checkRead({ ifMatch }, newest);
  }
  if (versionId !== undefined) {
    const version = findVersion(store, bucket, key, versionId);
    if (version) store.remove(version);
    return { version, marker: version?.deleteMarker === true };
  }
  if (bucket.versioning === undefined) {
    const current = store.current(bucket.name, key);
    if (current) store.remove(current);
    return { marker: false };
  }
  const nothing = { headers: {}, metadata: {}, tags: {}, size: 0, etag: '', blobs: [] };
  return { version: store.add(bucket, { key, deleteMarker: true, ...nothing }), marker: true };
}

/** DeleteObjects: up to 1000 keys, each with its own outcome. */
export async function deleteObjects(request: S3Request): Promise<Answer> {
  const bucket = request.bucket();
  const document = parseXml(await request.text(), 'Delete');
  const objects = childrenNamed(document, 'Object');
  if (objects.length === 0 || objects.length > 1000) throw malformedXml();
  const quiet = textOf(document, 'Quiet')?.toLowerCase() === 'true';
  const outcomes = objects.map((object) => deleteListed(request, bucket, object));
  const Deleted = quiet ? [] : outcomes.flatMap((each) => (each.deleted ? [each.deleted] : []));
  const Failed = outcomes.flatMap((each) => (each.failed ? [each.failed] : []));
  return xmlAnswer(xmlDocument('DeleteResult', { Deleted, Error: Failed }, namespace));
}

function deleteListed(
  request: S3Request,
  bucket: Bucket,
  object: XmlElement,
): { deleted?: XmlElement; failed?: XmlElement } {
  const Key = textOf(object, 'Key');
  const VersionId = textOf(object, 'VersionId') || undefined;
  if (!Key) throw malformedXml();
  try {
    const action = 's3:DeleteObject';
    authorize(request.caller, bucket, VersionId === undefined ? action : versionAction(action), Key);
    const { version, marker } = deleteOne(request, bucket, Key, VersionId, textOf(object, 'ETag'));
    const markerId = marker ? { DeleteMarker: true, DeleteMarkerVersionId: version?.versionId } : {};
    return { deleted: { Key, VersionId, ...markerId } };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { failed: { Key, VersionId, Code: error.name, Message: error.message } };
  }
}
