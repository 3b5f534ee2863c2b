import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Credentials } from './accounts';

/** What an AWS Signature Version 4 states, from the `Authorization` header or from a presigned URL's query. */
export interface Signature {
  accessKeyId: string;
  /** `<yyyymmdd>/<region>/<service>/aws4_request`. */
  scope: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
  /** `yyyymmddThhmmssZ`. */
  amzDate: string;
  sessionToken?: string;
  /** Seconds of validity; presigned URLs only. */
  expires?: number;
}

export type AuthFailure =
  | 'missing'
  | 'unsupported'
  | 'malformed'
  | 'malformed-query'
  | 'unknown-key'
  | 'mismatch'
  | 'skewed'
  | 'expired-url'
  | 'expired-token'
  | 'bad-token'
  | 'unsigned-header';

/** Why a request is not authenticated; each protocol has its own name for it. */
export class AuthError extends Error {
  constructor(
    readonly failure: AuthFailure,
    message: string,
  ) {
    super(message);
  }
}

/** The request as it came over the wire: path and query still percent-encoded, headers in lower case. */
export interface SignedRequest {
  method: string;
  path: string;
  query: string;
  headers: Map<string, string[]>;
}

const algorithm = 'AWS4-HMAC-SHA256';
const maxSkewMs = 15 * 60 * 1000;
const maxExpires = 7 * 24 * 3600;

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Uint8Array, data: string): Buffer =>
  createHmac('sha256', key).update(data).digest();

/** RFC 3986 encoding as AWS asks for it: everything but unreserved characters. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Decodes percent-encoding; text that is not valid UTF-8 stays as it is. */
export function uriDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The query's pairs in order, decoded. */
export function queryPairs(query: string): [string, string][] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...value] = part.replaceAll('+', ' ').split('=');
      return [uriDecode(name), uriDecode(value.join('='))];
    });
}

/** @throws AuthError missing | unsupported | malformed | malformed-query */
export function readSignature(request: SignedRequest): Signature {
  const authorization = request.headers.get('authorization')?.[0];
  if (authorization !== undefined) return fromHeader(authorization, request.headers);
  const query = new Map(queryPairs(request.query));
  if (query.has('X-Amz-Signature')) return fromQuery(query);
  if (query.has('AWSAccessKeyId')) throw unsupported();
  throw new AuthError('missing', 'Missing Authentication Token');
}

/** Signature Version 2, which S3 does not take for newer buckets and regions either. */
function unsupported(): AuthError {
  return new AuthError(
    'unsupported',
    `The authorization mechanism you have provided is not supported. Please use ${algorithm}.`,
  );
}

function fromHeader(authorization: string, headers: Map<string, string[]>): Signature {
  const [scheme, ...rest] = authorization.split(' ');
  const fields = new Map(
    rest
      .join(' ')
      .split(',')
      .map((field) => field.trim().split(/=(.*)/s) as [string, string]),
  );
  if (scheme !== algorithm) throw unsupported();
  return {
    ...readCredential(fields.get('Credential') ?? '', 'malformed'),
    signedHeaders: readSignedHeaders(fields.get('SignedHeaders'), 'malformed'),
    signature: fields.get('Signature') ?? '',
    amzDate: readAmzDate(headers),
    sessionToken: headers.get('x-amz-security-token')?.[0],
  };
}

function readAmzDate(headers: Map<string, string[]>): string {
  const stated = headers.get('x-amz-date')?.[0];
  if (stated) return stated;
  const date = Date.parse(headers.get('date')?.[0] ?? '');
  if (Number.isNaN(date)) throw new AuthError('malformed', 'The request has neither X-Amz-Date nor Date.');
  return new Date(date).toISOString().replace(/[-:]|\.\d+/g, '');
}

function fromQuery(query: Map<string, string>): Signature {
  if (query.get('X-Amz-Algorithm') !== algorithm) {
    throw new AuthError('malformed-query', `X-Amz-Algorithm only supports "${algorithm}"`);
  }
  const expires = Number(query.get('X-Amz-Expires'));
  if (!(expires >= 0 && expires <= maxExpires)) {
    throw new AuthError(
      'malformed-query',
      `X-Amz-Expires must be less than a week (in seconds) that is ${maxExpires}`,
    );
  }
  return {
    ...readCredential(query.get('X-Amz-Credential') ?? '', 'malformed-query'),
    signedHeaders: readSignedHeaders(query.get('X-Amz-SignedHeaders'), 'malformed-query'),
    signature: query.get('X-Amz-Signature') ?? '',
    amzDate: query.get('X-Amz-Date') ?? '',
    sessionToken: query.get('X-Amz-Security-Token'),
    expires,
  };
}

