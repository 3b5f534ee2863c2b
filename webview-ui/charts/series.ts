import type { Column, KnownScorecard, ModelComparison } from '../../src/comparison/comparison';
import { roleName, versionName } from '../columns';

/** How one column is drawn in every chart: by dash and shape as well as by colour. */
export interface Series {
  arn: string;
  label: string;
  scorecard: KnownScorecard | null;
  /** What it was measured on. */
  test: Column['test'];
  /** A custom property of our style sheet. */
  colour: string;
  dash: string;
  symbol: Shape;
}

export type Shape = 'square' | 'circle' | 'triangle' | 'diamond' | 'star' | 'wye';

const looks: [string, Shape][] = [
  ['none', 'circle'],
  ['9 3', 'triangle'],
  ['2 2', 'diamond'],
  ['9 3 2 3', 'star'],
  ['5 2', 'wye'],
];

/** One for each column, the baseline's always the same. */
export function seriesOf({ columns, environment }: ModelComparison): Series[] {
  let candidates = 0;
  return columns.map((column) => {
    const { arn, scorecard, test } = column;
    const label = labelOf(column, environment);
    if (column.role === 'baseline') {
      return { arn, label, scorecard, test, colour: 'var(--series-0)', dash: '4 3', symbol: 'square' };
    }
    const place = candidates++ % looks.length;
    const [dash, symbol] = looks[place]!;
    return { arn, label, scorecard, test, colour: `var(--series-${place + 1})`, dash, symbol };
  });
}

function labelOf(column: Column, environment: string | null): string {
  if (column.role === 'candidate') return versionName(column);
  return `${versionName(column)} (${roleName(column, environment)})`;
}

/** The series that have what a chart draws, with it. */
export function having<K extends keyof KnownScorecard>(
  series: Series[],
  part: K,
): { series: Series; part: NonNullable<KnownScorecard[K]> }[] {
  return series.flatMap((one) => {
    const found = one.scorecard?.[part];
    return found === null || found === undefined ? [] : [{ series: one, part: found }];
  });
}
