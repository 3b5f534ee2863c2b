import { Cursor } from './cursor';
import type { Dictionary, Value } from './document';
import { malformed } from './refusal';

const MAX_DEPTH = 64;
/** A container costs far more memory than its bytes; real models spend more than this on each, its key included. */
const BYTES_PER_CONTAINER = 24;

/**
 * The subset of Universal Binary JSON that XGBoost writes (`src/common/json.cc`): big-endian, keys and lengths as `L` + int64,
 * arrays plain, counted (`[#L`) or typed (`[$<type>#L`, without a closing bracket). Typed arrays come out as typed arrays.
 * Throws `xgboost.malformed`.
 */
export function parseUbjson(bytes: Uint8Array): Value {
  const cursor = new Cursor(bytes, false);
  let containers = 16 + Math.floor(bytes.length / BYTES_PER_CONTAINER);
  const { u8 } = cursor;

  function value(marker: string, depth: number): Value {
    switch (marker) {
      case '{':
        return object(depth + 1);
      case '[':
        return array(depth + 1);
      case 'S':
        return text();
      case 'C':
        return String.fromCharCode(u8());
      case 'Z':
        return null;
      case 'T':
        return true;
      case 'F':
        return false;
      default:
        return number(marker);
    }
  }

  function number(marker: string): number {
    switch (marker) {
      case 'd':
        return cursor.f32();
      case 'D':
        return cursor.f64();
      case 'i':
        return cursor.i8();
      case 'U':
        return u8();
      case 'I':
        return cursor.i16();
      case 'u':
        return cursor.u16();
      case 'l':
        return cursor.i32();
      case 'm':
        return cursor.u32();
      case 'L':
        return cursor.i64();
      default:
        throw malformed(
          `type ${JSON.stringify(marker)} at byte ${cursor.position - 1} is none of XGBoost's UBJSON`,
        );
    }
  }

  const marker = (): string => String.fromCharCode(u8());

  function expect(expected: string): void {
    const found = marker();
    if (found !== expected)
      throw malformed(
        `${JSON.stringify(expected)} is expected at byte ${cursor.position - 1} and ${JSON.stringify(found)} stands there`,
      );
  }

  function text(): string {
    expect('L');
    return cursor.text(cursor.count(1));
  }

  function enter(depth: number): void {
    if (depth > MAX_DEPTH) throw malformed(`it is nested more than ${MAX_DEPTH} deep`);
    if (containers-- === 0) throw malformed('it consists of empty containers');
  }

  function object(depth: number): Dictionary {
    enter(depth);
    const result: Dictionary = Object.create(null);
    while (cursor.peek() !== 0x7d) {
      const key = text();
      result[key] = value(marker(), depth);
    }
    u8();
    return result;
  }

  function array(depth: number): Value {
    enter(depth);
    const next = String.fromCharCode(cursor.peek());
    if (next === '$') {
      u8();
      const type = marker();
      expect('#');
      expect('L');
      return typed(type);
    }
    const result: Value[] = [];
    if (next === '#') {
      u8();
      expect('L');
      const count = cursor.count(1);
      for (let i = 0; i < count; i++) result.push(value(marker(), depth));
      return result;
    }
    while (cursor.peek() !== 0x5d) result.push(value(marker(), depth));
    u8();
    return result;
  }

  function typed(type: string): Value {
    const width = WIDTH[type];
    if (width === undefined)
      throw malformed(`an array of type ${JSON.stringify(type)} is none of XGBoost's UBJSON`);
    const count = cursor.count(width);
    const raw = Buffer.from(cursor.take(count * width));
    if (width === 2) raw.swap16();
    if (width === 4) raw.swap32();
    if (width === 8) raw.swap64();
    // Buffer.from may stand anywhere in Node's pool; typed arrays need their own alignment.
    const own = new Uint8Array(raw).buffer;
    switch (type) {
      case 'd':
        return new Float32Array(own);
      case 'D':
        return new Float64Array(own);
      case 'i':
        return new Int8Array(own);
      case 'U':
        return new Uint8Array(own);
      case 'I':
        return new Int16Array(own);
      case 'l':
        return new Int32Array(own);
      default:
        return Float64Array.from(new BigInt64Array(own), Number);
    }
  }

  const result = value(marker(), 0);
  if (cursor.remaining > 0) throw malformed(`${cursor.remaining} bytes follow its end`);
  return result;
}

const WIDTH: Partial<Record<string, number>> = { d: 4, D: 8, i: 1, U: 1, I: 2, l: 4, L: 8 };
