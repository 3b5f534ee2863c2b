import type { KnownScorecard } from '../../src/comparison/comparison';
import { formatCount, formatShare, formatShort } from '../format';
import { t } from '../l10n';
import type { Series } from './series';
import type { TableData } from './table-data';

export type Grid = NonNullable<KnownScorecard['grid']>;

/** One cell of predicted against actual that holds rows. */
export interface GridCell {
  predictedFrom: number;
  predictedTo: number;
  actualFrom: number;
  actualTo: number;
  rows: number;
  share: number;
}

export function cellsOf({ predictionEdges, labelEdges, counts }: Grid): GridCell[] {
  const total = counts.flat().reduce<number>((sum, rows) => sum + (rows ?? 0), 0);
  return counts.flatMap((line, actual) =>
    line.flatMap((rows, predicted) => {
      const edges = [
        predictionEdges[predicted],
        predictionEdges[predicted + 1],
        labelEdges[actual],
        labelEdges[actual + 1],
      ];
      const [predictedFrom, predictedTo, actualFrom, actualTo] = edges;
      if (!rows || predictedFrom == null || predictedTo == null || actualFrom == null || actualTo == null)
        return [];
      return [{ predictedFrom, predictedTo, actualFrom, actualTo, rows, share: rows / total }];
    }),
  );
}

/** Share of the rows whose cell holds a point where prediction and label are equal. */
export function shareOnDiagonal(cells: GridCell[]): number {
  return cells
    .filter((cell) => cell.predictedFrom <= cell.actualTo && cell.actualFrom <= cell.predictedTo)
    .reduce((sum, { share }) => sum + share, 0);
}

/** What all grids cover, so that they are drawn on the same axes. */
export function extentOf(all: GridCell[][]): { predicted: [number, number]; actual: [number, number] } {
  const cells = all.flat();
  return {
    predicted: [Math.min(...cells.map((c) => c.predictedFrom)), Math.max(...cells.map((c) => c.predictedTo))],
    actual: [Math.min(...cells.map((c) => c.actualFrom)), Math.max(...cells.map((c) => c.actualTo))],
  };
}

export function gridSentence({ label }: Series, cells: GridCell[]): string {
  return t(
    '{0}: {1} of the rows lie in a cell on the diagonal or beside it.',
    label,
    formatShare(shareOnDiagonal(cells)),
  );
}

/** The fullest cells first. */
export function gridTable(all: { series: Series; cells: GridCell[] }[]): TableData {
  const rows = all.flatMap(({ series, cells }) => cells.map((cell) => ({ series, cell })));
  return {
    head: [t('Version'), t('Predicted'), t('Actual'), t('Rows'), t('Share')],
    rows: rows
      .toSorted((a, b) => b.cell.rows - a.cell.rows)
      .map(({ series, cell }) => [
        series.label,
        `${formatShort(cell.predictedFrom)} … ${formatShort(cell.predictedTo)}`,
        `${formatShort(cell.actualFrom)} … ${formatShort(cell.actualTo)}`,
        formatCount(cell.rows),
        formatShare(cell.share),
      ]),
  };
}
