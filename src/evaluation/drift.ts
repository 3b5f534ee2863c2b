import type { ColumnProfile, Dataset } from '../warehouse/dataset';
import { type Counts, decileEdges, edgeLabels, missingLabel, valueLabels } from './profile-bins';
import type { FeatureDrift } from './report';

/** Stands in for the share of an empty bin, whose logarithm would be infinite. One row in ten thousand. */
const smallestShare = 1e-4;

/**
 * How far the candidate's data has moved from the champion's: the population stability index
 * PSI = Σ (a − b) · ln(a / b) of every column that both have, label included, in the candidate's order.
 *
 * Bins come from the champion: one per value when its exact counts are known, plus one for values it never
 * had; else the ten tenths of its distribution. Missing values are a bin of their own. Shares between two
 * known percentiles are interpolated. Empty bins count as 0.01 %.
 */
export function drift(candidate: Dataset, champion: Dataset): FeatureDrift[] {
  const before = new Map(champion.columns.map((column) => [column.name, column]));
  return candidate.columns.flatMap((column) => {
    const reference = before.get(column.name);
    if (!reference || column.rows === 0 || reference.rows === 0) return [];
    const psi = stabilityIndex(column, reference);
    return [{ feature: column.name, psi, level: levelOf(psi) }];
  });
}

/** The customary reading of the index. */
export function levelOf(psi: number): FeatureDrift['level'] {
  if (psi < 0.1) return 'none';
  return psi < 0.25 ? 'moderate' : 'strong';
}

/** The PSI of two profiles of one column; 0 when they are alike, never negative. */
export function stabilityIndex(candidate: ColumnProfile, champion: ColumnProfile): number {
  return shiftBins(candidate, champion).reduce((psi, bin) => psi + term(bin.candidate, bin.champion), 0);
}

/** One bin of a column in two datasets: the shares of all rows, 0 … 1. */
export interface ShiftBin {
  label: string;
  candidate: number;
  champion: number;
}

/** The very bins that the index is computed from; those that are empty in both are left out, except between edges. */
export function shiftBins(candidate: ColumnProfile, champion: ColumnProfile): ShiftBin[] {
  const bins =
    champion.values && candidate.values
      ? binsByValue(candidate.values, champion.values)
      : binsBetween(candidate, champion);
  const missingNow = candidate.missing / candidate.rows;
  const missingThen = champion.missing / champion.rows;
  const known = bins.map((bin) => ({
    label: bin.label,
    candidate: bin.candidate * (1 - missingNow),
    champion: bin.champion * (1 - missingThen),
  }));
  if (missingNow + missingThen === 0) return known;
  return [...known, { label: missingLabel, candidate: missingNow, champion: missingThen }];
}

function term(now: number, then: number): number {
  const a = Math.max(now, smallestShare);
  const b = Math.max(then, smallestShare);
  return (a - b) * Math.log(a / b);
}

/** One bin per value of the champion and, where there are any, a last one for the values that it never had. */
function binsByValue(now: Counts, then: Counts): ShiftBin[] {
  const counts = new Map(now);
  const total = sum(now.map(([, count]) => count));
  const totalThen = sum(then.map(([, count]) => count));
  const labels = valueLabels(then.map(([value]) => value));
  const share = (count: number, of: number) => (of > 0 ? count / of : 0);
  const bins = then.map(([value, count], i) => ({
    label: labels[i]!,
    candidate: share(counts.get(value) ?? 0, total),
    champion: share(count, totalThen),
  }));
  const unseen = total - sum(then.map(([value]) => counts.get(value) ?? 0));
  if (unseen <= 0) return bins;
  return [...bins, { label: 'new values', candidate: share(unseen, total), champion: 0 }];
}

/** The tenths of the champion. */
function binsBetween(candidate: ColumnProfile, champion: ColumnProfile): ShiftBin[] {
  const edges = decileEdges(champion);
  const [now, then] = [sharesBetween(candidate, edges), sharesBetween(champion, edges)];
  return edgeLabels(edges).map((label, i) => ({ label, candidate: now[i]!, champion: then[i]! }));
}

/** Shares of ( −∞, e₁ ], ( e₁, e₂ ] … ( eₙ, ∞ ) among the values that are not missing; all 0 when all are missing. */
function sharesBetween(column: ColumnProfile, edges: number[]): number[] {
  if (column.missing >= column.rows) return new Array<number>(edges.length + 1).fill(0);
  const below = [...edges.map((edge) => shareUpTo(column, edge)), 1];
  return below.map((share, i) => share - (below[i - 1] ?? 0));
}

/** The share of values ≤ x. */
function shareUpTo({ values, percentiles }: ColumnProfile, x: number): number {
  if (values) {
    return sum(values.map(([v, n]) => (v <= x ? n : 0))) / sum(values.map(([, n]) => n));
  }
  if (!percentiles) return 0;
  const last = percentiles.length - 1;
  // Several percentiles on one value are a point mass; the last of them is the share up to and with it.
  const at = percentiles.findLastIndex((p) => p <= x);
  if (at < 0) return 0;
  if (at === last) return 1;
  const within = (x - percentiles[at]!) / (percentiles[at + 1]! - percentiles[at]!);
  return (at + within) / last;
}

function sum(numbers: number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
