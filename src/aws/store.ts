import { Readable } from 'node:stream';
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Cancelled, WarmstartError } from '../errors';
import { sleep } from '../task';
import { type CopyRequest, copyObject } from './copy';
import { awsNameOf, isAlreadyExists, isConflict, isNotFound } from './errors';
import { pages } from './pages';
import type { Session } from './session';
import { s3Uri } from './uri';

export { copyBetween } from './copy';
export { parseS3Uri, s3Uri } from './uri';

/** What S3 says about one version of an object. */
export interface ObjectHead {
  /** Quoted, as S3 answers it. */
  etag: string;
  /** Undefined in a bucket without versioning. */
  versionId: string | undefined;
  /** Bytes. */
  size: number;
  lastModified: Date | undefined;
}

/** What a write made. */
export interface Written {
  etag: string;
  versionId: string | undefined;
}

export interface StoredObject extends ObjectHead {
  body: Uint8Array;
}

export interface PutOptions {
  /** Only if the object still has this ETag. */
  ifMatch?: string;
  /** Only if there is no such object yet. */
  ifNoneMatch?: '*';
  contentType?: string;
}

export interface UpdateOptions {
  contentType?: string;
  /** Attempts in all; every lost race costs one. */
  attempts?: number;
  signal?: AbortSignal;
}

export interface ListedObject {
  key: string;
  etag: string;
  size: number;
  lastModified: Date | undefined;
}

const UPDATE_ATTEMPTS = 30;
const DELETE_BATCH = 1000;

/** One bucket as one session reaches it. */
export class Store {
  /** Sent as ExpectedBucketOwner: a bucket of that name in a stranger's account is never read or written. */
  readonly owner: string | undefined;

  /** `owner`: twelve digits; the environment's account when the bucket is the environment's own. */
  constructor(
    readonly session: Session,
    readonly bucket: string = session.environment.bucket,
    options: { owner?: string } = {},
  ) {
    this.owner =
      options.owner ?? (bucket === session.environment.bucket ? session.identity.accountId : undefined);
  }

  uri(key: string): string {
    return s3Uri(this.bucket, key);
  }

  /** The whole object in memory, or undefined when there is none. Any other failure is thrown. */
  async get(key: string, versionId?: string): Promise<StoredObject | undefined> {
    try {
      const answer = await this.session
        .s3()
        .send(new GetObjectCommand({ ...this.at(key), VersionId: versionId }));
      const body = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
      return { ...headOf(answer), size: body.byteLength, body };
    } catch (error) {
      return undefinedIfMissing(error);
    }
  }

  async getText(key: string): Promise<string | undefined> {
    const object = await this.get(key);
    return object && new TextDecoder().decode(object.body);
  }

