import { overRows, type Steps } from '../steps';
import type { Metrics } from './report';
import { sortSteps } from './sort';
import { Sum } from './sum';

/**
 * The metrics of a regression. The error is label − prediction, and
 * - `stdev_error` its population standard deviation (`np.std(label - prediction)`),
 * - `bias` its mean with the sign turned: positive when the model predicts too much,
 * - `mape` a fraction over the rows whose label is not 0 (`mapeRows` of them),
 * - `r2` unknown (NaN) when every label is the same.
 */
export function* regressionSteps(
  labels: Float32Array,
  predictions: Float32Array,
): Steps<{ metrics: Metrics; mapeRows: number }> {
  const rows = labels.length;
  const absolutes = new Float64Array(rows);
  const [labelSum, errorSum, squared, absolute, relative] = sums(5);
  let mapeRows = 0;
  yield* overRows(rows, (from, until) => {
    for (let i = from; i < until; i++) {
      const label = labels[i]!;
      const error = label - predictions[i]!;
      const size = Math.abs(error);
      absolutes[i] = size;
      labelSum!.add(label);
      errorSum!.add(error);
      squared!.add(error * error);
      absolute!.add(size);
      if (label !== 0) {
        relative!.add(size / Math.abs(label));
        mapeRows++;
      }
    }
  });
  const meanLabel = labelSum!.value / rows;
  const meanError = errorSum!.value / rows;
  // Deviations from the mean need a second pass: Σx² − n·mean² cancels when the mean is large.
  const [labelDeviation, errorDeviation] = sums(2);
  yield* overRows(rows, (from, until) => {
    for (let i = from; i < until; i++) {
      const label = labels[i]!;
      labelDeviation!.add((label - meanLabel) ** 2);
      errorDeviation!.add((label - predictions[i]! - meanError) ** 2);
    }
  });
  const mse = squared!.value / rows;
  const spread = labelDeviation!.value;
  return {
    mapeRows,
    metrics: {
      mae: absolute!.value / rows,
      rmse: Math.sqrt(mse),
      stdev_error: Math.sqrt(errorDeviation!.value / rows),
      r2: spread > 0 ? 1 - squared!.value / spread : Number.NaN,
      mape: mapeRows > 0 ? relative!.value / mapeRows : Number.NaN,
      bias: -meanError + 0,
      median_ae: median(yield* sortSteps(absolutes)),
      mse,
    },
  };
}

function sums(count: number): Sum[] {
  return Array.from({ length: count }, () => new Sum());
}

function median(sorted: Float64Array): number {
  const last = sorted.length - 1;
  // NaN sorts to the end.
  if (Number.isNaN(sorted[last])) return Number.NaN;
  return (sorted[last >> 1]! + sorted[(last + 1) >> 1]!) / 2;
}
