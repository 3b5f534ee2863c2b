import { join } from 'node:path';
import { ServiceError } from '../service';
import { Table } from '../table';
import type { Blobs } from './blobs';
import { compareKeys } from './names';
import type { Part, Upload } from './records';

/** Multipart uploads in progress and their parts. */
export class Uploads {
  readonly #uploads: Table<Upload>;
  readonly #parts: Table<Part>;
  readonly #byUpload = new Map<string, Map<number, Part>>();

  constructor(
    folder: string,
    private readonly blobs: Blobs,
  ) {
    this.#uploads = new Table(join(folder, 'uploads.jsonl'));
    this.#parts = new Table(join(folder, 'parts.jsonl'));
    for (const part of this.#parts.values()) {
      if (this.#uploads.has(part.uploadId)) this.#index(part);
      else this.#parts.delete(tableKey(part));
    }
  }

  /** By key, then by age. */
  of(bucket: string): Upload[] {
    return this.#uploads
      .values()
      .filter((upload) => upload.bucket === bucket)
      .sort((a, b) => compareKeys(a.key, b.key) || compareKeys(a.initiated + a.id, b.initiated + b.id));
  }

  /** @throws ServiceError NoSuchUpload */
  find(bucket: string, key: string, id: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload?.bucket === bucket && upload.key === key) return upload;
    throw new ServiceError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
      { UploadId: id },
    );
  }

  start(upload: Upload): void {
    this.#uploads.set(upload.id, upload);
  }

  /** Adds a part, in place of one with the same number. */
  addPart(part: Part): void {
    const replaced = this.#byUpload.get(part.uploadId)?.get(part.number);
    this.#parts.set(tableKey(part), part);
    this.#index(part);
    if (replaced) this.blobs.remove([replaced]);
  }

  /** By part number. */
  partsOf(upload: Upload): Part[] {
    return [...(this.#byUpload.get(upload.id)?.values() ?? [])].sort((a, b) => a.number - b.number);
  }

  allParts(): Part[] {
    return this.#parts.values();
  }

  /** Forgets an upload and deletes its parts but those that became an object. */
  delete(upload: Upload, kept: ReadonlySet<string> = new Set()): void {
    const parts = this.partsOf(upload);
    this.#uploads.delete(upload.id);
    this.#byUpload.delete(upload.id);
    for (const part of parts) this.#parts.delete(tableKey(part));
    this.blobs.remove(parts.filter((part) => !kept.has(part.id)));
  }

  #index(part: Part): void {
    const parts = this.#byUpload.get(part.uploadId) ?? new Map<number, Part>();
    parts.set(part.number, part);
    this.#byUpload.set(part.uploadId, parts);
  }
}

const tableKey = ({ uploadId, number }: Part): string => `${uploadId}/${number}`;
