import { overRows, type Steps } from '../steps';

const digitBits = 11;
const buckets = 1 << digitBits;

/**
 * The row numbers in ascending order of their value, equal values in ascending order of row.
 * A radix sort over the bits of the floats: linear, and ten times faster than sorting row numbers with a
 * comparator. −0 counts as 0; values must not be NaN.
 */
export function* argsortSteps(values: Float32Array): Steps<Uint32Array> {
  const keys = sortableBits(values);
  let order = new Uint32Array(values.length).map((_, row) => row);
  let spare = new Uint32Array(values.length);
  for (let shift = 0; shift < 32; shift += digitBits) {
    yield;
    const starts = bucketStarts(keys, shift);
    yield* overRows(order.length, (from, until) => {
      for (let i = from; i < until; i++) {
        const row = order[i]!;
        spare[starts[(keys[row]! >>> shift) & (buckets - 1)]!++] = row;
      }
    });
    [order, spare] = [spare, order];
  }
  return order;
}

/** IEEE 754 bits rearranged so that unsigned order is the order of the numbers. */
function sortableBits(values: Float32Array): Uint32Array {
  const bits = new Uint32Array(values.slice().buffer);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i] === 0x8000_0000 ? 0 : bits[i]!;
    bits[i] = word & 0x8000_0000 ? ~word : word | 0x8000_0000;
  }
  return bits;
}

function bucketStarts(keys: Uint32Array, shift: number): Uint32Array {
  const starts = new Uint32Array(buckets + 1);
  for (let i = 0; i < keys.length; i++) starts[((keys[i]! >>> shift) & (buckets - 1)) + 1]!++;
  for (let bucket = 1; bucket < buckets; bucket++) starts[bucket]! += starts[bucket - 1]!;
  return starts;
}
