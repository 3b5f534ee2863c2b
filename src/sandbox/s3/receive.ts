import { ServiceError } from '../service';
import { checksumAlgorithms, checksumHeader } from './checksums';
import type { Blob, ChecksumAlgorithm } from './records';
import { invalidRequest, type S3Request } from './request';

/** Largest body of one PutObject or UploadPart: 5 GB. Source: "Amazon S3 multipart upload limits". */
export const maxSinglePut = 5 * 1024 ** 3;

/**
 * Stores the body of a request and holds it to what the request says about it.
 * @param fallback checksum to compute when the request carries none
 * @throws ServiceError BadDigest | InvalidDigest | InvalidRequest | EntityTooLarge
 */
export async function receiveBody(request: S3Request, fallback?: ChecksumAlgorithm): Promise<Blob> {
  const { store, exchange } = request;
  const md5 = readMd5(request.header('content-md5'));
  const stated = statedChecksum(request);
  const length = Number(request.header('x-amz-decoded-content-length') ?? request.header('content-length'));
  if (Number.isNaN(length) && !request.header('transfer-encoding')) {
    throw new ServiceError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
  }
  if (length > maxSinglePut) throw entityTooLarge(length);
  const blob = await store.blobs.write(exchange.body, stated ?? fallback, maxSinglePut);
  try {
    if (md5 !== undefined && md5 !== blob.md5) {
      throw new ServiceError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
    }
    if (stated) checkChecksum(request, stated, blob);
  } catch (error) {
    store.blobs.remove([blob]);
    throw error;
  }
  return blob;
}

function entityTooLarge(size: number): ServiceError {
  return new ServiceError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
    ProposedSize: size,
    MaxSizeAllowed: maxSinglePut,
  });
}

/** `Content-MD5` as hex. */
function readMd5(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const bytes = Buffer.from(header, 'base64');
  if (bytes.length !== 16) {
    throw new ServiceError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  return bytes.toString('hex');
}

/** The algorithm whose checksum comes as a header or is announced as a trailer. */
function statedChecksum(request: S3Request): ChecksumAlgorithm | undefined {
  const trailer = request.header('x-amz-trailer')?.toLowerCase();
  const stated = checksumAlgorithms.filter(
    (algorithm) =>
      request.header(checksumHeader(algorithm)) !== undefined || trailer === checksumHeader(algorithm),
  );
  if (stated.length > 1)
    throw invalidRequest(
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  return stated[0];
}

function checkChecksum(request: S3Request, algorithm: ChecksumAlgorithm, blob: Blob): void {
  const name = checksumHeader(algorithm);
  const stated = request.header(name) ?? request.exchange.trailers?.get(name);
  if (stated !== blob.checksum?.value) {
    throw new ServiceError(
      'BadDigest',
      `The ${algorithm} you specified did not match the calculated checksum.`,
    );
  }
}
