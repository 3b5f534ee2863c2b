import type { IncomingHttpHeaders } from 'node:http';
import { cbor } from '@smithy/core/cbor';
import { ServiceError } from './service';
import type { AuthError, AuthFailure } from './signature';
import { xmlDocument } from './xml';

/** How a service writes its answers and errors. */
export type Protocol = 'rest-xml' | 'query' | 'json' | 'cbor';

/** A rendered error: what the server sends. */
export interface ErrorReply {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** The protocol of a request; without a signature `service` is unknown and its headers decide. */
export function protocolOf(service: string | undefined, headers: IncomingHttpHeaders): Protocol {
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return 'cbor';
  if (service === 's3') return 'rest-xml';
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return 'query';
  if (service === 'sts') return 'query';
  if (service || headers['x-amz-target']) return 'json';
  return 'rest-xml';
}

/** The error in the service's own words. `resource` is the path, which S3 repeats. */
export function renderError(
  error: ServiceError,
  protocol: Protocol,
  requestId: string,
  resource: string,
): ErrorReply {
  const { status, name: Code, message: Message, fields } = error;
  switch (protocol) {
    case 'rest-xml': {
      const members = Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [name, String(value)]),
      );
      const body = { Code, Message, ...members, Resource: resource, RequestId: requestId, HostId: 'sandbox' };
      return { status, headers: { 'content-type': 'application/xml' }, body: xmlDocument('Error', body) };
    }
    case 'query': {
      const Type = status < 500 ? 'Sender' : 'Receiver';
      const body = { Error: { Type, Code, Message }, RequestId: requestId };
      return { status, headers: { 'content-type': 'text/xml' }, body: xmlDocument('ErrorResponse', body) };
    }
    case 'json':
      return {
        status,
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': Code },
        body: JSON.stringify({ __type: Code, message: Message, Message, ...fields }),
      };
    case 'cbor':
      return {
        status,
        headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
        body: cbor.serialize({ __type: Code, message: Message, ...fields }),
      };
  }
}

type Names = Record<AuthFailure, [name: string, status: number]>;

/** Source: "Error responses" of the S3 API Reference, "Common errors" of STS and SageMaker. */
const authErrors: Record<Protocol, Names> = {
  'rest-xml': {
    missing: ['AccessDenied', 403],
    unsupported: ['InvalidRequest', 400],
    malformed: ['AuthorizationHeaderMalformed', 400],
    'malformed-query': ['AuthorizationQueryParametersError', 400],
    'unknown-key': ['InvalidAccessKeyId', 403],
    mismatch: ['SignatureDoesNotMatch', 403],
    skewed: ['RequestTimeTooSkewed', 403],
    'expired-url': ['AccessDenied', 403],
    'expired-token': ['ExpiredToken', 400],
    'bad-token': ['InvalidToken', 400],
    'unsigned-header': ['AccessDenied', 403],
  },
  query: {
    missing: ['MissingAuthenticationToken', 403],
    unsupported: ['IncompleteSignature', 400],
    malformed: ['IncompleteSignature', 400],
    'malformed-query': ['IncompleteSignature', 400],
    'unknown-key': ['InvalidClientTokenId', 403],
    mismatch: ['SignatureDoesNotMatch', 403],
    skewed: ['SignatureDoesNotMatch', 403],
    'expired-url': ['SignatureDoesNotMatch', 403],
    'expired-token': ['ExpiredToken', 403],
    'bad-token': ['InvalidClientTokenId', 403],
    'unsigned-header': ['SignatureDoesNotMatch', 403],
  },
  json: jsonNames(),
  cbor: jsonNames(),
};

function jsonNames(): Names {
  return {
    missing: ['MissingAuthenticationTokenException', 400],
    unsupported: ['IncompleteSignatureException', 400],
    malformed: ['IncompleteSignatureException', 400],
    'malformed-query': ['IncompleteSignatureException', 400],
    'unknown-key': ['UnrecognizedClientException', 400],
    mismatch: ['InvalidSignatureException', 400],
    skewed: ['InvalidSignatureException', 400],
    'expired-url': ['InvalidSignatureException', 400],
    'expired-token': ['ExpiredTokenException', 400],
    'bad-token': ['UnrecognizedClientException', 400],
    'unsigned-header': ['InvalidSignatureException', 400],
  };
}

/** A failed authentication as the error that the service would answer. */
export function asServiceError(error: AuthError, protocol: Protocol): ServiceError {
  const [name, status] = authErrors[protocol][error.failure];
  return new ServiceError(name, error.message, status, protocol === 'rest-xml' ? error.fields : {});
}
