import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { WarmstartError } from '../errors';
import type { Accounts } from './accounts';
import { openBody } from './body';
import { asServiceError, protocolOf, renderError } from './error-reply';
import { type RecordedRequest, recorder } from './record';
import { type Exchange, type Handler, type Reply, ServiceError } from './service';
import { AuthError, queryPairs, readSignature, type Signature, type SignedRequest } from './signature';
import { sha256, verifySignature } from './sigv4';

export interface ServerOptions {
  /** 0 picks a free one. */
  port: number;
  accounts: Accounts;
  /** By SigV4 service name: `s3`, `sts`, `sagemaker`, `monitoring`, `logs`. */
  handlers: Readonly<Record<string, Handler>>;
  /** File that one JSON line per request is appended to. */
  record?: string;
  /** Called by `POST /_sandbox/stop`. */
  onStop?: () => void;
}

export interface RunningServer {
  url: string;
  port: number;
  /** Stops listening, lets requests in flight finish for two seconds, then cuts them. */
  close(): Promise<void>;
}

/** Largest body of a service other than S3: InvokeEndpoint takes 25 MB. */
const maxBufferedBody = 26 * 1024 * 1024;
const closeGraceMs = 2000;

/**
 * Serves AWS on 127.0.0.1: authenticates each request and gives it to the handler of the service it is signed for.
 * @throws WarmstartError sandbox.port-in-use
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const record = recorder(options.record);
  const server = createServer((request, response) => {
    serve(options, record, request, response).catch((error: Error) => response.destroy(error));
  });
  // An upload may take as long as it takes.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new WarmstartError(
          'sandbox.port-in-use',
          `The sandbox cannot listen on port ${options.port}: ${cause.message}`,
          {
            remedy: 'Stop what uses the port, or start the sandbox with another one.',
            cause,
          },
        ),
      ),
    );
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), closeGraceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

async function serve(
  options: ServerOptions,
  record: (request: RecordedRequest) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  if (path.startsWith('/_sandbox/')) return control(options, path, request, response);
  const requestId = randomUUID();
  const signed: SignedRequest = { method: request.method ?? 'GET', path, query, headers: headersOf(request) };
  const seen: { service?: string; account?: string } = {};
  let reply: Reply;
  let errorName: string | undefined;
  try {
    const signature = readSignature(signed);
    seen.service = signature.service;
    const exchange = await authenticate(options.accounts, signed, signature, request, requestId);
    seen.account = exchange.caller.accountId;
    reply = await handlerOf(options, signature.service)(exchange);
  } catch (thrown) {
    const protocol = protocolOf(seen.service, request.headers);
    const error = thrown instanceof AuthError ? asServiceError(thrown, protocol) : serviceError(thrown);
    errorName = error.name;
    const rendered = renderError(error, protocol, requestId, path);
    reply = {
      ...rendered,
      headers: { ...rendered.headers, ...error.headers },
      operation: error.operation ?? 'Unknown',
      params: error.params ?? {},
    };
  }
  record({
    time: new Date().toISOString(),
    service: seen.service ?? 'unknown',
    operation: reply.operation,
    account: seen.account,
    params: reply.params,
    status: reply.status,
    error: errorName,
  });
  await send(reply, seen.service, requestId, request, response);
}

function headersOf(request: IncomingMessage): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = (request.rawHeaders[i] as string).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), request.rawHeaders[i + 1] as string]);
  }
  return headers;
}

function handlerOf(options: ServerOptions, service: string): Handler {
  const handler = options.handlers[service];
  if (handler) return handler;
  throw new ServiceError('UnknownOperationException', `The sandbox has no service "${service}".`, 404);
}

/** Who sent it, proven, and the body that belongs to it. */
async function authenticate(
  accounts: Accounts,
  signed: SignedRequest,
  signature: Signature,
  request: IncomingMessage,
  requestId: string,
): Promise<Exchange> {
  const credentials = accounts.find(signature.accessKeyId);
  if (!credentials) {
    const message =
      signature.service === 's3'
        ? 'The AWS Access Key Id you provided does not exist in our records.'
        : 'The security token included in the request is invalid.';
    throw new AuthError('unknown-key', message);
  }
  const pairs = queryPairs(signed.query);
  const headers = signature.expires === undefined ? request.headers : withHoisted(request.headers, pairs);
  const trailers = new Map<string, string>();
  let payloadHash = String(headers['x-amz-content-sha256'] ?? '');
  let body: Readable = request;
  if (signature.service === 's3') {
    if (!payloadHash && signature.expires === undefined) {
      throw new ServiceError(
        'InvalidRequest',
        'Missing required header for this request: x-amz-content-sha256',
      );
    }
    payloadHash ||= 'UNSIGNED-PAYLOAD';
  } else {
    const bytes = await readBuffered(request);
    payloadHash = payloadHash === 'UNSIGNED-PAYLOAD' ? payloadHash : sha256(bytes);
    body = Readable.from([bytes], { objectMode: false });
  }
  const signer = verifySignature(signed, signature, credentials, payloadHash, new Date());
  if (signature.service === 's3') {
    const length = headers['x-amz-decoded-content-length'];
    body = openBody(
      request,
      payloadHash,
      signer,
      length === undefined ? undefined : Number(length),
      trailers,
    );
  }
  return {
    method: signed.method,
    path: signed.path,
    query: new URLSearchParams(pairs),
    headers,
    body,
    caller: { accountId: credentials.accountId, region: signature.region, arn: credentials.arn },
    requestId,
    trailers,
  };
}

