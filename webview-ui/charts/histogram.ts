import type { Known } from '../../src/comparison/comparison';
import { formatKnown, formatShare, formatShort } from '../format';
import { t } from '../l10n';
import type { Series } from './series';
import type { TableData } from './table-data';

export interface Bar {
  from: number;
  to: number;
  rows: number;
  share: number;
}

/** Bins with both edges known, and what share of all rows each holds. */
export function barsOf({ edges, counts }: { edges: Known[]; counts: Known[] }): Bar[] {
  const total = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return counts.flatMap((rows, index) => {
    const [from, to] = [edges[index], edges[index + 1]];
    if (rows === null || from == null || to == null || total === 0) return [];
    return [{ from, to, rows, share: rows / total }];
  });
}

/** The width of the first bin; null when there is none. Bins of one column are equal. */
export function binWidth([first]: Bar[]): number | null {
  return first ? Number((first.to - first.from).toPrecision(9)) : null;
}

/**
 * The outline of the bars, from the axis and back to it. Columns that were measured on different rows have bins of different
 * widths, so that heights are of one width: equal areas are equal shares.
 */
export function outline(bars: Bar[], width: number): { x: number; y: number }[] {
  const [first] = bars;
  const last = bars.at(-1);
  if (!first || !last) return [];
  return [
    { x: first.from, y: 0 },
    ...bars.flatMap(({ from, to, share }) => {
      const y = (share * width) / (to - from);
      return [
        { x: from, y },
        { x: to, y },
      ];
    }),
    { x: last.to, y: 0 },
  ];
}

/** Where so much of all rows lies below, within its bin by proportion. */
export function quantile(bars: Bar[], share: number): number | null {
  let below = 0;
  for (const bar of bars) {
    if (bar.share > 0 && below + bar.share >= share) {
      return bar.from + ((share - below) / bar.share) * (bar.to - bar.from);
    }
    below += bar.share;
  }
  return bars.at(-1)?.to ?? null;
}

export function residualSentence({ label }: Series, bars: Bar[], unit: string | null): string {
  const [low, high] = [quantile(bars, 0.25), quantile(bars, 0.75)];
  return t(
    '{0}: half of the residuals lie between {1} and {2}.',
    label,
    formatKnown(low, [low, high]),
    unit === null ? formatKnown(high, [low, high]) : `${formatKnown(high, [low, high])} ${unit}`,
  );
}

export function residualTable(all: { series: Series; bars: Bar[] }[]): TableData {
  const froms = [...new Set(all.flatMap(({ bars }) => bars.map(({ from }) => from)))].sort((a, b) => a - b);
  return {
    head: [t('Residual from'), ...all.map(({ series }) => series.label)],
    rows: froms.map((from) => [
      formatShort(from),
      ...all.map(({ bars }) => {
        const bar = bars.find((one) => one.from === from);
        return bar ? `${formatShare(bar.share)} (${bar.rows})` : '–';
      }),
    ]),
  };
}
