import type { Matrix } from '../../xgboost/matrix';
import { CUT_MARGIN, quantileCuts } from './cuts';

/**
 * A matrix whose values were replaced by histogram bins. Bins are numbered over all features:
 * those of feature `f` are `offsets[f]` … `offsets[f + 1] − 1`, and the last of them holds the missing values.
 */
export interface BinnedMatrix {
  rows: number;
  columns: number;
  /** Row-major bin numbers. */
  bins: Uint32Array;
  offsets: Int32Array;
  /** Upper bound (exclusive) of each bin: the threshold of a split right of it. */
  cuts: Float32Array;
  /** For each feature a threshold below all its values. */
  minimum: Float32Array;
}

/** Replaces each value by its bin. Missing (NaN) values keep a bin of their own. */
export function binMatrix(matrix: Matrix, maxBin: number, weights?: Float32Array): BinnedMatrix {
  const { rows, columns, values } = matrix;
  const features = Array.from({ length: columns }, (_, f) => {
    const column = sortedColumn(matrix, f, weights);
    return {
      cuts: quantileCuts(column.values, maxBin, column.weights),
      least: column.values[0] ?? CUT_MARGIN,
    };
  });

  const offsets = new Int32Array(columns + 1);
  for (let f = 0; f < columns; f++) offsets[f + 1] = offsets[f]! + features[f]!.cuts.length + 1;
  const cuts = new Float32Array(offsets[columns]!).fill(Number.NaN);
  const minimum = new Float32Array(columns);
  const bins = new Uint32Array(rows * columns);
  for (let f = 0; f < columns; f++) {
    const { cuts: own, least } = features[f]!;
    cuts.set(own, offsets[f]!);
    minimum[f] = least - Math.fround(Math.abs(least)) - CUT_MARGIN;
    const missing = offsets[f + 1]! - 1;
    for (let row = 0; row < rows; row++) {
      const value = values[row * columns + f]!;
      bins[row * columns + f] = Number.isNaN(value) ? missing : offsets[f]! + firstGreater(own, value);
    }
  }
  return { rows, columns, bins, offsets, cuts, minimum };
}

function sortedColumn(matrix: Matrix, feature: number, weights?: Float32Array) {
  const { rows, columns, values } = matrix;
  const present = new Float32Array(rows);
  const owner: number[] = [];
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const value = values[row * columns + feature]!;
    if (Number.isNaN(value)) continue;
    present[count++] = value;
    if (weights) owner.push(row);
  }
  if (!weights) return { values: present.subarray(0, count).sort() };
  owner.sort((a, b) => values[a * columns + feature]! - values[b * columns + feature]!);
  return {
    values: Float32Array.from(owner, (row) => values[row * columns + feature]!),
    weights: Float64Array.from(owner, (row) => weights[row]!),
  };
}

function firstGreater(cuts: Float32Array, value: number): number {
  let low = 0;
  let high = cuts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
