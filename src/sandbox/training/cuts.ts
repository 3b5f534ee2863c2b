/**
 * A quantile summary: distinct values ascending, each with the total weight below it and up to it.
 */
interface Summary {
  values: number[];
  below: number[];
  upTo: number[];
}

/** XGBoost's distance from the extreme values to the outermost cuts (`quantile.cc`). */
export const CUT_MARGIN = Math.fround(1e-5);
/** XGBoost sketches this many times finer than it cuts (`WQuantileSketch::kFactor`). */
const FINER = 8;

/**
 * Quantile cuts of one feature: at most `maxBin`, the last one above all values. With few distinct values every
 * one gets its own bin. The values are pruned in the steps of XGBoost's sketch: the cuts are XGBoost's as long as its
 * sketch holds the whole column (some thousand values for 256 bins); beyond that its sketch forgets some, ours none.
 *
 * @param values the feature's present values, ascending
 * @param weights of the values in the same order; absent means equal weights
 */
export function quantileCuts(values: Float32Array, maxBin: number, weights?: Float64Array): Float32Array {
  const bins = Math.max(1, Math.min(maxBin, values.length));
  let summary = summarise(values, weights);
  summary = prune(summary, sketchSize(values.length, bins));
  summary = prune(summary, Math.min(values.length, maxBin * FINER));
  summary = prune(summary, bins + 1);
  const cuts = summary.values.slice(1, bins);
  const last = summary.values.at(-1) ?? CUT_MARGIN;
  return Float32Array.from([...cuts, last + Math.fround(Math.abs(last) + CUT_MARGIN)]);
}

/** How many values XGBoost's sketch of a column remembers (`WQuantileSketch::LimitSizeLevel`). */
function sketchSize(count: number, bins: number): number {
  for (let level = 1; ; level++) {
    const size = Math.min(count, level * bins * FINER + 1);
    if (2 ** level * size >= count) return size;
  }
}

function summarise(values: Float32Array, weights: Float64Array | undefined): Summary {
  const summary: Summary = { values: [], below: [], upTo: [] };
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    if (i === 0 || values[i] !== values[i - 1]) {
      summary.values.push(values[i]!);
      summary.below.push(total);
      summary.upTo.push(total);
    }
    total += weights ? weights[i]! : 1;
    summary.upTo[summary.upTo.length - 1] = total;
  }
  return summary;
}

/** Keeps the extremes and, for evenly spaced ranks between them, the values nearest in rank. */
function prune(summary: Summary, size: number): Summary {
  const { values, below, upTo } = summary;
  if (values.length <= size) return summary;
  const last = values.length - 1;
  const start = upTo[0]!;
  const range = below[last]! - start;
  const kept = [0];
  let at = 1;
  for (let k = 1; k < size - 1; k++) {
    const twiceRank = 2 * ((k * range) / (size - 1) + start);
    while (at < last && twiceRank >= upTo[at + 1]! + below[at + 1]!) at++;
    if (at === last) break;
    const nearer = twiceRank < upTo[at]! + below[at + 1]! ? at : at + 1;
    if (nearer !== kept.at(-1)) kept.push(nearer);
  }
  if (kept.at(-1) !== last) kept.push(last);
  const pick = (from: number[]) => kept.map((i) => from[i]!);
  return { values: pick(values), below: pick(below), upTo: pick(upTo) };
}
