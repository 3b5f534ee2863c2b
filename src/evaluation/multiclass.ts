import { WarmstartError } from '../errors';
import { overRows, type Steps } from '../steps';
import type { Predictions } from '../xgboost/predict';
import { ratio, rowLogLoss } from './binary';
import type { Metrics, Scorecard } from './report';
import { Sum } from './sum';

/** A matrix with more classes than this is no longer read by anyone, and no longer small. */
const mostClassesShown = 50;
const mostClasses = 1000;

/**
 * Everything about a multiclass classifier. `labels` are class numbers from 0; predictions hold either one
 * probability per class, or the class number alone (`multi:softmax`; then there is no `mlogloss`).
 * Averages run over the classes that occur, in labels or predictions, as in scikit-learn.
 */
export function* multiclassSteps(labels: Float32Array, predictions: Predictions): Steps<Scorecard> {
  const predicted = predictedClasses(predictions);
  yield;
  const classes = classCount(labels, predictions);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  let unknown = false;
  yield* overRows(labels.length, (from, until) => {
    for (let i = from; i < until; i++) {
      const row = counts[labels[i]!]!;
      const guess = predicted[i]!;
      if (row[guess] === undefined) unknown = true;
      else row[guess]!++;
    }
  });
  const metrics = unknown
    ? { accuracy: Number.NaN, mlogloss: Number.NaN, macro_f1: Number.NaN, weighted_f1: Number.NaN }
    : { ...averages(counts, labels.length), ...(yield* logLoss(labels, predictions)) };
  const names = counts.map((_, i) => String(i));
  return { metrics, ...(classes <= mostClassesShown && { confusion: { labels: names, counts } }) };
}

/** The most probable class of each row, the lowest of several; NaN in any output gives −1. */
export function predictedClasses({ rows, outputs, values }: Predictions): Int32Array {
  const classes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    if (outputs === 1) {
      const value = values[i]!;
      classes[i] = Number.isInteger(value) ? value : -1;
      continue;
    }
    let best = 0;
    for (let k = 0; k < outputs; k++) {
      const value = values[i * outputs + k]!;
      if (Number.isNaN(value)) {
        best = -1;
        break;
      }
      if (value > values[i * outputs + best]!) best = k;
    }
    classes[i] = best;
  }
  return classes;
}

/**
 * How many classes there are: one per output, or as many as labels and predicted numbers need.
 * @throws WarmstartError `evaluation.labels` when they are more than any classifier has
 */
export function classCount(labels: Float32Array, { outputs, values }: Predictions): number {
  if (outputs > 1) return outputs;
  let highest = 1;
  for (const label of labels) if (label > highest) highest = label;
  for (const value of values) if (value > highest) highest = value;
  if (highest < mostClasses) return Math.floor(highest) + 1;
  throw new WarmstartError(
    'evaluation.labels',
    `Class ${highest} is beyond the ${mostClasses} that are supported.`,
    {
      remedy: 'Number the classes from 0 without gaps in the query.',
    },
  );
}

function averages(counts: number[][], rows: number): Metrics {
  const hits = counts.map((row, k) => row[k]!);
  const actual = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const predicted = counts.map((_, k) => counts.reduce((sum, row) => sum + row[k]!, 0));
  return classAverages(hits, actual, predicted, rows);
}

/** Accuracy and the averages of precision, recall and f1, from the counts per class. */
export function classAverages(
  hits: ArrayLike<number>,
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  rows: number,
): Metrics {
  let [correct, present] = [0, 0];
  const macro = [0, 0, 0];
  const weighted = [0, 0, 0];
  for (let k = 0; k < hits.length; k++) {
    correct += hits[k]!;
    if (actual[k]! + predicted[k]! === 0) continue;
    present++;
    const precision = ratio(hits[k]!, predicted[k]!);
    const recall = ratio(hits[k]!, actual[k]!);
    const f1 = ratio(2 * hits[k]!, actual[k]! + predicted[k]!);
    [precision, recall, f1].forEach((value, i) => {
      macro[i]! += value;
      weighted[i]! += value * actual[k]!;
    });
  }
  return {
    accuracy: correct / rows,
    macro_precision: macro[0]! / present,
    macro_recall: macro[1]! / present,
    macro_f1: macro[2]! / present,
    weighted_precision: weighted[0]! / rows,
    weighted_recall: weighted[1]! / rows,
    weighted_f1: weighted[2]! / rows,
  };
}

function* logLoss(labels: Float32Array, { outputs, values }: Predictions): Steps<Metrics> {
  if (outputs === 1) return {};
  const loss = new Sum();
  yield* overRows(labels.length, (from, until) => {
    for (let i = from; i < until; i++) loss.add(rowLogLoss(values[i * outputs + labels[i]!]!));
  });
  return { mlogloss: loss.value / labels.length };
}
