import { type Caller, type Exchange, ServiceError } from '../service';
import { uriDecode } from '../signature';
import { authorize, checkOwner } from './access';
import type { Bucket } from './records';
import type { Store } from './store';

export interface Answer {
  /** 200 unless told. */
  status?: number;
  headers?: Record<string, string>;
  body?: Exchange['body'] | string;
}

export type Operation = (request: S3Request) => Promise<Answer> | Answer;

/** The bucket and key that a path-style or virtual-hosted request names; empty when it names none. */
export function addressOf(path: string, host: string): { bucket: string; key: string } {
  const hosted = bucketOfHost(host);
  const decoded = path.slice(1);
  if (hosted !== undefined) return { bucket: hosted, key: decodePath(decoded) };
  const slash = decoded.indexOf('/');
  if (slash < 0) return { bucket: uriDecode(decoded), key: '' };
  return { bucket: uriDecode(decoded.slice(0, slash)), key: decodePath(decoded.slice(slash + 1)) };
}

const decodePath = (path: string): string => path.split('/').map(uriDecode).join('/');

/** `bucket.localhost`, `bucket.127.0.0.1` and AWS's own host names, for clients that are told to resolve them here. */
function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const match =
    /^(.+?)(?:\.s3(?:[.-][a-z0-9-]+)*)?\.(?:localhost|127\.0\.0\.1)$/.exec(name) ??
    /^(.+)\.s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com$/.exec(name);
  return match?.[1] === 's3' ? undefined : match?.[1];
}

/** One S3 request and what its operation needs to answer it. */
export class S3Request {
  /** The document that the body was, once it has been read; an object's content never is one. */
  document: string | undefined;

  constructor(
    readonly store: Store,
    readonly exchange: Exchange,
    readonly bucketName: string,
    readonly key: string,
  ) {}

  get caller(): Caller {
    return this.exchange.caller;
  }

  query(name: string): string | undefined {
    return this.exchange.query.get(name) ?? undefined;
  }

  header(name: string): string | undefined {
    return this.exchange.headers[name]?.toString();
  }

  /**
   * The addressed bucket, if it belongs to whom the caller expects. What the caller may do is left to be checked.
   * @throws ServiceError NoSuchBucket | AccessDenied | PermanentRedirect
   */
  bucket(): Bucket {
    const bucket = this.anyRegionBucket();
    if (this.caller.region !== bucket.region) throw elsewhere(bucket);
    return bucket;
  }

  /** The same for the few requests that need not be signed for the bucket's region. */
  anyRegionBucket(): Bucket {
    const bucket = this.store.bucket(this.bucketName);
    checkOwner(bucket, this.header('x-amz-expected-bucket-owner'));
    return bucket;
  }

  /**
   * The addressed bucket, once the caller may do this with it or with its object.
   * @throws ServiceError NoSuchBucket | AccessDenied
   */
  bucketFor(action: string, key?: string, context?: Record<string, string | undefined>): Bucket {
    const bucket = this.bucket();
    authorize(this.caller, bucket, action, key, context);
    return bucket;
  }

  /** @throws ServiceError MalformedXML when the body is larger than any of these documents may be */
  async text(): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.exchange.body) {
      size += chunk.length;
      if (size > 4 * 1024 * 1024)
        throw new ServiceError('MaxMessageLengthExceeded', 'Your request was too big.');
      chunks.push(chunk);
    }
    this.document = Buffer.concat(chunks).toString('utf8');
    return this.document;
  }
}

function elsewhere({ name, region }: Bucket): ServiceError {
  const message =
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.';
  const error = new ServiceError('PermanentRedirect', message, 301, {
    Bucket: name,
    Endpoint: `s3.${region}.amazonaws.com`,
  });
  error.headers = { 'x-amz-bucket-region': region };
  return error;
}

export const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function xmlAnswer(body: string, headers: Record<string, string> = {}): Answer {
  return { headers: { 'content-type': 'application/xml', ...headers }, body };
}

/** @throws ServiceError InvalidArgument */
export function integer(name: string, text: string | undefined, fallback: number, max: number): number {
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 2147483647) {
    throw invalidArgument(name, text, `Argument ${name} must be an integer between 0 and 2147483647`);
  }
  return Math.min(value, max);
}

export function invalidArgument(name: string, value: string, message: string): ServiceError {
  return new ServiceError('InvalidArgument', message, 400, { ArgumentName: name, ArgumentValue: value });
}

export function invalidRequest(message: string): ServiceError {
  return new ServiceError('InvalidRequest', message);
}
