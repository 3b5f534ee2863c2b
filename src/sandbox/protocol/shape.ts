import type { NormalizedSchema } from '@smithy/core/schema';

/** How a protocol writes a moment. */
export type WriteTime = (time: Date) => unknown;

/** Epoch seconds with milliseconds, as the JSON protocols of AWS write times. */
export const epochSeconds: WriteTime = (time) => time.getTime() / 1000;

/**
 * Brings an answer into the form of its schema: members the API does not have and `undefined` are dropped,
 * times (a `Date` or an ISO string) are written with `writeTime`. A text protocol needs bytes in base64 and NaN as a word;
 * with `raw` both stay what they are.
 */
export function shape(
  schema: NormalizedSchema,
  value: unknown,
  writeTime: WriteTime = epochSeconds,
  bytes: 'base64' | 'raw' = 'base64',
): unknown {
  if (value === undefined || value === null) return undefined;
  if (schema.isStructSchema()) {
    const given = value as Record<string, unknown>;
    const shaped: Record<string, unknown> = {};
    for (const [key, member] of schema.structIterator()) {
      const each = shape(member, given[key], writeTime, bytes);
      if (each !== undefined) shaped[key] = each;
    }
    return shaped;
  }
  if (schema.isListSchema()) {
    const member = schema.getValueSchema();
    return (value as unknown[]).map((each) => shape(member, each, writeTime, bytes));
  }
  if (schema.isMapSchema()) {
    const member = schema.getValueSchema();
    return Object.fromEntries(
      Object.entries(value as object).map(([key, each]) => [key, shape(member, each, writeTime, bytes)]),
    );
  }
  if (schema.isTimestampSchema()) return writeTime(value instanceof Date ? value : new Date(String(value)));
  if (value instanceof Uint8Array) return bytes === 'raw' ? value : Buffer.from(value).toString('base64');
  if (typeof value === 'number' && !Number.isFinite(value) && bytes === 'base64') return String(value);
  return value;
}
