import type { Steps } from '../steps';
import type { Predictions } from '../xgboost/predict';
import { ratio, rowLogLoss, threshold } from './binary';
import { classAverages, classCount, predictedClasses } from './multiclass';
import { auc, placementSteps, rankSteps } from './ranking';
import type { Kind, Metrics } from './report';

/**
 * Sufficient statistics: `width` numbers per row whose sums over any set of rows give the metrics of that
 * set. They make resampling cheap: sums are added up instead of rows being scored again.
 */
export interface Sufficient {
  width: number;
  /** Adds the row's numbers to `sums[at … at + width)`. */
  add(row: number, sums: Float64Array, at: number): void;
  metrics(sums: Float64Array): Metrics;
}

/**
 * `median_ae` and `aucpr` are not functions of such sums and are left out. `auc` is: by DeLong's structural
 * components it is the mean placement of the positives plus that of the negatives, to first order.
 */
export function* sufficientSteps(
  kind: Kind,
  labels: Float32Array,
  predictions: Predictions,
): Steps<Sufficient> {
  if (kind === 'regression') return regression(labels, predictions.values);
  if (kind === 'binary') return yield* binary(labels, predictions.values);
  return multiclass(labels, predictions);
}

function regression(labels: Float32Array, predictions: Float32Array): Sufficient {
  // Errors and labels are centred, so that differences of squares do not cancel.
  const centre = mean(labels);
  const centreError = centre - mean(predictions);
  return {
    width: 9,
    add(row, sums, at) {
      const label = labels[row]!;
      const error = label - predictions[row]!;
      sums[at]! += 1;
      sums[at + 1]! += Math.abs(error);
      sums[at + 2]! += error * error;
      sums[at + 3]! += error - centreError;
      sums[at + 4]! += (error - centreError) ** 2;
      sums[at + 5]! += label - centre;
      sums[at + 6]! += (label - centre) ** 2;
      if (label === 0) return;
      sums[at + 7]! += 1;
      sums[at + 8]! += Math.abs(error / label);
    },
    metrics(sums) {
      const rows = sums[0]!;
      const mse = sums[2]! / rows;
      const spread = sums[6]! - sums[5]! ** 2 / rows;
      return {
        mae: sums[1]! / rows,
        rmse: Math.sqrt(mse),
        stdev_error: Math.sqrt(Math.max(0, sums[4]! / rows - (sums[3]! / rows) ** 2)),
        r2: spread > 0 ? 1 - sums[2]! / spread : Number.NaN,
        mape: sums[8]! / sums[7]!,
        bias: -(centreError + sums[3]! / rows),
        mse,
      };
    },
  };
}

function* binary(labels: Float32Array, probabilities: Float32Array): Steps<Sufficient> {
  const ranking = yield* rankSteps(labels, probabilities);
  yield;
  const placement = ranking && (yield* placementSteps(ranking, labels));
  const area = ranking ? auc(ranking) : Number.NaN;
  return {
    width: 8,
    add(row, sums, at) {
      const positive = labels[row] === 1;
      const probability = probabilities[row]!;
      const called = probability > threshold;
      sums[at + (positive ? 0 : 1)]! += 1;
      if (called) sums[at + (positive ? 2 : 3)]! += 1;
      sums[at + (positive ? 4 : 5)]! += placement?.[row] ?? Number.NaN;
      sums[at + 6]! += rowLogLoss(positive ? probability : 1 - probability);
      sums[at + 7]! += (probability - labels[row]!) ** 2;
    },
    metrics(sums) {
      const [positives, negatives, hits, falseAlarms] = [sums[0]!, sums[1]!, sums[2]!, sums[3]!];
      const rows = positives + negatives;
      return {
        auc: sums[4]! / positives + sums[5]! / negatives - area,
        logloss: sums[6]! / rows,
        accuracy: (hits + negatives - falseAlarms) / rows,
        precision: ratio(hits, hits + falseAlarms),
        recall: ratio(hits, positives),
        f1: ratio(2 * hits, hits + falseAlarms + positives),
        brier: sums[7]! / rows,
      };
    },
  };
}

function multiclass(labels: Float32Array, predictions: Predictions): Sufficient {
  const classes = classCount(labels, predictions);
  const predicted = predictedClasses(predictions);
  const { outputs, values } = predictions;
  return {
    width: 2 + 3 * classes,
    add(row, sums, at) {
      const label = labels[row]!;
      const guess = predicted[row]!;
      sums[at]! += 1;
      sums[at + 1]! += outputs === 1 ? Number.NaN : rowLogLoss(values[row * outputs + label]!);
      if (guess === label) sums[at + 2 + label]! += 1;
      sums[at + 2 + classes + label]! += 1;
      if (guess >= 0) sums[at + 2 + 2 * classes + guess]! += 1;
    },
    metrics(sums) {
      const per = (group: number) => sums.subarray(2 + group * classes, 2 + (group + 1) * classes);
      return { ...classAverages(per(0), per(1), per(2), sums[0]!), mlogloss: sums[1]! / sums[0]! };
    },
  };
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
