import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ServiceError } from './service';
import { AuthError } from './signature';
import type { ChunkSigner } from './sigv4';

type Bytes = AsyncIterable<Buffer>;

/** Longest chunk header or trailer line that is read. */
const maxLine = 8192;

/** Thrown while a body is read when fewer bytes came than were announced. */
function incompleteBody(): ServiceError {
  return new ServiceError(
    'IncompleteBody',
    'The request body terminated unexpectedly or its size is not the one that was announced.',
  );
}

/**
 * The body of a request as its sender meant it: freed of `aws-chunked` framing and, while it is read, held to the hash
 * or the chunk signatures that came with it. Destroying it leaves the connection usable for the reply.
 * @param payloadHash `x-amz-content-sha256`
 * @param trailers receives the trailing headers
 */
export function openBody(
  source: Readable,
  payloadHash: string,
  signer: ChunkSigner,
  decodedLength: number | undefined,
  trailers: Map<string, string>,
): Readable {
  const bytes: Bytes = source.iterator({ destroyOnReturn: false });
  if (!payloadHash.startsWith('STREAMING-')) {
    return /^[0-9a-f]{64}$/.test(payloadHash)
      ? Readable.from(checkHash(bytes, payloadHash), { objectMode: false })
      : Readable.from(bytes, { objectMode: false });
  }
  const signed = payloadHash.includes('HMAC-SHA256') ? signer : undefined;
  return Readable.from(decodeChunks(bytes, signed, decodedLength, trailers), { objectMode: false });
}

async function* checkHash(source: Bytes, expected: string): Bytes {
  const hash = createHash('sha256');
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== expected) {
    throw new ServiceError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
}

/**
 * Decodes `aws-chunked`: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n`, a chunk of size 0, then trailer lines.
 * Source: "Signature calculations for the Authorization header: Transferring payload in multiple chunks", S3 API Reference.
 */
async function* decodeChunks(
  source: Bytes,
  signer: ChunkSigner | undefined,
  decodedLength: number | undefined,
  trailers: Map<string, string>,
): Bytes {
  const reader = new ByteReader(source);
  let length = 0;
  for (;;) {
    const header = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(await reader.line());
    if (!header) throw incompleteBody();
    const size = Number.parseInt(header[1] as string, 16);
    const hash = signer && createHash('sha256');
    for await (const piece of reader.take(size)) {
      hash?.update(piece);
      yield piece;
    }
    if (signer && hash) signer.check('PAYLOAD', hash.digest('hex'), header[2] ?? '');
    length += size;
    if (size === 0) break;
    if ((await reader.line()) !== '') throw incompleteBody();
  }
  await readTrailers(reader, signer, trailers);
  if (decodedLength !== undefined && decodedLength !== length) throw incompleteBody();
}

async function readTrailers(
  reader: ByteReader,
  signer: ChunkSigner | undefined,
  trailers: Map<string, string>,
): Promise<void> {
  let covered = '';
  for (;;) {
    const line = await reader.line();
    if (line === '') break;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'x-amz-trailer-signature') {
      signer?.check('TRAILER', createHash('sha256').update(covered).digest('hex'), value);
      covered = '';
    } else {
      trailers.set(name, value);
      covered += `${name}:${value}\n`;
    }
  }
  if (signer && covered !== '') throw new AuthError('mismatch', 'The trailing headers are not signed.');
}

/** Reads lines and counted bytes from a stream of buffers. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(source: Bytes) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next line without its line end; the end of the stream ends a line too. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#buffer.indexOf('\n');
      if (end >= 0) {
        const line = this.#buffer.toString('latin1', 0, end).replace(/\r$/, '');
        this.#buffer = this.#buffer.subarray(end + 1);
        return line;
      }
      if (this.#buffer.length > maxLine) throw incompleteBody();
      const more = await this.#source.next();
      if (more.done) {
        const line = this.#buffer.toString('latin1');
        this.#buffer = Buffer.alloc(0);
        return line;
      }
      this.#buffer = Buffer.concat([this.#buffer, more.value]);
    }
  }

  async *take(size: number): Bytes {
    let left = size;
    while (left > 0) {
      if (this.#buffer.length === 0) {
        const more = await this.#source.next();
        if (more.done) throw incompleteBody();
        this.#buffer = more.value;
      }
      const piece = this.#buffer.subarray(0, left);
      this.#buffer = this.#buffer.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
}
