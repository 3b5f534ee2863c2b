import { finish, overRows, type Steps } from '../steps';
import type { Predictions } from '../xgboost/predict';
import { binarySteps } from './binary';
import { binOf, roundEdges } from './bins';
import { multiclassSteps } from './multiclass';
import { checkPredictions } from './predictions';
import { regressionSteps } from './regression';
import type { Kind, Scorecard } from './report';
import { sortSteps } from './sort';
import { Sum } from './sum';

const residualBins = 60;
const gridBins = 40;

/**
 * The scorecards of the candidate and of the champion on the same rows, with the same edges, so that one
 * chart can hold both. Binary predictions are probabilities.
 * @throws WarmstartError `evaluation.…` when labels and predictions do not fit together
 */
export function scorecards(
  ...request: Parameters<typeof scorecardSteps>
): [candidate: Scorecard, champion: Scorecard | null] {
  return finish(scorecardSteps(...request));
}

/** {@link scorecards} in steps. */
export function* scorecardSteps(
  kind: Kind,
  labels: Float32Array,
  [candidate, champion]: [candidate: Predictions, champion?: Predictions | undefined],
): Steps<[candidate: Scorecard, champion: Scorecard | null]> {
  const subjects = champion ? [candidate, champion] : [candidate];
  for (const predictions of subjects) checkPredictions(kind, labels, predictions);
  const [first, second = null] =
    kind === 'regression' ? yield* regressions(labels, subjects) : yield* classifiers(kind, labels, subjects);
  return [first!, second];
}

function* classifiers(kind: Kind, labels: Float32Array, subjects: Predictions[]): Steps<Scorecard[]> {
  const cards: Scorecard[] = [];
  for (const predictions of subjects) {
    yield;
    if (kind === 'multiclass') {
      cards.push(yield* multiclassSteps(labels, predictions));
      continue;
    }
    const card = yield* binarySteps(labels, predictions.values);
    yield;
    cards.push({ ...card, deciles: yield* decileSteps(labels, predictions.values) });
  }
  return cards;
}

function* regressions(labels: Float32Array, subjects: Predictions[]): Steps<Scorecard[]> {
  const residuals: Float32Array[] = [];
  for (const { values } of subjects) {
    residuals.push(labels.map((label, i) => label - values[i]!));
    yield;
  }
  const residualEdges = roundEdges(residuals, residualBins);
  yield;
  const gridEdges = roundEdges([labels, ...subjects.map((s) => s.values)], gridBins);
  const cards: Scorecard[] = [];
  for (const [subject, { values }] of subjects.entries()) {
    yield;
    const measured = yield* regressionSteps(labels, values);
    yield;
    const deciles = yield* decileSteps(labels, values);
    yield;
    const counts = heatMap(labels, values, gridEdges);
    yield;
    cards.push({
      ...measured,
      residuals: { edges: residualEdges, counts: histogram(residuals[subject]!, residualEdges) },
      deciles,
      grid: { predictionEdges: gridEdges, labelEdges: gridEdges, counts },
    });
  }
  return cards;
}

function histogram(values: Float32Array, edges: number[]): number[] {
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) {
    const bin = binOf(value, edges);
    if (bin >= 0) counts[bin]!++;
  }
  return counts;
}

function heatMap(labels: Float32Array, predictions: Float32Array, edges: number[]): number[][] {
  const counts = Array.from({ length: edges.length - 1 }, () => new Array<number>(edges.length - 1).fill(0));
  for (let i = 0; i < labels.length; i++) {
    const actual = binOf(labels[i]!, edges);
    const predicted = binOf(predictions[i]!, edges);
    if (actual >= 0 && predicted >= 0) counts[actual]![predicted]!++;
  }
  return counts;
}

/**
 * Rows by tenths of the prediction, lowest first. Equal predictions stay together, so a model with few
 * distinct predictions has fewer groups. Rows without a prediction (NaN) are left out.
 */
export function* decileSteps(
  labels: Float32Array,
  predictions: Float32Array,
): Steps<NonNullable<Scorecard['deciles']>> {
  const bounds = upperBounds(yield* sortSteps(withoutNaN(predictions)));
  const groups = bounds.map(() => ({
    from: Number.POSITIVE_INFINITY,
    to: Number.NEGATIVE_INFINITY,
    rows: 0,
    label: new Sum(),
    prediction: new Sum(),
    absolute: new Sum(),
    squared: new Sum(),
  }));
  yield* overRows(labels.length, (from, until) => {
    for (let i = from; i < until; i++) {
      const prediction = predictions[i]!;
      const group = groups[bounds.findIndex((bound) => prediction <= bound)];
      if (!group) continue;
      const error = labels[i]! - prediction;
      group.rows++;
      group.from = Math.min(group.from, prediction);
      group.to = Math.max(group.to, prediction);
      group.label.add(labels[i]!);
      group.prediction.add(prediction);
      group.absolute.add(Math.abs(error));
      group.squared.add(error * error);
    }
  });
  return groups.map(({ from, to, rows, label, prediction, absolute, squared }) => ({
    from,
    to,
    rows,
    meanLabel: label.value / rows,
    meanPrediction: prediction.value / rows,
    mae: absolute.value / rows,
    rmse: Math.sqrt(squared.value / rows),
  }));
}

/** A copy. `filter` with its callback would be a step of 100 ms for a million rows. */
function withoutNaN(values: Float32Array): Float32Array {
  const known = new Float32Array(values.length);
  let count = 0;
  for (const value of values) if (!Number.isNaN(value)) known[count++] = value;
  return known.subarray(0, count);
}

function upperBounds(sorted: Float32Array): number[] {
  const bounds: number[] = [];
  for (let tenth = 1; tenth <= 10; tenth++) {
    const bound = sorted[Math.ceil((tenth * sorted.length) / 10) - 1];
    if (bound !== undefined && bound !== bounds.at(-1)) bounds.push(bound);
  }
  return bounds;
}
