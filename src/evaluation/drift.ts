import type { ColumnProfile, Dataset } from '../warehouse/dataset';
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
  const byValue = champion.values && candidate.values;
  const [now, then] = byValue
    ? sharesByValue(candidate.values ?? [], champion.values ?? [])
    : [sharesBetween(candidate, decileEdges(champion)), sharesBetween(champion, decileEdges(champion))];
  const missingNow = candidate.missing / candidate.rows;
  const missingThen = champion.missing / champion.rows;
  let psi = term(missingNow, missingThen);
  for (let i = 0; i < then.length; i++) {
    psi += term(now[i]! * (1 - missingNow), then[i]! * (1 - missingThen));
  }
  return psi;
}

function term(now: number, then: number): number {
  const a = Math.max(now, smallestShare);
  const b = Math.max(then, smallestShare);
  return (a - b) * Math.log(a / b);
}

type Counts = [value: number, count: number][];

/** One bin per value of the champion and a last one for the values that it never had. */
function sharesByValue(now: Counts, then: Counts): [number[], number[]] {
  const counts = new Map(now);
  const known = then.map(([value]) => counts.get(value) ?? 0);
  const total = sum(now.map(([, count]) => count));
  const totalThen = sum(then.map(([, count]) => count));
  const unseen = total - sum(known);
  return [
    [...known, unseen].map((count) => (total > 0 ? count / total : 0)),
    [...then.map(([, count]) => count / totalThen), 0],
  ];
}

/** The champion's tenths; fewer when one value fills several of them. */
function decileEdges(champion: ColumnProfile): number[] {
  const edges: number[] = [];
  for (let tenth = 1; tenth < 10; tenth++) {
    const edge = champion.percentiles?.[tenth * 10] ?? valueAt(champion.values ?? [], tenth / 10);
    if (edge !== undefined && Number.isFinite(edge) && edge !== edges.at(-1)) edges.push(edge);
  }
  return edges;
}

/** The smallest value that at least `share` of the rows do not exceed. */
function valueAt(counts: Counts, share: number): number | undefined {
  const rank = share * sum(counts.map(([, count]) => count));
  let seen = 0;
  for (const [value, count] of counts) {
    seen += count;
    if (seen >= rank) return value;
  }
  return undefined;
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
