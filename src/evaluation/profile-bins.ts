import type { ColumnProfile } from '../warehouse/dataset';
import { show } from './words';

export type Counts = [value: number, count: number][];

/** The last bin of a column that has missing values. */
export const missingLabel = 'missing';

/** The tenths of a column's values, as inner edges; fewer than nine when one value fills several of them. */
export function decileEdges({ values, percentiles }: ColumnProfile): number[] {
  const edges: number[] = [];
  for (let tenth = 1; tenth < 10; tenth++) {
    const edge = percentiles?.[tenth * 10] ?? valueAt(values ?? [], tenth / 10);
    if (edge !== undefined && Number.isFinite(edge) && edge !== edges.at(-1)) edges.push(edge);
  }
  return edges;
}

/** The smallest value that at least `share` of the rows do not exceed. */
function valueAt(counts: Counts, share: number): number | undefined {
  const rank = share * counts.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [value, count] of counts) {
    seen += count;
    if (seen >= rank) return value;
  }
  return undefined;
}

/** Names of the bins ( −∞, e₁ ], ( e₁, e₂ ] … ( eₙ, ∞ ): `≤ 12.5`, `12.5 – 20`, `> 90`. One more than edges. */
export function edgeLabels(edges: readonly number[]): string[] {
  if (edges.length === 0) return ['all values'];
  const texts = valueLabels(edges);
  return [`≤ ${texts[0]}`, ...texts.slice(1).map((text, i) => `${texts[i]} – ${text}`), `> ${texts.at(-1)}`];
}

/** Numbers as short as they can be told apart. */
export function valueLabels(values: readonly number[]): string[] {
  for (let digits = 4; digits <= 17; digits++) {
    const texts = values.map((value) => signed(show(value, digits)));
    if (new Set(texts).size === texts.length) return texts;
  }
  return values.map((value) => signed(String(value)));
}

/** With a minus that stands apart from the dash between two ends. */
function signed(number: string): string {
  return number.replace(/^-/, '−');
}
