import type { Value } from './document';
import { malformed } from './refusal';

const MAX_DEPTH = 64;
/** V8 holds no longer string than about 512 Mi characters. */
const MAX_BYTES = 0x1fff_ffe8;
/** A container costs more memory than its bytes; real models spend more than this on each, its key included. */
const BYTES_PER_CONTAINER = 12;
/** How a bare `NaN` comes out of `parseJson`. */
export const NOT_A_NUMBER = 'N';

const codeOf = (character: string): number => character.charCodeAt(0);
const QUOTE = codeOf('"');
const BACKSLASH = codeOf('\\');
const OPENERS = [codeOf('['), codeOf('{')];
const CLOSERS = [codeOf(']'), codeOf('}')];

/**
 * XGBoost's JSON, in which `NaN`, `Infinity` and `-Infinity` stand bare (`src/common/json.cc`; categorical nodes hold NaN).
 * NaN comes out as `NOT_A_NUMBER`. Throws `xgboost.malformed`.
 */
export function parseJson(bytes: Uint8Array): Value {
  if (bytes.length > MAX_BYTES) throw malformed('it is JSON of more than 512 MiB');
  const text = new TextDecoder().decode(withStandardNumbers(bytes));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed('it is not JSON', error);
  }
}

/** Replaces the three bare words, outside of strings, by legal JSON of the same length. */
function withStandardNumbers(bytes: Uint8Array): Uint8Array {
  let result = bytes;
  const replace = (at: number, word: string, by: string): number => {
    const found = String.fromCharCode(...bytes.subarray(at, at + word.length));
    if (found !== word) throw malformed(`it is not JSON at byte ${at}`);
    if (result === bytes) result = bytes.slice();
    for (let i = 0; i < by.length; i++) result[at + i] = by.charCodeAt(i);
    return at + word.length - 1;
  };
  let depth = 0;
  let containers = 16 + Math.floor(bytes.length / BYTES_PER_CONTAINER);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) {
      for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) i++;
    } else if (OPENERS.includes(byte)) {
      if (++depth > MAX_DEPTH) throw malformed(`it is nested more than ${MAX_DEPTH} deep`);
      if (containers-- === 0) throw malformed('it consists of empty containers');
    } else if (CLOSERS.includes(byte)) depth--;
    else if (byte === codeOf('N')) i = replace(i, 'NaN', `"${NOT_A_NUMBER}"`);
    else if (byte === codeOf('I')) i = replace(i, 'Infinity', '1e999999');
  }
  return result;
}