  /** @throws WarmstartError `aws.not-json` */
  async getJson<T>(key: string): Promise<T | undefined> {
    const text = await this.getText(key);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new WarmstartError('aws.not-json', `${this.uri(key)} is not JSON.`, {
        remedy: 'Restore an earlier version of the object.',
        cause: error,
      });
    }
  }

  /**
   * The object's bytes as they arrive.
   * @throws WarmstartError `aws.not-found`
   */
  async stream(
    key: string,
    options: { versionId?: string; ifMatch?: string; signal?: AbortSignal } = {},
  ): Promise<ObjectHead & { body: Readable }> {
    const answer = await this.session.s3().send(
      new GetObjectCommand({
        ...this.at(key),
        VersionId: options.versionId,
        IfMatch: options.ifMatch,
      }),
      { abortSignal: options.signal },
    );
    const body = answer.Body instanceof Readable ? answer.Body : Readable.from([]);
    return { ...headOf(answer), body };
  }

  async head(key: string, versionId?: string): Promise<ObjectHead | undefined> {
    try {
      return headOf(
        await this.session.s3().send(new HeadObjectCommand({ ...this.at(key), VersionId: versionId })),
      );
    } catch (error) {
      return undefinedIfMissing(error);
    }
  }

  /**
   * Writes a small object in one request.
   * @throws WarmstartError `aws.precondition` when `ifMatch` or `ifNoneMatch` does not hold
   */
  async put(key: string, body: string | Uint8Array, options: PutOptions = {}): Promise<Written> {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const answer = await this.session.s3().send(
      new PutObjectCommand({
        ...this.at(key),
        Body: bytes,
        // Said outright, else the SDK takes an empty body for a stream of unknown length and warns.
        ContentLength: bytes.byteLength,
        ContentType: options.contentType,
        IfMatch: options.ifMatch,
        IfNoneMatch: options.ifNoneMatch,
      }),
    );
    return { etag: answer.ETag ?? '', versionId: answer.VersionId };
  }

  /**
   * Changes an object that others may be changing too: reads it, asks `change` for the new text, and writes it only if
   * nobody was faster, else reads again. `change` gets null when there is no object, and only then; it may be called
   * several times. Answering null leaves the object alone.
   * @returns what was written, or undefined when `change` answered null
   * @throws WarmstartError `aws.precondition` when others were faster every time
   */
  async update(
    key: string,
    change: (text: string | null) => string | null | Promise<string | null>,
    options: UpdateOptions = {},
  ): Promise<Written | undefined> {
    const attempts = options.attempts ?? UPDATE_ATTEMPTS;
    for (let attempt = 1; ; attempt++) {
      const current = await this.get(key);
      const next = await change(current ? new TextDecoder().decode(current.body) : null);
      if (next === null) return undefined;
      try {
        return await this.put(key, next, {
          ...(current ? { ifMatch: current.etag } : { ifNoneMatch: '*' }),
          ...(options.contentType === undefined ? {} : { contentType: options.contentType }),
        });
      } catch (error) {
        // The object may be deleted between our look and our write: If-Match then answers 404.
        if (!(isConflict(error) || (current && isNotFound(error))) || attempt >= attempts) throw error;
      }
      await sleep(Math.random() * Math.min(20 * 2 ** attempt, 2000), options.signal);
    }
  }

  /** Streams a body of any length, in parts of 8 MiB, four at a time; the body's failure aborts the upload. */
  async upload(
    key: string,
    body: Readable,
    options: PutOptions & { signal?: AbortSignal } = {},
  ): Promise<Written & { s3Uri: string }> {
    const upload = new Upload({
      client: this.session.s3(),
      partSize: 8 * 1024 * 1024,
      queueSize: 4,
      params: {
        ...this.at(key),
        Body: body,
        ContentType: options.contentType,
        IfMatch: options.ifMatch,
        IfNoneMatch: options.ifNoneMatch,
      },
    });
    // Failing the body, not aborting the upload: only then does done() wait until the parts are taken back.
    const abort = () => body.destroy(new Cancelled());
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      if (options.signal?.aborted) throw new Cancelled();
      const answer = await upload.done();
      return { etag: answer.ETag ?? '', versionId: answer.VersionId, s3Uri: this.uri(key) };
    } catch (error) {
      body.destroy();
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
  }

  /**
   * Copies an object of any bucket that this session may read to `request.key`, inside S3.
   * @throws WarmstartError `aws.precondition` when the source is not `source.etag` any more or the target exists
   */
  async copy(request: CopyRequest): Promise<Written> {
    const { source } = request;
    let size = request.size;
    if (size === undefined) {
      const from = source.bucket === this.bucket ? this : new Store(this.session, source.bucket);
      size = (await from.head(source.key, source.versionId))?.size ?? 0;
    }
    return copyObject(this, request, size);
  }

  /** Current objects under a prefix, in key order, page by page. */
  list(prefix: string): AsyncGenerator<ListedObject, void> {
    return pages(async (token) => {
      const answer = await this.session.s3().send(
        new ListObjectsV2Command({
          ...this.inBucket(),
          Prefix: prefix,
          ContinuationToken: token,
        }),
      );
      return {
        items: (answer.Contents ?? []).map((entry) => ({
          key: entry.Key ?? '',
          etag: entry.ETag ?? '',
          size: entry.Size ?? 0,
          lastModified: entry.LastModified,
        })),
        next: answer.NextContinuationToken,
      };
    });
  }

  /**
   * Deletes keys, a thousand per request; keys that are not there count as deleted.
   * @throws WarmstartError `aws.delete` naming the first keys that S3 refused
   */
  async delete(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += DELETE_BATCH) {
      const answer = await this.session.s3().send(
        new DeleteObjectsCommand({
          ...this.inBucket(),
          Delete: { Quiet: true, Objects: keys.slice(start, start + DELETE_BATCH).map((Key) => ({ Key })) },
        }),
      );
      const refused = answer.Errors ?? [];
      if (refused.length > 0) {
        const some = refused.slice(0, 3).map((e) => `${e.Key} (${e.Code}: ${e.Message})`);
        throw new WarmstartError(
          'aws.delete',
          `${refused.length} objects of ${this.bucket} could not be deleted: ${some.join(', ')}.`,
          { remedy: `Ask for s3:DeleteObject on arn:aws:s3:::${this.bucket}/*.` },
        );
      }
    }
  }

  async versioning(): Promise<'Enabled' | 'Suspended' | 'Off'> {
    const answer = await this.session.s3().send(new GetBucketVersioningCommand(this.inBucket()));
    return answer.Status ?? 'Off';
  }

  /** Makes the bucket in the session's region unless it exists, and turns versioning on when asked. */
  async ensureBucket(options: { versioning?: boolean } = {}): Promise<void> {
    if (!(await this.exists())) {
      const region = this.session.identity.region;
      try {
        await this.session.s3().send(
          new CreateBucketCommand({
            Bucket: this.bucket,
            // us-east-1 is the one region that CreateBucket refuses to hear named.
            ...(region === 'us-east-1'
              ? {}
              : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } }),
          }),
        );
      } catch (error) {
        if (!(isAlreadyExists(error) && awsNameOf(error) === 'BucketAlreadyOwnedByYou')) throw error;
      }
    }
    if (options.versioning && (await this.versioning()) !== 'Enabled')
      await this.session.s3().send(
        new PutBucketVersioningCommand({
          ...this.inBucket(),
          VersioningConfiguration: { Status: 'Enabled' },
        }),
      );
  }

  async exists(): Promise<boolean> {
    try {
      await this.session.s3().send(new HeadBucketCommand(this.inBucket()));
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  inBucket(): { Bucket: string; ExpectedBucketOwner?: string } {
    return {
      Bucket: this.bucket,
      ...(this.owner === undefined ? {} : { ExpectedBucketOwner: this.owner }),
    };
  }

  at(key: string): { Bucket: string; ExpectedBucketOwner?: string; Key: string } {
    return { ...this.inBucket(), Key: key };
  }
}

function headOf(answer: {
  ETag?: string | undefined;
  VersionId?: string | undefined;
  ContentLength?: number | undefined;
  LastModified?: Date | undefined;
}): ObjectHead {
  return {
    etag: answer.ETag ?? '',
    versionId: answer.VersionId === 'null' ? undefined : answer.VersionId,
    size: answer.ContentLength ?? 0,
    lastModified: answer.LastModified,
  };
}

/** Only a missing object is "nothing there": a missing bucket, a refusal or a broken network must never look like it. */
function undefinedIfMissing(error: unknown): undefined {
  if (isNotFound(error) && /^(NoSuchKey|NotFound|NoSuchVersion)$/.test(awsNameOf(error) ?? ''))
    return undefined;
  throw error;
}
