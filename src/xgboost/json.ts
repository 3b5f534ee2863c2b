import type { Value } from './document';
import { malformed } from './refusal';

const MAX_DEPTH = 64;
/** V8 holds no longer string than about 512 Mi characters. */
const MAX_BYTES = 0x1fff_ffe8;
/** A container costs more memory than its bytes; real models spend more than this on each, its key included. */
const BYTES_PER_CONTAINER = 12;
/** How a bare `NaN` comes out of `parseJson`. */
export const NOT_A_NUMBER = 'N';

const codesOf = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
const [QUOTE, BACKSLASH, OPEN_BRACKET, OPEN_BRACE, CLOSE_BRACKET, CLOSE_BRACE] = codesOf('"\\[{]}');
const NAN = { word: codesOf('NaN'), by: codesOf(`"${NOT_A_NUMBER}"`) };
const INFINITY = { word: codesOf('Infinity'), by: codesOf('1e999999') };

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
  let depth = 0;
  let containers = 16 + Math.floor(bytes.length / BYTES_PER_CONTAINER);
  for (let i = 0; i < bytes.length; i++) {
    switch (bytes[i]) {
      case QUOTE:
        for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) i++;
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        if (++depth > MAX_DEPTH) throw malformed(`it is nested more than ${MAX_DEPTH} deep`);
        if (containers-- === 0) throw malformed('it consists of empty containers');
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth--;
        break;
      case NAN.word[0]:
      case INFINITY.word[0]: {
        const { word, by } = bytes[i] === NAN.word[0] ? NAN : INFINITY;
        if (!word.every((byte, k) => bytes[i + k] === byte)) throw malformed(`it is not JSON at byte ${i}`);
        if (result === bytes) result = bytes.slice();
        result.set(by, i);
        i += word.length - 1;
      }
    }
  }
  return result;
}
