import type { KnownScorecard } from '../../src/comparison/comparison';
import { formatCount, formatShare, formatShort } from '../format';
import { t } from '../l10n';
import type { Series } from './series';
import type { TableData } from './table-data';

export type Matrix = NonNullable<KnownScorecard['confusion']>;

export interface ConfusionCell {
  actual: string;
  predicted: string;
  rows: number;
  /** Of the rows that are actually so. */
  share: number;
}

export function confusionCells({ labels, counts }: Matrix): ConfusionCell[] {
  return counts.flatMap((line, actual) => {
    const total = line.reduce<number>((sum, rows) => sum + (rows ?? 0), 0);
    return line.map((rows, predicted) => ({
      actual: labels[actual] ?? String(actual),
      predicted: labels[predicted] ?? String(predicted),
      rows: rows ?? 0,
      share: total === 0 ? 0 : (rows ?? 0) / total,
    }));
  });
}

export function confusionSentence({ label }: Series, cells: ConfusionCell[]): string {
  const total = cells.reduce((sum, { rows }) => sum + rows, 0);
  const right = cells
    .filter(({ actual, predicted }) => actual === predicted)
    .reduce((sum, { rows }) => sum + rows, 0);
  const wrong = cells.filter(({ actual, predicted }) => actual !== predicted);
  const most = wrong.reduce<ConfusionCell | null>(
    (worst, cell) => (worst && worst.rows >= cell.rows ? worst : cell),
    null,
  );
  if (total === 0 || !most) return t('{0}: not measured.', label);
  return t(
    '{0}: {1} of {2} rows are right; most often {3} is taken for {4} ({5}).',
    label,
    formatShare(right / total, 1),
    formatCount(total),
    most.actual,
    most.predicted,
    formatCount(most.rows),
  );
}

/** A number that fits a cell of the picture. */
export function shortCount(rows: number): string {
  if (rows < 10_000) return formatCount(rows);
  return rows < 1_000_000 ? `${formatShort(rows / 1_000)}k` : `${formatShort(rows / 1_000_000)}M`;
}

export function confusionTable(all: { series: Series; cells: ConfusionCell[] }[]): TableData {
  return {
    head: [t('Version'), t('Actual'), t('Predicted'), t('Rows'), t('Share of the actual')],
    rows: all.flatMap(({ series, cells }) =>
      cells.map(({ actual, predicted, rows, share }) => [
        series.label,
        actual,
        predicted,
        formatCount(rows),
        formatShare(share),
      ]),
    ),
  };
}
