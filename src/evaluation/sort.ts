import type { Steps } from '../steps';

type Floats = Float32Array | Float64Array;

/** Values that are sorted or merged between two turns of the event loop: some milliseconds. */
const valuesAStep = 125_000;

/**
 * The values in ascending order, NaN last, as a typed array sorts them, but in steps: parts for themselves, which are
 * then merged by twos. `values` is used up.
 */
export function* sortSteps<Values extends Floats>(values: Values, part = valuesAStep): Steps<Values> {
  const { length } = values;
  for (let from = 0; from < length; from += part) {
    values.subarray(from, from + part).sort();
    yield;
  }
  let source = values;
  let target = values.slice() as Values;
  for (let width = part; width < length; width *= 2) {
    for (let from = 0; from < length; from += 2 * width) {
      const pair = { left: from, right: from + width, middle: from + width, until: from + 2 * width };
      for (let at = from; at < Math.min(length, from + 2 * width); at += part) {
        merge(source, target, pair, at, Math.min(length, at + part));
        yield;
      }
    }
    [source, target] = [target, source];
  }
  return source;
}

/** Two sorted parts side by side, and how far each is used up. */
interface Pair {
  left: number;
  right: number;
  middle: number;
  until: number;
}

/** Fills `target` from `at` to `end` − 1 with the next values of a pair. */
function merge(source: Floats, target: Floats, pair: Pair, at: number, end: number): void {
  const middle = Math.min(pair.middle, source.length);
  const until = Math.min(pair.until, source.length);
  let { left, right } = pair;
  for (let i = at; i < end; i++) {
    const a = source[left]!;
    const b = source[right]!;
    const takesLeft = left < middle && (right >= until || a <= b || Number.isNaN(b));
    target[i] = takesLeft ? a : b;
    if (takesLeft) left++;
    else right++;
  }
  pair.left = left;
  pair.right = right;
}
