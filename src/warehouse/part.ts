import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { DatasetPart } from './dataset';

/** Streams one object to S3. When `body` errors, it must abort and reject, and leave no object. */
export type Upload = (key: string, body: Readable) => Promise<{ s3Uri: string; etag: string }>;

const flushAt = 64 * 1024;

/** One CSV of a dataset on its way to a local file and to S3, in one pass; never more than a few chunks in memory. */
export class PartWriter {
  rows = 0;
  private bytes = 0;
  private readonly hash = createHash('sha256');
  private readonly file: WriteStream;
  private readonly body = new PassThrough({ highWaterMark: 1024 * 1024 });
  private readonly uploaded: Promise<{ s3Uri: string; etag: string }>;
  private readonly written: Promise<void>;
  /** Why S3 or the disk failed; undefined while both do not. */
  failure: unknown;
  private pending: string[] = [];
  private pendingBytes = 0;

  constructor(path: string, key: string, upload: Upload) {
    this.file = createWriteStream(path);
    this.written = finished(this.file);
    this.uploaded = upload(key, this.body);
    // A failure of one end stops both, so that no wait for a drain outlives its stream; flush() and end() tell of it.
    for (const stream of [this.file, this.body]) stream.on('error', () => {});
    for (const end of [this.written, this.uploaded]) {
      end.catch((error) => {
        this.failure ??= error;
        this.stop(error);
      });
    }
  }

  /** @param line one character per byte, with its line feed */
  add(line: string): void {
    this.rows++;
    this.pending.push(line);
    this.pendingBytes += line.length;
  }

  /** Hands on what is pending, if it is worth it, and waits until both ends want more. */
  async flush(force = false): Promise<void> {
    if (this.pendingBytes < (force ? 1 : flushAt)) return;
    if (this.failure !== undefined) throw this.failure;
    const chunk = Buffer.from(this.pending.join(''), 'latin1');
    this.pending = [];
    this.pendingBytes = 0;
    this.bytes += chunk.length;
    this.hash.update(chunk);
    const full = [this.file, this.body].filter((stream) => !stream.write(chunk));
    try {
      await Promise.all(full.map((stream) => once(stream, 'drain')));
    } catch (error) {
      throw this.failure ?? error;
    }
  }

  /** Ends both streams and answers what `dataset.json` says of the part. */
  async end(): Promise<DatasetPart> {
    await this.flush(true);
    this.file.end();
    this.body.end();
    const [{ s3Uri, etag }] = await Promise.all([this.uploaded, this.written]);
    return { s3Uri, rows: this.rows, bytes: this.bytes, sha256: this.hash.digest('hex'), etag };
  }

  /** Stops both ends; the upload sees an error, not an end, so no object appears. */
  async abort(cause: unknown): Promise<void> {
    this.stop(cause);
    await Promise.allSettled([this.uploaded, this.written]);
  }

  private stop(cause: unknown): void {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    this.body.destroy(error);
    this.file.destroy(error);
  }
}
