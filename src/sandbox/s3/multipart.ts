import { randomBytes } from 'node:crypto';
import { ServiceError } from '../service';
import { xmlDocument } from '../xml';
import { authorize } from './access';
import { checksumAlgorithms } from './checksums';
import { checkWrite, readConditions } from './conditions';
import { copied, copySource, sourceHeaders } from './copy';
import { checksumHeaders, checksumMembers, readDescription, writtenHeaders } from './description';
import { checkKey } from './names';
import { chosenParts, objectChecksum, objectEtag } from './parts';
import { readRange } from './range';
import { maxSinglePut, receiveBody } from './receive';
import type { Blob, Checksum, ChecksumAlgorithm, Part, Upload } from './records';
import {
  type Answer,
  invalidArgument,
  invalidRequest,
  namespace,
  type S3Request,
  xmlAnswer,
} from './request';
import { wholeSeconds } from './store';

export function createMultipartUpload(request: S3Request): Answer {
  const { store, key, exchange } = request;
  const bucket = request.bucketFor('s3:PutObject', key);
  checkKey(key);
  const description = readDescription(exchange.headers);
  if (Object.keys(description.tags).length > 0) authorize(request.caller, bucket, 's3:PutObjectTagging', key);
  const algorithm = readAlgorithm(request.header('x-amz-checksum-algorithm'));
  const upload: Upload = {
    ...description,
    id: randomBytes(32).toString('base64url'),
    bucket: bucket.name,
    key,
    initiated: wholeSeconds(new Date()),
    checksumAlgorithm: algorithm,
    checksumType: algorithm && readType(request.header('x-amz-checksum-type'), algorithm),
  };
  store.uploads.start(upload);
  const headers: Record<string, string> = {
    'x-amz-server-side-encryption': description.headers['x-amz-server-side-encryption'] ?? 'AES256',
  };
  if (algorithm) headers['x-amz-checksum-algorithm'] = algorithm;
  if (upload.checksumType) headers['x-amz-checksum-type'] = upload.checksumType;
  const body = { Bucket: bucket.name, Key: key, UploadId: upload.id };
  return xmlAnswer(xmlDocument('InitiateMultipartUploadResult', body, namespace), headers);
}

function readAlgorithm(header: string | undefined): ChecksumAlgorithm | undefined {
  if (header === undefined) return undefined;
  const found = checksumAlgorithms.find((algorithm) => algorithm === header.toUpperCase());
  if (!found) throw invalidRequest('Checksum algorithm provided is unsupported.');
  return found;
}

/** Which types an algorithm may have: "Checking object integrity", S3 User Guide. */
function readType(header: string | undefined, algorithm: ChecksumAlgorithm): Checksum['type'] {
  const onlyFull = algorithm === 'CRC64NVME';
  const onlyComposite = algorithm.startsWith('SHA');
  const type = header?.toUpperCase() ?? (onlyFull ? 'FULL_OBJECT' : 'COMPOSITE');
  if (type !== 'FULL_OBJECT' && type !== 'COMPOSITE')
    throw invalidRequest(`Value for x-amz-checksum-type header is invalid.`);
  if ((onlyFull && type === 'COMPOSITE') || (onlyComposite && type === 'FULL_OBJECT')) {
    throw invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
    );
  }
  return type;
}

function uploadOf(request: S3Request, action: string): Upload {
  const bucket = request.bucketFor(action, request.key);
  return request.store.uploads.find(bucket.name, request.key, request.query('uploadId') ?? '');
}

function partNumber(request: S3Request): number {
  const text = request.query('partNumber') ?? '';
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw invalidArgument(
      'partNumber',
      text,
      'Part number must be an integer between 1 and 10000, inclusive',
    );
  }
  return number;
}

export async function uploadPart(request: S3Request): Promise<Answer> {
  const number = partNumber(request);
  const upload = uploadOf(request, 's3:PutObject');
  const blob = await receiveBody(request, upload.checksumAlgorithm);
  const part = keepPart(request, upload, number, blob);
  return {
    headers: {
      etag: `"${part.md5}"`,
      'x-amz-server-side-encryption': upload.headers['x-amz-server-side-encryption'] ?? 'AES256',
      ...partChecksumHeaders(part),
    },
  };
}

function partChecksumHeaders(part: Part): Record<string, string> {
  const { 'x-amz-checksum-type': _type, ...headers } = checksumHeaders(part.checksum);
  return headers;
}