/** A presigned URL carries headers in its query. */
function withHoisted(
  headers: IncomingMessage['headers'],
  pairs: [string, string][],
): IncomingMessage['headers'] {
  const hoisted = pairs
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name.startsWith('x-amz-'));
  return { ...headers, ...Object.fromEntries(hoisted) };
}

async function readBuffered(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBufferedBody) {
    throw new ServiceError('RequestEntityTooLargeException', 'The request body is too large.', 413);
  }
  return buffer(request);
}

/** What a handler threw as an error of AWS; anything unexpected is an internal failure, told on stderr. */
function serviceError(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ECONNRESET') {
    return new ServiceError('RequestTimeout', 'The connection was closed before the body was complete.');
  }
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  process.stderr.write(`sandbox: ${detail}\n`);
  return new ServiceError('InternalError', 'We encountered an internal error. Please try again.', 500);
}

async function send(
  reply: Reply,
  service: string | undefined,
  requestId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const ids: Record<string, string> =
    service === 's3' || service === undefined
      ? { 'x-amz-request-id': requestId, 'x-amz-id-2': 'sandbox' }
      : { 'x-amzn-requestid': requestId };
  const { body } = reply;
  const head = request.method === 'HEAD' || reply.status === 304 || reply.status === 204;
  if (!(body instanceof Readable)) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const length: Record<string, string> = head ? {} : { 'content-length': String(bytes.byteLength) };
    response.writeHead(reply.status, { ...length, ...ids, ...reply.headers });
    response.end(head ? undefined : bytes);
  } else {
    response.writeHead(reply.status, { ...ids, ...reply.headers });
    if (head) {
      body.destroy();
      response.end();
    } else {
      await pipeline(body, response);
    }
  }
  // What the handler left of the request's body has to be read before the connection can serve the next one.
  if (!request.complete) request.resume();
}

/** The sandbox's own paths. A web page must not reach them, and a browser names the page it acts for. */
async function control(
  options: ServerOptions,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify(body)}\n`);
  };
  if (request.headers.origin || request.headers['sec-fetch-site']) return answer(403, { error: 'forbidden' });
  if (request.method === 'GET' && path === '/_sandbox/health') {
    return answer(200, { status: 'ok', services: Object.keys(options.handlers), pid: process.pid });
  }
  if (request.method === 'POST' && path === '/_sandbox/stop' && options.onStop) {
    response.once('finish', options.onStop);
    return answer(202, { status: 'stopping' });
  }
  answer(404, { error: 'not found' });
}
