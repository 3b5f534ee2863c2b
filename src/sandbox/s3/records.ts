/** A bucket and what is configured on it. Names are global: all accounts share one set. */
export interface Bucket {
  name: string;
  accountId: string;
  region: string;
  /** ISO 8601. */
  created: string;
  /** Absent until versioning was first enabled; then it can only be suspended. */
  versioning?: 'Enabled' | 'Suspended';
  /** JSON text of the bucket policy. */
  policy?: string;
  tags?: Record<string, string>;
}

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

export interface Checksum {
  algorithm: ChecksumAlgorithm;
  /** Base64; of a composite one `<base64>-<parts>`. */
  value: string;
  type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** One file of a body. An object that was uploaded in parts keeps them. */
export interface Blob {
  /** Name of its file: random, never derived from a key. */
  id: string;
  size: number;
  /** Hex. */
  md5: string;
  checksum?: Checksum;
}

/** What a writer may say about an object beside its body. */
export interface Description {
  /** `content-type`, `cache-control` and the like, by header name. */
  headers: Record<string, string>;
  /** User metadata, names without `x-amz-meta-`. */
  metadata: Record<string, string>;
  tags: Record<string, string>;
}

/** One version of an object, or a delete marker. */
export interface Version extends Description {
  bucket: string;
  key: string;
  /** `null` when it was written while versioning was off or suspended. */
  versionId: string;
  /** Grows with every write: the order of versions. */
  sequence: number;
  /** ISO 8601, whole seconds. */
  modified: string;
  deleteMarker?: true;
  size: number;
  /** Quoted. */
  etag: string;
  blobs: Blob[];
  checksum?: Checksum;
}

/** A multipart upload in progress. */
export interface Upload extends Description {
  id: string;
  bucket: string;
  key: string;
  /** ISO 8601. */
  initiated: string;
  checksumAlgorithm?: ChecksumAlgorithm;
  checksumType?: Checksum['type'];
}

/** One uploaded part. */
export interface Part extends Blob {
  uploadId: string;
  number: number;
  /** ISO 8601. */
  modified: string;
}
