import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LruCache } from './model-cache';

/**
 * The volume of an instance: artifacts as they were when they came from S3. It outlives a restart of the sandbox, as an
 * endpoint's instances outlive anything on the user's side. File names are hashes, never an artifact's own.
 */
export class DiskCache {
  readonly #files: LruCache<string>;

  /** @param capacity bytes */
  constructor(
    private readonly folder: string,
    capacity: number,
  ) {
    this.#files = new LruCache(capacity, (_, file) => rmSync(file, { force: true }));
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      this.#files.set(name, file, statSync(file).size);
    }
  }

  get(name: string): Buffer | undefined {
    const file = this.#files.get(hash(name));
    return file === undefined ? undefined : readFileSync(file);
  }

  set(name: string, bytes: Buffer): void {
    const file = join(this.folder, hash(name));
    writeFileSync(file, bytes);
    this.#files.set(hash(name), file, bytes.length);
  }

  delete(name: string): void {
    this.#files.delete(hash(name));
  }
}

function hash(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}
