import type { Dictionary, Value } from './document';
import { NOT_A_NUMBER } from './json';
import { malformed } from './refusal';

/** Typed access to an untrusted document. Everything here throws `xgboost.malformed` naming the field. */
export function optional(holder: Dictionary, key: string): Value | undefined {
  return Object.hasOwn(holder, key) ? holder[key] : undefined;
}

export function dictionary(value: Value | undefined, name: string): Dictionary {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
    throw malformed(`${name} is not an object`);
  return value;
}

/** A plain list; UBJSON may have stored it as a typed array. */
export function list(value: Value | undefined, name: string): Value[] {
  if (Array.isArray(value)) return value;
  if (isTyped(value)) return Array.from(value);
  throw malformed(`${name} is not a list`);
}

export function text(holder: Dictionary, key: string): string {
  const value = optional(holder, key);
  if (typeof value !== 'string') throw malformed(`${key} is not a text`);
  return value;
}

export function texts(value: Value, name: string): Record<string, string> {
  const entries = Object.entries(dictionary(value, name));
  return Object.fromEntries(
    entries.map(([key, entry]) => [key, typeof entry === 'string' ? entry : JSON.stringify(entry)]),
  );
}

/** A whole number that XGBoost saved as a string (parameters) or as a number, within bounds. */
export function integer(
  holder: Dictionary,
  key: string,
  least: number,
  most: number,
  whenAbsent?: number,
): number {
  const value = optional(holder, key);
  if (value === undefined && whenAbsent !== undefined) return whenAbsent;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < least || number > most)
    throw malformed(`${key} is ${String(value).slice(0, 40)}, not a whole number of ${least} … ${most}`);
  return number;
}

/** A list of `length` whole numbers of 32 bits; true and false count as 1 and 0. */
export function integers(holder: Dictionary, key: string, length?: number): Int32Array {
  const value = optional(holder, key);
  if (value instanceof Int32Array) return ofLength(value, key, length);
  const result = new Int32Array(sizeOf(value, key, length));
  let i = 0;
  for (const element of iterate(value)) {
    const number = Number(element);
    if ((typeof element !== 'number' && typeof element !== 'boolean') || (number | 0) !== number)
      throw malformed(`${key}[${i}] is not a whole number of 32 bits`);
    result[i++] = number;
  }
  return result;
}

/** A list of `length` float32 numbers. */
export function numbers(holder: Dictionary, key: string, length?: number): Float32Array {
  const value = optional(holder, key);
  if (value instanceof Float32Array) return ofLength(value, key, length);
  const result = new Float32Array(sizeOf(value, key, length));
  let i = 0;
  for (const element of iterate(value)) {
    if (typeof element !== 'number' && element !== NOT_A_NUMBER)
      throw malformed(`${key}[${i}] is not a number`);
    result[i++] = Number(element);
  }
  return result;
}

type Typed = Extract<Value, ArrayBufferView>;

function isTyped(value: Value | undefined): value is Typed {
  return ArrayBuffer.isView(value);
}

function iterate(value: Value | undefined): Iterable<Value> {
  return Array.isArray(value) || isTyped(value) ? value : [];
}

function sizeOf(value: Value | undefined, key: string, length?: number): number {
  if (!Array.isArray(value) && !isTyped(value)) throw malformed(`${key} is not a list`);
  return ofLength(value, key, length).length;
}

function ofLength<T extends { length: number }>(value: T, key: string, length?: number): T {
  if (length !== undefined && value.length !== length)
    throw malformed(`${key} has ${value.length} entries instead of ${length}`);
  return value;
}