function readCredential(credential: string, failure: AuthFailure) {
  const [accessKeyId, date, region, service, terminator, ...more] = credential.split('/');
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request' || more.length > 0) {
    throw new AuthError(
      failure,
      'The Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  return { accessKeyId, region, service, scope: `${date}/${region}/${service}/aws4_request` };
}

function readSignedHeaders(list: string | undefined, failure: AuthFailure): string[] {
  const names = list?.split(';') ?? [];
  if (!names.includes('host')) throw new AuthError(failure, 'SignedHeaders must contain "host".');
  return names;
}

/**
 * Proves that the owner of the credentials signed this request.
 * @param payloadHash hex SHA-256 of the body, or one of S3's stand-ins such as `UNSIGNED-PAYLOAD`
 * @returns what signs the chunks of a streamed body
 * @throws AuthError mismatch | skewed | expired-url | expired-token | bad-token | unsigned-header
 */
export function verifySignature(
  request: SignedRequest,
  signature: Signature,
  credentials: Credentials,
  payloadHash: string,
  now: Date,
): ChunkSigner {
  checkTime(signature, now);
  checkToken(signature, credentials, now);
  if (signature.service === 's3') checkAmzHeadersSigned(request, signature);
  const key = signingKey(credentials.secretAccessKey, signature.scope);
  const canonical = canonicalRequest(request, signature, payloadHash);
  const text = [algorithm, signature.amzDate, signature.scope, sha256(canonical)].join('\n');
  if (!sameHex(hmac(key, text).toString('hex'), signature.signature)) {
    throw new AuthError(
      'mismatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  }
  return new ChunkSigner(key, signature);
}

function checkTime(signature: Signature, now: Date): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(signature.amzDate);
  if (!match || !signature.scope.startsWith(signature.amzDate.slice(0, 8))) {
    throw new AuthError('malformed', 'The date of the request and of the Credential must be the same day.');
  }
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const signed = Date.UTC(year, month - 1, day, hour, minute, second);
  const age = now.getTime() - signed;
  if (signature.expires !== undefined) {
    if (age > signature.expires * 1000) throw new AuthError('expired-url', 'Request has expired');
    if (age < -maxSkewMs) throw new AuthError('expired-url', 'Request is not valid yet');
  } else if (Math.abs(age) > maxSkewMs) {
    throw new AuthError(
      'skewed',
      'The difference between the request time and the current time is too large.',
    );
  }
}

function checkToken(signature: Signature, credentials: Credentials, now: Date): void {
  if ((signature.sessionToken ?? '') !== (credentials.sessionToken ?? '')) {
    throw new AuthError('bad-token', 'The security token included in the request is invalid.');
  }
  if (credentials.expiration && Date.parse(credentials.expiration) <= now.getTime()) {
    throw new AuthError('expired-token', 'The provided token has expired.');
  }
}

function checkAmzHeadersSigned(request: SignedRequest, signature: Signature): void {
  for (const name of request.headers.keys()) {
    if (name.startsWith('x-amz-') && !signature.signedHeaders.includes(name)) {
      // S3 lets a presigned URL's caller state the payload hash, which the URL says is unsigned.
      if (signature.expires !== undefined && name === 'x-amz-content-sha256') continue;
      throw new AuthError(
        'unsigned-header',
        `There were headers present in the request which were not signed: ${name}`,
      );
    }
  }
}

function canonicalRequest(request: SignedRequest, signature: Signature, payloadHash: string): string {
  const headers = signature.signedHeaders.map((name) => {
    const values = request.headers.get(name) ?? [];
    return `${name}:${values.map((value) => value.trim().replace(/\s+/g, ' ')).join(',')}\n`;
  });
  return [
    request.method,
    canonicalPath(request.path, signature.service),
    canonicalQuery(request.query),
    headers.join(''),
    signature.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** S3 signs the encoded path; every other service signs it encoded once more, without dot segments. */
function canonicalPath(path: string, service: string): string {
  const segments = path.split('/');
  if (service === 's3') return segments.map((segment) => uriEncode(uriDecode(segment))).join('/');
  const normal: string[] = [];
  for (const segment of segments) {
    if (segment === '..') normal.pop();
    else if (segment !== '' && segment !== '.') normal.push(uriEncode(segment));
  }
  return `/${normal.join('/')}${path.endsWith('/') && normal.length > 0 ? '/' : ''}`;
}

function canonicalQuery(query: string): string {
  return queryPairs(query)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a, x], [b, y]) => order(a, b) || order(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function signingKey(secret: string, scope: string): Buffer {
  const [date = '', region = '', service = ''] = scope.split('/');
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
}

function sameHex(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Checks the signatures of a streamed body's chunks, each of which covers the one before. */
export class ChunkSigner {
  #previous: string;

  constructor(
    private readonly key: Buffer,
    private readonly signature: Signature,
  ) {
    this.#previous = signature.signature;
  }

  /** @throws AuthError mismatch */
  check(kind: 'PAYLOAD' | 'TRAILER', hash: string, given: string): void {
    const text = [
      `${algorithm}-${kind}`,
      this.signature.amzDate,
      this.signature.scope,
      this.#previous,
      ...(kind === 'PAYLOAD' ? [sha256('')] : []),
      hash,
    ].join('\n');
    const expected = hmac(this.key, text).toString('hex');
    if (!sameHex(expected, given)) {
      throw new AuthError('mismatch', 'The signature of a chunk does not match.');
    }
    this.#previous = expected;
  }
}
