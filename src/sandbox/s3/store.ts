import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ServiceError } from '../service';
import { Table } from '../table';
import { Blobs } from './blobs';
import { compareKeys, lowerBound } from './names';
import type { Bucket, Version } from './records';
import { Uploads } from './uploads';

/** The versions of one bucket: per key newest first, and the keys in listing order. */
interface Index {
  keys: string[];
  versions: Map<string, Version[]>;
}

/** Everything S3 holds, on disk under one folder. Changes are synchronous, so each is atomic to all requests. */
export class Store {
  readonly blobs: Blobs;
  readonly uploads: Uploads;
  readonly #buckets: Table<Bucket>;
  readonly #versions: Table<Version>;
  readonly #indexes = new Map<string, Index>();
  #sequence = 0;

  constructor(folder: string) {
    this.blobs = new Blobs(join(folder, 'blobs'));
    this.#buckets = new Table(join(folder, 'buckets.jsonl'));
    this.#versions = new Table(join(folder, 'versions.jsonl'));
    this.uploads = new Uploads(folder, this.blobs);
    const versions = this.#versions.values().sort((a, b) => a.sequence - b.sequence);
    for (const version of versions) this.#insert(version);
    this.#sequence = versions.at(-1)?.sequence ?? 0;
    const blobs = [...versions.flatMap((version) => version.blobs), ...this.uploads.allParts()];
    this.blobs.sweep(new Set(blobs.map(({ id }) => id)));
  }

  buckets(): Bucket[] {
    return this.#buckets.values().sort((a, b) => compareKeys(a.name, b.name));
  }

  findBucket(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** @throws ServiceError NoSuchBucket */
  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket) return bucket;
    throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
  }

  saveBucket(bucket: Bucket): void {
    this.#buckets.set(bucket.name, bucket);
  }

  deleteBucket(name: string): void {
    this.#buckets.delete(name);
    for (const upload of this.uploads.of(name)) this.uploads.delete(upload);
  }

  /** All keys that have a version or a delete marker, in listing order. */
  keys(bucket: string): readonly string[] {
    return this.#indexes.get(bucket)?.keys ?? [];
  }

  /** Versions and delete markers of a key, newest first. */
  versions(bucket: string, key: string): readonly Version[] {
    return this.#indexes.get(bucket)?.versions.get(key) ?? [];
  }

  /** The newest version, unless that is a delete marker. */
  current(bucket: string, key: string): Version | undefined {
    const newest = this.versions(bucket, key)[0];
    return newest?.deleteMarker ? undefined : newest;
  }

  /**
   * Makes a version the newest of its key. Where versioning is not enabled its id is `null`, and it replaces the version
   * that had that id before.
   */
  add(bucket: Bucket, draft: Omit<Version, 'bucket' | 'versionId' | 'sequence' | 'modified'>): Version {
    const version: Version = {
      ...draft,
      bucket: bucket.name,
      versionId: bucket.versioning === 'Enabled' ? randomBytes(16).toString('hex') : 'null',
      sequence: ++this.#sequence,
      modified: wholeSeconds(new Date()),
    };
    const replaced = this.versions(bucket.name, version.key).find(
      (each) => each.versionId === version.versionId,
    );
    this.#versions.set(tableKey(version), version);
    if (replaced) this.#drop(replaced);
    this.#insert(version);
    return version;
  }

  /** Saves a version with other tags. */
  retag(version: Version, tags: Record<string, string>): void {
    version.tags = tags;
    this.#versions.set(tableKey(version), version);
  }

  /** Deletes a version for good. */
  remove(version: Version): void {
    this.#versions.delete(tableKey(version));
    this.#drop(version);
  }

  #insert(version: Version): void {
    const index = this.#indexes.get(version.bucket) ?? { keys: [], versions: new Map() };
    this.#indexes.set(version.bucket, index);
    const versions = index.versions.get(version.key);
    if (versions) versions.unshift(version);
    else {
      index.versions.set(version.key, [version]);
      index.keys.splice(lowerBound(index.keys, version.key), 0, version.key);
    }
  }

  #drop(version: Version): void {
    const index = this.#indexes.get(version.bucket);
    const versions = index?.versions.get(version.key);
    if (!index || !versions) return;
    versions.splice(versions.indexOf(version), 1);
    this.blobs.remove(version.blobs);
    if (versions.length > 0) return;
    index.versions.delete(version.key);
    index.keys.splice(lowerBound(index.keys, version.key), 1);
    if (index.keys.length === 0) this.#indexes.delete(version.bucket);
  }
}

const tableKey = ({ bucket, key, versionId }: Version): string => `${bucket}/${versionId}/${key}`;

/** S3 keeps times to the second. */
export function wholeSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}.000Z`;
}
