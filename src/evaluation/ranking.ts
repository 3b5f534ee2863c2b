import { overRows, type Steps } from '../steps';
import { argsortSteps } from './argsort';

/** The distinct scores of a binary classifier, highest first, and how many rows of either class have each. */
export interface Ranking {
  positives: Float64Array;
  negatives: Float64Array;
  totalPositives: number;
  totalNegatives: number;
  /** Row → its entry above. */
  entries: Uint32Array;
}

/** Ranks rows by score; rows that tie share one entry. Null when a score is NaN: then there is no order. */
export function* rankSteps(labels: Float32Array, scores: Float32Array): Steps<Ranking | null> {
  const rows = labels.length;
  if (scores.some((score) => Number.isNaN(score))) return null;
  const order = yield* argsortSteps(scores);
  const positives = new Float64Array(rows);
  const negatives = new Float64Array(rows);
  const entries = new Uint32Array(rows);
  let entry = -1;
  let totalPositives = 0;
  let previous = Number.NaN;
  yield* overRows(rows, (from, until) => {
    for (let i = from; i < until; i++) {
      const row = order[rows - 1 - i]!;
      if (scores[row] !== previous) entry++;
      previous = scores[row]!;
      entries[row] = entry;
      if (labels[row] === 1) {
        positives[entry]!++;
        totalPositives++;
      } else negatives[entry]!++;
    }
  });
  return {
    positives: positives.subarray(0, entry + 1),
    negatives: negatives.subarray(0, entry + 1),
    totalPositives,
    totalNegatives: rows - totalPositives,
    entries,
  };
}

/**
 * The area under the ROC curve: the share of (positive, negative) pairs in which the positive has the higher
 * score, ties counted half (Mann–Whitney). NaN when one class is absent.
 */
export function auc(ranking: Ranking): number {
  let above = 0;
  let pairs = 0;
  for (let i = 0; i < ranking.positives.length; i++) {
    pairs += ranking.negatives[i]! * (above + ranking.positives[i]! / 2);
    above += ranking.positives[i]!;
  }
  return pairs / (ranking.totalPositives * ranking.totalNegatives);
}

/** Average precision: precision at each distinct score, weighted by the recall it adds. NaN without positives. */
export function averagePrecision(ranking: Ranking): number {
  let found = 0;
  let taken = 0;
  let sum = 0;
  for (let i = 0; i < ranking.positives.length; i++) {
    found += ranking.positives[i]!;
    taken += ranking.positives[i]! + ranking.negatives[i]!;
    sum += ranking.positives[i]! * (found / taken);
  }
  return sum / ranking.totalPositives;
}

/** The ROC curve at ≤ 101 points: both ends, and the first true point at or after each percent of the path between. */
export function rocCurve(
  ranking: Ranking,
): { falsePositiveRate: number; truePositiveRate: number }[] | undefined {
  const { positives, negatives, totalPositives, totalNegatives } = ranking;
  if (totalPositives === 0 || totalNegatives === 0) return undefined;
  const curve = [{ falsePositiveRate: 0, truePositiveRate: 0 }];
  let found = 0;
  let wrong = 0;
  for (let i = 0; i < positives.length; i++) {
    found += positives[i]!;
    wrong += negatives[i]!;
    // The path from (0,0) to (1,1) has length 2 when steps along both axes are added up.
    const path = found / totalPositives + wrong / totalNegatives;
    const isLast = i === positives.length - 1;
    if (!isLast && path < (2 * curve.length) / 100) continue;
    curve.push({ falsePositiveRate: wrong / totalNegatives, truePositiveRate: found / totalPositives });
  }
  return curve;
}

/**
 * The placement of each row: for a positive the share of negatives that it beats, for a negative the share
 * of positives that beat it, ties counted half. The mean over either class is the AUC (DeLong et al. 1988).
 */
export function* placementSteps(ranking: Ranking, labels: Float32Array): Steps<Float64Array> {
  const { positives, negatives, totalPositives, totalNegatives, entries } = ranking;
  const ofPositive = new Float64Array(positives.length);
  const ofNegative = new Float64Array(positives.length);
  let positivesAbove = 0;
  let negativesAbove = 0;
  for (let i = 0; i < positives.length; i++) {
    ofPositive[i] = (totalNegatives - negativesAbove - negatives[i]! / 2) / totalNegatives;
    ofNegative[i] = (positivesAbove + positives[i]! / 2) / totalPositives;
    positivesAbove += positives[i]!;
    negativesAbove += negatives[i]!;
  }
  const placement = new Float64Array(labels.length);
  yield* overRows(labels.length, (from, until) => {
    for (let row = from; row < until; row++) {
      placement[row] = (labels[row] === 1 ? ofPositive : ofNegative)[entries[row]!]!;
    }
  });
  return placement;
}
