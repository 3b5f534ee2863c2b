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
    /** Members of S3's answer beside the message. */
    readonly fields: Record<string, unknown> = {},
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

export const algorithm = 'AWS4-HMAC-SHA256';
const maxExpires = 7 * 24 * 3600;

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
