import { readBinary, startsWithMagic } from './binary';
import type { Booster } from './booster';
import { boosterOf } from './document';
import { parseJson } from './json';
import { malformed } from './refusal';
import { parseUbjson } from './ubjson';

const [BRACE, QUOTE] = [0x7b, 0x22];
const WHITESPACE = [0x20, 0x09, 0x0a, 0x0d];
/** The header that a binary model without `binf` begins with. */
const LEAST_BINARY = 136;
const CONFIG_OFFSET = 'CONFIG-offset:';

/** Every format but a pickle: a bare file, or what a pickle's handle holds. Told apart as XGBoost's own `load_model` does. */
export function readRaw(bytes: Uint8Array): Booster {
  if (bytes[0] === BRACE) {
    let next = 1;
    while (WHITESPACE.includes(bytes[next] ?? 0)) next++;
    return bytes[next] === QUOTE
      ? boosterOf(parseJson(bytes), 'json')
      : boosterOf(parseUbjson(bytes), 'ubjson');
  }
  if (startsWithText(bytes, CONFIG_OFFSET)) return readBinary(beforeConfiguration(bytes));
  if (startsWithMagic(bytes) || bytes.length >= LEAST_BINARY) return readBinary(bytes);
  throw malformed('it is no model in any of XGBoost’s formats');
}

function startsWithText(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;
}

/** 1.0 … 1.3 wrapped the binary model for pickling: the mark, the model's length (int64, little-endian), model, configuration. */
function beforeConfiguration(bytes: Uint8Array): Uint8Array {
  const start = CONFIG_OFFSET.length + 8;
  if (bytes.length < start) throw malformed('it ends within its header');
  const length = Number(Buffer.from(bytes.subarray(start - 8, start)).readBigInt64LE());
  if (!(length >= 0 && length <= bytes.length - start))
    throw malformed(`its configuration is said to start at ${length}`);
  return bytes.subarray(start, start + length);
}
