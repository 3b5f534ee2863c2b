import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import { messageOf, WarmstartError } from '../errors';
import { malformed } from './refusal';

export interface SizeLimits {
  /** Bytes of the artifact as stored. Default 1 GiB. */
  maxCompressedBytes: number;
  /** Bytes after decompression, all files together. Default 2 GiB; models themselves are limited by `maxModelBytes`. */
  maxDecompressedBytes: number;
  /** Bytes of the model files that are held in memory. Default 512 MiB. */
  maxModelBytes: number;
}

const DEFAULT_LIMITS: SizeLimits = {
  maxCompressedBytes: 2 ** 30,
  maxDecompressedBytes: 2 ** 31,
  maxModelBytes: 2 ** 29,
};
/** An archive lists more files than anyone reads: names are kept in memory, so they are limited too. */
const MAX_FILES = 10_000;
const TAR_BLOCK = 512;

export interface ModelFile {
  name: string;
  bytes: Uint8Array;
}

export interface ModelFiles {
  /** Regular files as listed. */
  files: string[];
  /** Those that the container would consider: at the top level, not beginning with a dot. */
  candidates: string[];
  /** The first candidate; with `ensemble` all folds in the order of their numbers. */
  models: ModelFile[];
}

/** Finds the model in a gzipped or plain tar, or takes the bytes for the model itself. Names are only compared, never used. */
export async function openArtifact(
  source: Readable | Uint8Array,
  ensemble: boolean,
  limits: Partial<SizeLimits>,
): Promise<ModelFiles> {
  const all: SizeLimits = { ...DEFAULT_LIMITS, ...limits };
  const origin: Origin = {};
  try {
    return await openStored(
      limited(watched(source, origin), all.maxCompressedBytes, 'The artifact'),
      ensemble,
      all,
    );
  } catch (error) {
    // A download that broke off is no damaged archive.
    throw origin.failure ? origin.failure.error : error;
  }
}

async function openStored(
  stored: AsyncIterable<Uint8Array>,
  ensemble: boolean,
  limits: SizeLimits,
): Promise<ModelFiles> {
  const { head, all } = await peek(stored, 2);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return openPlain(all, ensemble, limits);
  const gunzip = createGunzip();
  const inflated = pipeline(Readable.from(all), gunzip).catch(asArtifactError);
  return firstFailure(inflated, openPlain(gunzip, ensemble, limits).catch(asArtifactError));
}

async function openPlain(
  source: AsyncIterable<Uint8Array>,
  ensemble: boolean,
  { maxModelBytes, maxDecompressedBytes }: SizeLimits,
): Promise<ModelFiles> {
  const { head, all } = await peek(
    limited(source, maxDecompressedBytes, 'The decompressed artifact'),
    TAR_BLOCK,
  );
  if (!startsAsTar(head)) {
    const bytes = await collect(all, maxModelBytes);
    return {
      files: ['xgboost-model'],
      candidates: ['xgboost-model'],
      models: [{ name: 'xgboost-model', bytes }],
    };
  }
  const archive = extract();
  const unpacked = pipeline(Readable.from(all), archive).catch(asArtifactError);
  return firstFailure(unpacked, readEntries(archive, ensemble, maxModelBytes).catch(asArtifactError));
}

