import { finish, overRows, type Steps } from '../steps';
import type { Predictions } from '../xgboost/predict';
import { checkPredictions } from './predictions';
import { draw, randomSource } from './random';
import type { Difference, Kind, Metrics } from './report';
import { type Sufficient, sufficientSteps } from './sufficient';

const mostGroups = 2000;
/** Additions that one comparison may cost: well under a second. */
const budget = 100_000_000;

/**
 * 95 % intervals of candidate − champion, metric by metric, by the paired percentile bootstrap (Efron):
 * rows are drawn with replacement, both models are measured on the same draw, and the interval holds the
 * middle 95 % of the differences.
 *
 * Beyond 2 000 rows, rows are first dealt at random into 2 000 equal groups, and groups are drawn instead.
 * A group mean varies √size less than a row, so the spread of the total is the same; what is lost is
 * precision of that spread, ±1.6 % of its value with 2 000 groups. Hence a million rows cost no more than 2 000.
 *
 * Metrics that are not functions of sums over rows (`median_ae`, `aucpr`), or are unknown, have no interval.
 * The same seed gives the same interval.
 */
export function differences(...request: Parameters<typeof differenceSteps>): Difference[] {
  return finish(differenceSteps(...request));
}

/** {@link differences} in steps: some rows, or one resample. */
export function* differenceSteps(
  kind: Kind,
  labels: Float32Array,
  candidate: { predictions: Predictions; metrics: Metrics },
  champion: { predictions: Predictions; metrics: Metrics },
  { seed, resamples = 1000 }: { seed: number; resamples?: number },
): Steps<Difference[]> {
  const subjects: Sufficient[] = [];
  for (const { predictions } of [candidate, champion]) {
    checkPredictions(kind, labels, predictions);
    yield;
    subjects.push(yield* sufficientSteps(kind, labels, predictions));
    yield;
  }
  const rows = labels.length;
  const width = subjects.reduce((sum, s) => sum + s.width, 0);
  const groups = Math.min(rows, mostGroups, Math.max(200, Math.floor(budget / (resamples * width))));
  const next = randomSource(seed);
  const groupOf = yield* deal(rows, groups, next);
  const sums: Float64Array[] = [];
  for (const subject of subjects) sums.push(yield* groupSums(subject, rows, groupOf, groups));
  const draws: { candidate: Metrics; champion: Metrics }[] = [];
  for (let i = 0; i < resamples; i++) {
    yield;
    const times = drawGroups(groups, next);
    const [a, b] = subjects.map((s, k) => s.metrics(weightedSum(sums[k]!, s.width, times)));
    draws.push({ candidate: a!, champion: b! });
  }
  return Object.keys(candidate.metrics).flatMap((metric) => {
    const estimate = candidate.metrics[metric]! - (champion.metrics[metric] ?? Number.NaN);
    const spread = draws.map((d) => (d.candidate[metric] ?? Number.NaN) - (d.champion[metric] ?? Number.NaN));
    const sorted = Float64Array.from(spread.filter((d) => Number.isFinite(d))).sort();
    // A few draws of a small test set may lack a class; when many do, an interval would mislead.
    if (!Number.isFinite(estimate) || sorted.length < 0.95 * resamples) return [];
    return [{ metric, estimate, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975), resamples }];
  });
}

/** Deals rows into groups of equal size (± 1) at random, so that the order of the test set does not matter. */
function* deal(rows: number, groups: number, next: () => number): Steps<Uint32Array> {
  const groupOf = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) groupOf[i] = i % groups;
  if (groups === rows) return groupOf;
  yield* overRows(rows - 1, (from, until) => {
    for (let i = rows - 1 - from; i > rows - 1 - until; i--) {
      const j = draw(next, i + 1);
      const kept = groupOf[i]!;
      groupOf[i] = groupOf[j]!;
      groupOf[j] = kept;
    }
  });
  return groupOf;
}

function* groupSums(
  statistics: Sufficient,
  rows: number,
  groupOf: Uint32Array,
  groups: number,
): Steps<Float64Array> {
  const sums = new Float64Array(groups * statistics.width);
  yield* overRows(rows, (from, until) => {
    for (let row = from; row < until; row++) statistics.add(row, sums, groupOf[row]! * statistics.width);
  });
  return sums;
}

/** How often each group is drawn in one resample. */
function drawGroups(groups: number, next: () => number): Uint16Array {
  const times = new Uint16Array(groups);
  for (let i = 0; i < groups; i++) times[draw(next, groups)]!++;
  return times;
}

function weightedSum(sums: Float64Array, width: number, times: Uint16Array): Float64Array {
  const total = new Float64Array(width);
  for (let group = 0; group < times.length; group++) {
    const weight = times[group]!;
    if (weight === 0) continue;
    for (let k = 0, at = group * width; k < width; k++, at++) total[k]! += weight * sums[at]!;
  }
  return total;
}

/** The quantile of sorted values, interpolated between neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}
