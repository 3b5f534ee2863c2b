import type { BinnedMatrix } from './bins';
import { type Bounds, childrenGain, type Regularisation } from './gain';

/** Sums of gradients and Hessians of a node's rows. */
export interface Stats {
  g: number;
  h: number;
}

export interface Split {
  feature: number;
  threshold: number;
  /** Rows in this bin (numbered over all features) and below go left. */
  bin: number;
  defaultLeft: boolean;
  /** Loss reduction (float32). */
  gain: number;
  left: Stats;
  right: Stats;
}

/** Adds the rows' gradients to the histogram: the pair (g, h) of bin `b` is at `2b`. */
export function fillHistogram(
  histogram: Float64Array,
  matrix: BinnedMatrix,
  rows: Int32Array,
  gradients: Float32Array,
  hessians: Float32Array,
): void {
  const { bins, columns } = matrix;
  histogram.fill(0);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const g = gradients[row]!;
    const h = hessians[row]!;
    const start = row * columns;
    for (let at = start; at < start + columns; at++) {
      const pair = bins[at]! << 1;
      histogram[pair]! += g;
      histogram[pair + 1]! += h;
    }
  }
}

/** `whole − part` in place of `whole`: the sibling's histogram without another pass over the rows. */
export function subtractHistogram(whole: Float64Array, part: Float64Array): void {
  for (let i = 0; i < whole.length; i++) whole[i]! -= part[i]!;
}

export interface SplitSearch {
  matrix: BinnedMatrix;
  histogram: Float64Array;
  total: Stats;
  bounds: Bounds;
  /** The node's own gain. */
  gain: number;
  /** The features to look at, ascending. */
  features: number[];
  regularisation: Regularisation;
}

/**
 * The best split of a node, or `undefined` when none is allowed. Missing values try both directions.
 * Equal gains go to the lower feature and, within it, to the first found, as in XGBoost.
 */
export function findSplit(search: SplitSearch): Split | undefined {
  let best: Split | undefined;
  for (const feature of search.features) {
    const found = scanFeature(search, feature);
    if (found && found.gain > (best?.gain ?? 0)) best = found;
  }
  return best;
}

function scanFeature(search: SplitSearch, feature: number): Split | undefined {
  const { matrix, histogram } = search;
  const missing = matrix.offsets[feature + 1]! - 1;
  const hasMissing = histogram[2 * missing] !== 0 || histogram[2 * missing + 1] !== 0;
  const missingRight = scan(search, feature, false);
  if (!hasMissing) return missingRight;
  const missingLeft = scan(search, feature, true);
  if (!missingLeft || (missingRight && missingRight.gain >= missingLeft.gain)) return missingRight;
  return missingLeft;
}

/** Missing right: sums grow from the lowest bin; missing left: from the highest, the rest goes left. */
function scan(search: SplitSearch, feature: number, missingLeft: boolean): Split | undefined {
  const { matrix, histogram, regularisation: by, bounds } = search;
  const { g: totalG, h: totalH } = search.total;
  const parentGain = search.gain;
  const first = matrix.offsets[feature]!;
  const last = matrix.offsets[feature + 1]! - 2;
  const plain = by.alpha === 0 && by.maxDeltaStep === 0 && by.monotone === undefined;
  const { lambda, minChildWeight } = by;
  const step = missingLeft ? -1 : 1;
  const near = { g: 0, h: 0 };
  const far = { g: 0, h: 0 };
  let g = 0;
  let h = 0;
  let bestGain = 0;
  let bestBin = -1;
  let bestG = 0;
  let bestH = 0;
  for (let bin = missingLeft ? last : first; bin >= first && bin <= last; bin += step) {
    const binG = histogram[2 * bin]!;
    const binH = histogram[2 * bin + 1]!;
    // An empty bin repeats the split before it.
    if (binG === 0 && binH === 0) continue;
    g += binG;
    h += binH;
    if (h < minChildWeight) continue;
    const restG = totalG - g;
    const restH = totalH - h;
    if (restH < minChildWeight) break;
    let gain: number;
    if (plain) {
      const nearGain = h > 0 ? Math.fround((g * g) / (h + lambda)) : 0;
      const farGain = restH > 0 ? Math.fround((restG * restG) / (restH + lambda)) : 0;
      gain = Math.fround(Math.fround(nearGain + farGain) - parentGain);
    } else {
      near.g = g;
      near.h = h;
      far.g = restG;
      far.h = restH;
      const both = missingLeft
        ? childrenGain(feature, far, near, by, bounds)
        : childrenGain(feature, near, far, by, bounds);
      gain = Math.fround(both - parentGain);
    }
    if (gain > bestGain && gain < Number.POSITIVE_INFINITY) {
      bestGain = gain;
      bestBin = bin;
      bestG = g;
      bestH = h;
    }
  }
  if (bestBin < 0) return undefined;
  const own = { g: bestG, h: bestH };
  const rest = { g: totalG - bestG, h: totalH - bestH };
  const splitBin = missingLeft ? bestBin - 1 : bestBin;
  return {
    feature,
    bin: splitBin,
    threshold: splitBin < first ? matrix.minimum[feature]! : matrix.cuts[splitBin]!,
    defaultLeft: missingLeft,
    gain: bestGain,
    left: missingLeft ? rest : own,
    right: missingLeft ? own : rest,
  };
}
