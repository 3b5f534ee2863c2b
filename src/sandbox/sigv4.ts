import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Credentials } from './accounts';
import {
  AuthError,
  algorithm,
  queryPairs,
  type Signature,
  type SignedRequest,
  uriDecode,
  uriEncode,
} from './signature';

const maxSkewMs = 15 * 60 * 1000;

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Uint8Array, data: string): Buffer =>
  createHmac('sha256', key).update(data).digest();

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
    // Clients set their clock by ServerTime and try again.
    throw new AuthError(
      'skewed',
      'The difference between the request time and the current time is too large.',
      {
        RequestTime: signature.amzDate,
        ServerTime: now.toISOString(),
        MaxAllowedSkewMilliseconds: maxSkewMs,
      },
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