async function readEntries(archive: Extract, ensemble: boolean, maxModelBytes: number): Promise<ModelFiles> {
  const files: string[] = [];
  const kept = new Map<string, Uint8Array>();
  for await (const entry of archive) {
    const name = entry.header.name.replace(/^(\.\/)+/, '');
    const isFile = entry.header.type === 'file' || entry.header.type === 'contiguous-file';
    if (isFile && !files.includes(name)) files.push(name);
    if (files.length > MAX_FILES) throw tooLarge(`The artifact holds more than ${MAX_FILES} files.`);
    // A file that comes twice is overwritten when the container unpacks the archive: the last one counts.
    const wanted =
      isFile && isCandidate(name) && (kept.size === 0 || kept.has(name) || (ensemble && isFold(name)));
    if (!wanted) {
      entry.resume();
      continue;
    }
    kept.delete(name);
    const held = [...kept.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    kept.set(name, await collect(chunksOf(entry), maxModelBytes - held));
  }
  const candidates = files.filter(isCandidate);
  const models = [...kept].map(([name, bytes]) => ({ name, bytes }));
  if (models.length === 0)
    throw new WarmstartError(
      'xgboost.no-model',
      `The artifact holds no model file: ${files.slice(0, 10).join(', ') || 'it is empty'}.`,
      {
        remedy: 'A model.tar.gz has the model at its top level, usually as "xgboost-model".',
      },
    );
  const folds = models.filter(({ name }) => isFold(name)).sort((a, b) => foldOf(a.name) - foldOf(b.name));
  return { files, candidates, models: ensemble && folds.length > 0 ? folds : models.slice(0, 1) };
}

/** What the container's loader considers: regular files of the model directory itself that do not begin with a dot. */
function isCandidate(name: string): boolean {
  return !name.includes('/') && !name.startsWith('.') && name !== '';
}

const FOLD = /^xgboost-model-(\d{1,4})$/;

function isFold(name: string): boolean {
  return FOLD.test(name);
}

function foldOf(name: string): number {
  return Number(FOLD.exec(name)?.[1]);
}

/** POSIX and GNU archives say "ustar" in their first header. */
function startsAsTar(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar';
}

/** Whether the source itself failed, and with what. */
interface Origin {
  failure?: { error: unknown };
}

async function* watched(source: Readable | Uint8Array, origin: Origin): AsyncGenerator<Uint8Array> {
  try {
    yield* chunksOf(source);
  } catch (error) {
    origin.failure = { error };
    throw error;
  }
}

async function* chunksOf(source: AsyncIterable<unknown> | Uint8Array): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) {
    yield source;
    return;
  }
  for await (const chunk of source) {
    if (chunk instanceof Uint8Array) yield chunk;
    else if (typeof chunk === 'string') yield Buffer.from(chunk);
    else throw malformed('its stream yields something else than bytes');
  }
}

async function* limited(
  source: AsyncIterable<Uint8Array>,
  most: number,
  what: string,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > most) throw tooLarge(`${what} is larger than ${most} bytes.`);
    yield chunk;
  }
}

/** The first `size` bytes (fewer at the end), and everything including them. */
async function peek(
  source: AsyncIterable<Uint8Array>,
  size: number,
): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
  const chunks = source[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < size) {
    const next = await chunks.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    } finally {
      await chunks.return?.();
    }
  }
  return { head, all: all() };
}

async function collect(source: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of limited(source, most, 'The model')) chunks.push(chunk);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** Waits for both ends of a pipe; when both fail, the end that knows why is the one with our own error. */
async function firstFailure<T>(pipe: Promise<unknown>, result: Promise<T>): Promise<T> {
  const [piped, ended] = await Promise.allSettled([pipe, result]);
  if (ended.status === 'fulfilled') {
    if (piped.status === 'rejected') throw piped.reason;
    return ended.value;
  }
  const own = piped.status === 'rejected' && isOwn(piped.reason) && !isOwn(ended.reason);
  throw own ? piped.reason : ended.reason;
}

function isOwn(error: unknown): boolean {
  return error instanceof WarmstartError && error.cause === undefined;
}

function asArtifactError(error: unknown): never {
  if (error instanceof WarmstartError) throw error;
  throw malformed(`its archive is damaged (${messageOf(error)})`, error);
}

function tooLarge(message: string): WarmstartError {
  return new WarmstartError('xgboost.too-large', message, {
    kind: 'refused',
    remedy: 'Raise the limit if the artifact is genuine, or evaluate it with Batch Transform.',
  });
}