/** Records a part whose body has come, unless the upload ended meanwhile or wants another checksum. */
function keepPart(request: S3Request, upload: Upload, number: number, blob: Blob): Part {
  const { store } = request;
  try {
    const given = blob.checksum?.algorithm;
    if (upload.checksumAlgorithm && given !== upload.checksumAlgorithm) {
      throw invalidRequest(
        `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksumAlgorithm.toLowerCase()}, actual checksum Type: ${given?.toLowerCase()}`,
      );
    }
    store.uploads.find(upload.bucket, upload.key, upload.id);
  } catch (error) {
    store.blobs.remove([blob]);
    throw error;
  }
  const part: Part = { ...blob, uploadId: upload.id, number, modified: wholeSeconds(new Date()) };
  store.uploads.addPart(part);
  return part;
}

/** UploadPartCopy: all of an object, or `x-amz-copy-source-range` of it. */
export async function uploadPartCopy(request: S3Request): Promise<Answer> {
  const { store } = request;
  const number = partNumber(request);
  const upload = uploadOf(request, 's3:PutObject');
  const source = copySource(request);
  const { blobs, size } = source.version;
  const header = request.header('x-amz-copy-source-range');
  const range = readRange(header, size) ?? { start: 0, end: size - 1 };
  const exact = /^bytes=(\d+)-(\d+)$/.exec(header ?? 'bytes=0-0');
  if (!exact || (header !== undefined && Number(exact[2]) >= size)) {
    throw invalidArgument(
      'x-amz-copy-source-range',
      header ?? '',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    );
  }
  if (range.end - range.start + 1 > maxSinglePut) {
    throw invalidRequest(
      `The specified copy source is larger than the maximum allowable size for a copy source: ${maxSinglePut}`,
    );
  }
  const blob = await store.blobs.write(
    store.blobs.read(blobs, range.start, range.end),
    upload.checksumAlgorithm,
  );
  const part = keepPart(request, upload, number, blob);
  const { ChecksumType: _type, ...checksum } = checksumMembers(part.checksum);
  return copied('CopyPartResult', part.modified, `"${part.md5}"`, checksum, sourceHeaders(source));
}

export async function completeMultipartUpload(request: S3Request): Promise<Answer> {
  const { store, key, exchange } = request;
  const upload = uploadOf(request, 's3:PutObject');
  const conditions = readConditions(exchange.headers);
  const before = store.current(upload.bucket, key);
  const parts = chosenParts(await request.text(), store.uploads.partsOf(upload));
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const statedSize = request.header('x-amz-mp-object-size');
  if (statedSize !== undefined && Number(statedSize) !== size) {
    throw invalidRequest(
      'The provided x-amz-mp-object-size header does not match the size of the uploaded parts.',
    );
  }
  const checksum = await objectChecksum(store.blobs, upload, parts);
  checkStated(request, checksum);
  // From here on nothing waits: the upload becomes the object, or stays as it is.
  store.uploads.find(upload.bucket, upload.key, upload.id);
  if (store.uploads.partsOf(upload).filter((part) => parts.includes(part)).length < parts.length) {
    throw new ServiceError('InvalidPart', 'A part was uploaded again while the upload was being completed.');
  }
  const bucket = store.bucket(upload.bucket);
  checkWrite(conditions, key, store.current(bucket.name, key), before);
  const blobs = parts.map(({ id, size, md5, checksum }): Blob => ({ id, size, md5, checksum }));
  const { headers, metadata, tags } = upload;
  const etag = objectEtag(parts);
  const version = store.add(bucket, { key, headers, metadata, tags, size, etag, checksum, blobs });
  store.uploads.delete(upload, new Set(blobs.map(({ id }) => id)));
  const body = {
    Location: `http://${request.header('host')}${exchange.path}`,
    Bucket: bucket.name,
    Key: key,
    ETag: etag,
    ...checksumMembers(checksum),
  };
  return xmlAnswer(
    xmlDocument('CompleteMultipartUploadResult', body, namespace),
    withoutEtag(writtenHeaders(bucket, version)),
  );
}

function withoutEtag({ etag: _etag, ...headers }: Record<string, string>): Record<string, string> {
  return headers;
}

/** A checksum of the whole object that the client states when it completes. */
function checkStated(request: S3Request, checksum: Checksum | undefined): void {
  for (const [name, value] of Object.entries(checksumHeaders(checksum))) {
    const stated = request.header(name);
    if (stated !== undefined && stated.replace(/-\d+$/, '') !== value.replace(/-\d+$/, '')) {
      throw new ServiceError(
        'BadDigest',
        `The ${checksum?.algorithm} you specified did not match the calculated checksum.`,
      );
    }
  }
}

export function abortMultipartUpload(request: S3Request): Answer {
  request.store.uploads.delete(uploadOf(request, 's3:AbortMultipartUpload'));
  return { status: 204 };
}
