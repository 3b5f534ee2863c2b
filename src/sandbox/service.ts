import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** Who signed a request. Every account of the sandbox has its own credentials. */
export interface Caller {
  accountId: string;
  region: string;
  /** `arn:aws:iam::<account>:user/…` or `arn:aws:sts::<account>:assumed-role/…`. */
  arn: string;
}

/** One authenticated HTTP request, body undecoded (but freed of `aws-chunked` framing). */
export interface Exchange {
  method: string;
  /** The path as sent, still percent-encoded, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Readable;
  caller: Caller;
  /** As the reply's headers carry it; for protocols that repeat it in the body. */
  requestId?: string;
  /** Headers sent after the body (`x-amz-checksum-…`); filled once the body has been read to its end. */
  trailers?: ReadonlyMap<string, string>;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array | Readable;
  /** For `--record`: the operation and its input as the API names them. */
  operation: string;
  params: unknown;
}

/** Everything behind one SigV4 service name (`s3`, `sts`, `sagemaker`, `monitoring`, `logs`). */
export type Handler = (exchange: Exchange) => Promise<Reply>;

/** An error that AWS would answer: its name, message and HTTP status. Handlers render it in their protocol. */
export class ServiceError extends Error {
  /** Headers that go with the error, e.g. `x-amz-delete-marker`. */
  headers: Record<string, string> = {};

  constructor(
    override readonly name: string,
    message: string,
    readonly status = 400,
    /** Modelled members beside the message, e.g. `OriginalStatusCode` of ModelError. */
    readonly fields: Record<string, unknown> = {},
    /** For `--record` when the input was already understood. */
    readonly operation?: string,
    readonly params?: unknown,
  ) {
    super(message);
  }
}

export interface ObjectInfo {
  key: string;
  size: number;
  /** Quoted, as S3 answers it. */
  etag: string;
  versionId: string;
  lastModified: Date;
}

/** S3 as the other services use it in process, with the same policies as over HTTP. */
export interface Objects {
  /** @throws ServiceError NoSuchBucket | NoSuchKey | AccessDenied */
  read(caller: Caller, bucket: string, key: string): Promise<ObjectInfo & { body: Buffer }>;
  write(
    caller: Caller,
    bucket: string,
    key: string,
    body: Uint8Array,
    contentType?: string,
  ): Promise<ObjectInfo>;
  /** All current objects under a prefix, in key order. */
  list(caller: Caller, bucket: string, prefix: string): Promise<ObjectInfo[]>;
}
