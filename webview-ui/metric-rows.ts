import type { MetricCell, MetricRow } from '../src/comparison/comparison';
import type { Placed } from './columns';
import { t } from './l10n';
import type { Sort } from './view';

/** Only those that differ, unless all are wanted; a row where something is missing differs. */
export function visibleRows<T extends { equal: boolean }>(rows: T[], all: boolean): T[] {
  return all ? rows : rows.filter(({ equal }) => !equal);
}

/** How many rows are left out when only differences are shown, as a sentence; null when none are. */
export function hiddenNote(rows: { equal: boolean }[]): string | null {
  const equal = rows.filter((row) => row.equal).length;
  if (equal === 0) return null;
  return equal === 1 ? t('1 row is the same everywhere.') : t('{0} rows are the same everywhere.', equal);
}

/** Rows without what is sorted by come last, whatever the direction; equal ones stay as they came. */
export function sortRows(rows: MetricRow[], sort: Sort | null, placed: Placed[]): MetricRow[] {
  if (!sort) return rows;
  const sign = sort.descending ? -1 : 1;
  if (sort.of === 'name') {
    return rows.toSorted((a, b) => sign * a.metric.localeCompare(b.metric, 'en', { numeric: true }));
  }
  const index = placed.find(({ column }) => column.arn === sort.by)?.index;
  if (index === undefined) return rows;
  const key = (row: MetricRow) => {
    const cell = row.cells[index];
    if (!cell) return null;
    return sort.of === 'value' ? cell.value : relativeGain(row, cell);
  };
  return rows.toSorted((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}

/**
 * How much better than the baseline, as a share of the baseline's size, so that metrics of different units can be held against
 * each other; negative when worse. Null when either is not known, or which way is better.
 */
export function relativeGain({ reading }: MetricRow, { difference }: MetricCell): number | null {
  if (!difference || reading === null) return null;
  const { against, delta } = difference;
  const size = Math.abs(against);
  const gain = reading === 'zero' ? size - Math.abs(against + delta) : reading === 'higher' ? delta : -delta;
  if (gain === 0) return 0;
  return size === 0 ? Math.sign(gain) * Number.MAX_VALUE : gain / size;
}

/** What a click on a header does: up, down, and back to the order of the project. */
export function nextSort(sort: Sort | null, by: string, of: Sort['of']): Sort | null {
  // Of a difference one wants to see the best first, of anything else the smallest.
  const first = of === 'difference';
  if (sort?.by !== by || sort.of !== of) return { by, of, descending: first };
  return sort.descending === first ? { by, of, descending: !first } : null;
}

export function ariaSort(sort: Sort | null, by: string, of: Sort['of']): 'ascending' | 'descending' | 'none' {
  if (sort?.by !== by || sort.of !== of) return 'none';
  return sort.descending ? 'descending' : 'ascending';
}

export function readingWords(row: MetricRow): string {
  switch (row.reading) {
    case 'lower':
      return t('lower is better');
    case 'higher':
      return t('higher is better');
    case 'zero':
      return t('nearer to 0 is better');
    case null:
      return t('not known which way is better');
  }
}
