import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { WarmstartError } from '../errors';
import { mapParallel } from '../task';
import { isAccessDenied } from './errors';
import type { Store, Written } from './store';

export interface CopyRequest {
  source: {
    bucket: string;
    key: string;
    versionId?: string | undefined;
    etag?: string | undefined;
    owner?: string | undefined;
  };
  key: string;
  /** Bytes, when known; asked for otherwise. */
  size?: number | undefined;
  /** Only if there is no such object yet. */
  ifNoneMatch?: '*';
  signal?: AbortSignal;
}

/** The largest object that one CopyObject takes, and the size of the parts beyond it (S3 API reference). */
export const SINGLE_COPY_BYTES = 5 * 1024 ** 3;
const PART_BYTES = 512 * 1024 ** 2;

/**
 * Copies inside S3, into `target`; no byte passes through this machine. The source's ETag is a condition when given,
 * and its tags are not copied, so no tagging permission is needed.
 * @throws WarmstartError `aws.precondition` when the source changed or the target exists
 */
export async function copyObject(target: Store, request: CopyRequest, size: number): Promise<Written> {
  if (size > SINGLE_COPY_BYTES) return copyInParts(target, request, size, PART_BYTES);
  const answer = await target.session.s3().send(
    new CopyObjectCommand({
      ...target.at(request.key),
      ...sourceOf(request),
      TaggingDirective: 'REPLACE',
      IfNoneMatch: request.ifNoneMatch,
    }),
    { abortSignal: request.signal },
  );
  return { etag: answer.CopyObjectResult?.ETag ?? '', versionId: answer.VersionId };
}

/** As {@link copyObject}, for any size: parts of `partBytes`, four at a time; a failure leaves nothing behind. */
export async function copyInParts(
  target: Store,
  request: CopyRequest,
  size: number,
  partBytes: number,
): Promise<Written> {
  const s3 = target.session.s3();
  const at = target.at(request.key);
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
  try {
    const starts = Array.from({ length: Math.ceil(size / partBytes) }, (_, i) => i * partBytes);
    const parts = await mapParallel(starts, 4, async (start, index) => {
      const end = Math.min(start + partBytes, size) - 1;
      const answer = await s3.send(
        new UploadPartCopyCommand({
          ...at,
          ...sourceOf(request),
          UploadId,
          PartNumber: index + 1,
          CopySourceRange: `bytes=${start}-${end}`,
        }),
        { abortSignal: request.signal },
      );
      return { PartNumber: index + 1, ETag: answer.CopyPartResult?.ETag };
    });
    const answer = await s3.send(
      new CompleteMultipartUploadCommand({
        ...at,
        UploadId,
        MultipartUpload: { Parts: parts },
        IfNoneMatch: request.ifNoneMatch,
      }),
    );
    return { etag: answer.ETag ?? '', versionId: answer.VersionId };
  } catch (error) {
    await s3.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch((abort: unknown) => {
      throw new AggregateError([error, abort], `The parts of ${target.uri(request.key)} were left behind.`);
    });
    throw error;
  }
}

export interface BetweenRequest {
  sourceKey: string;
  sourceVersionId?: string | undefined;
  /** The version that is meant: another one is refused. */
  sourceEtag?: string | undefined;
  key: string;
  ifNoneMatch?: '*';
  signal?: AbortSignal;
}

/**
 * Copies from one store to another, possibly of another account. Server-side first; when the target's identity may not
 * read the source, through this machine: the source's session reads and the target's writes, so no cross-account
 * policy is needed.
 * @returns what was written, its size in bytes, and which way it went
 * @throws WarmstartError `aws.not-found` when the source is missing; `aws.precondition` as {@link copyObject}
 */
export async function copyBetween(
  source: Store,
  target: Store,
  request: BetweenRequest,
): Promise<Written & { size: number; via: 'server' | 'stream' }> {
  const head = await source.head(request.sourceKey, request.sourceVersionId);
  if (!head)
    throw new WarmstartError('aws.not-found', `${source.uri(request.sourceKey)} does not exist.`, {
      remedy: 'Register a version whose artifact is still there, or restore the object.',
    });
  if (request.sourceEtag !== undefined && bare(head.etag) !== bare(request.sourceEtag))
    throw new WarmstartError(
      'aws.precondition',
      `${source.uri(request.sourceKey)} is not what was meant: its ETag is ${head.etag}, not ${request.sourceEtag}.`,
      { remedy: 'The object was overwritten; restore its earlier version or register the new one.' },
    );
  const conditions = {
    ...(request.ifNoneMatch === undefined ? {} : { ifNoneMatch: request.ifNoneMatch }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  };
  try {
    const written = await target.copy({
      source: {
        bucket: source.bucket,
        key: request.sourceKey,
        versionId: request.sourceVersionId,
        etag: head.etag,
        owner: source.owner,
      },
      key: request.key,
      size: head.size,
      ...conditions,
    });
    return { ...written, size: head.size, via: 'server' };
  } catch (error) {
    if (!isAccessDenied(error)) throw error;
  }
  const { body } = await source.stream(request.sourceKey, {
    ifMatch: head.etag,
    ...(request.sourceVersionId === undefined ? {} : { versionId: request.sourceVersionId }),
  });
  const written = await target.upload(request.key, body, conditions);
  return { ...written, size: head.size, via: 'stream' };
}

/** Reads a stream to its end. @returns sha256 in lower-case hex, and the number of bytes */
export async function sha256Of(body: Readable): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    size += chunk.byteLength;
  }
  return { sha256: hash.digest('hex'), size };
}

function sourceOf(request: CopyRequest) {
  const { bucket, key, versionId, etag, owner } = request.source;
  const path = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  return {
    CopySource: versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`,
    CopySourceIfMatch: etag,
    ExpectedSourceBucketOwner: owner,
  };
}

/** The registry's metadata may hold no quotes, S3's ETags have them. */
function bare(etag: string): string {
  return etag.replaceAll('"', '');
}
