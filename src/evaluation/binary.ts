import { overRows, type Steps } from '../steps';
import { auc, averagePrecision, rankSteps, rocCurve } from './ranking';
import type { Metrics, Scorecard } from './report';
import { Sum } from './sum';

/** A class is predicted when its probability exceeds this, as in XGBoost's `error`. */
export const threshold = 0.5;
/** XGBoost clips probabilities here before taking the logarithm (`src/metric/elementwise_metric.cu`). */
export const smallestProbability = 1e-16;

/** The log-loss of one row, given the probability of its true class. */
export function rowLogLoss(probabilityOfTruth: number): number {
  return -Math.log(Math.max(probabilityOfTruth, smallestProbability));
}

/**
 * Everything about a binary classifier in two passes: one over the rows and one over the sorted scores.
 * `labels` are 0 or 1 and `probabilities` those of class 1. A ratio with nothing below the line is 0, as
 * in scikit-learn; `auc` and `aucpr` are NaN when a class they need is absent.
 */
export function* binarySteps(labels: Float32Array, probabilities: Float32Array): Steps<Scorecard> {
  const rows = labels.length;
  const counts = [
    [0, 0],
    [0, 0],
  ];
  const loss = new Sum();
  const brier = new Sum();
  let unknown = false;
  const calibration = new Calibration();
  yield* overRows(rows, (from, until) => {
    for (let i = from; i < until; i++) {
      const label = labels[i]!;
      const probability = probabilities[i]!;
      unknown ||= Number.isNaN(probability);
      counts[label]![probability > threshold ? 1 : 0]!++;
      loss.add(rowLogLoss(label === 1 ? probability : 1 - probability));
      brier.add((probability - label) ** 2);
      calibration.add(label, probability);
    }
  });
  const ranking = unknown ? null : yield* rankSteps(labels, probabilities);
  const metrics: Metrics = {
    auc: ranking ? auc(ranking) : Number.NaN,
    logloss: loss.value / rows,
    ...thresholdMetrics(counts, unknown),
    aucpr: ranking ? averagePrecision(ranking) : Number.NaN,
    brier: brier.value / rows,
  };
  const roc = ranking ? rocCurve(ranking) : undefined;
  return {
    metrics,
    confusion: { labels: ['0', '1'], counts },
    calibration: calibration.bins(),
    ...(roc && { roc }),
  };
}

function thresholdMetrics(counts: number[][], unknown: boolean): Metrics {
  const [[trueNegatives, falsePositives], [falseNegatives, truePositives]] = counts as [
    [number, number],
    [number, number],
  ];
  const rows = trueNegatives + falsePositives + falseNegatives + truePositives;
  const metrics = {
    accuracy: (truePositives + trueNegatives) / rows,
    precision: ratio(truePositives, truePositives + falsePositives),
    recall: ratio(truePositives, truePositives + falseNegatives),
    f1: ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
  };
  if (!unknown) return metrics;
  return Object.fromEntries(Object.keys(metrics).map((name) => [name, Number.NaN]));
}

/** a / b, and 0 when b is 0. */
export function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

/** Ten equal bins of probability; a row on an edge belongs to the bin above, 1 to the last. */
class Calibration {
  #rows = new Float64Array(10);
  #probability = Array.from({ length: 10 }, () => new Sum());
  #positives = new Float64Array(10);

  add(label: number, probability: number): void {
    const bin = Math.min(9, Math.max(0, Math.floor(probability * 10)));
    if (Number.isNaN(bin)) return;
    this.#rows[bin]!++;
    this.#probability[bin]!.add(probability);
    this.#positives[bin]! += label;
  }

  bins(): NonNullable<Scorecard['calibration']> {
    return this.#probability.map((sum, i) => ({
      from: i / 10,
      to: (i + 1) / 10,
      rows: this.#rows[i]!,
      meanProbability: sum.value / this.#rows[i]!,
      rate: this.#positives[i]! / this.#rows[i]!,
    }));
  }
}
