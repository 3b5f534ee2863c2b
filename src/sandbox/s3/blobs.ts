import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../service';
import { type RunningChecksum, startChecksum } from './checksums';
import type { Blob, ChecksumAlgorithm } from './records';

/** Bodies as files, streamed in and out. */
export class Blobs {
  /** How many streams read a blob, and whether it is to be deleted after the last. */
  readonly #readers = new Map<string, { count: number; doomed: boolean }>();

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /**
   * Writes a stream to a new file, hashing it on the way.
   * @param checksum computed beside the MD5
   * @throws whatever the source fails with; the file is then gone
   */
  async write(
    source: AsyncIterable<Buffer>,
    checksum?: ChecksumAlgorithm,
    maxSize = Infinity,
  ): Promise<Blob> {
    const id = randomBytes(16).toString('hex');
    const md5 = createHash('md5');
    const running: RunningChecksum | undefined = checksum && startChecksum(checksum);
    let size = 0;
    async function* measured(): AsyncIterable<Buffer> {
      for await (const chunk of source) {
        size += chunk.length;
        if (size > maxSize) throw tooLarge(maxSize);
        md5.update(chunk);
        running?.update(chunk);
        yield chunk;
      }
    }
    try {
      await pipeline(measured, createWriteStream(this.#path(id)));
    } catch (error) {
      await rm(this.#path(id), { force: true });
      throw error;
    }
    const blob: Blob = { id, size, md5: md5.digest('hex') };
    if (checksum && running)
      blob.checksum = { algorithm: checksum, value: running.digest(), type: 'FULL_OBJECT' };
    return blob;
  }

  /** Bytes `start` to `end` (inclusive) of the blobs laid end to end. */
  read(blobs: readonly Blob[], start: number, end: number): Readable {
    const path = (id: string): string => this.#path(id);
    async function* pieces(): AsyncIterable<Buffer> {
      let offset = 0;
      for (const { id, size } of blobs) {
        const [from, to] = [Math.max(start - offset, 0), Math.min(end - offset, size - 1)];
        if (from <= to)
          yield* createReadStream(path(id), { start: from, end: to, highWaterMark: 256 * 1024 });
        offset += size;
      }
    }
    for (const { id } of blobs) this.#retain(id);
    const stream = Readable.from(pieces(), { objectMode: false });
    stream.once('close', () => {
      for (const { id } of blobs) this.#release(id);
    });
    return stream;
  }

  /** Deletes files that nothing refers to any more; one that is being read, when its readers are done. */
  remove(blobs: readonly Blob[]): void {
    for (const { id } of blobs) {
      const readers = this.#readers.get(id);
      if (readers) readers.doomed = true;
      else rmSync(this.#path(id), { force: true });
    }
  }

  /** Deletes what a process left behind that died between writing a body and recording it. */
  sweep(used: ReadonlySet<string>): void {
    for (const id of readdirSync(this.folder)) {
      if (!used.has(id)) rmSync(join(this.folder, id), { force: true });
    }
  }

  #retain(id: string): void {
    const readers = this.#readers.get(id) ?? { count: 0, doomed: false };
    readers.count++;
    this.#readers.set(id, readers);
  }

  #release(id: string): void {
    const readers = this.#readers.get(id);
    if (!readers || --readers.count > 0) return;
    this.#readers.delete(id);
    if (readers.doomed) rmSync(this.#path(id), { force: true });
  }

  #path(id: string): string {
    return join(this.folder, id);
  }
}

function tooLarge(maxSize: number): ServiceError {
  return new ServiceError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
    MaxSizeAllowed: maxSize,
  });
}
