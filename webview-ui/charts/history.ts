import type { History, MetricRow } from '../../src/comparison/comparison';
import { formatCount, formatDay, formatKnown, formatTime } from '../format';
import { t } from '../l10n';
import type { TableData } from './table-data';

export interface HistoryPoint {
  /** Into the arrays of the history. */
  index: number;
  time: number;
  value: number;
  version: number | null;
  testing: boolean;
  gatesPassed: boolean | null;
}

/** The metrics that were ever measured, the headline first. */
export function historyMetrics({ metrics }: History, headline: string | null): string[] {
  const names = Object.keys(metrics).filter((name) => metrics[name]!.some((value) => value !== null));
  return names.toSorted((a, b) => Number(b === headline) - Number(a === headline));
}

/** Every evaluation that has the metric and a time, oldest first. */
export function historyPoints(history: History, metric: string): HistoryPoint[] {
  const points: HistoryPoint[] = [];
  history.metrics[metric]?.forEach((value, index) => {
    const time = history.times[index];
    if (value === null || time === undefined || time <= 0) return;
    points.push({
      index,
      time,
      value,
      version: history.versions[index] ?? null,
      testing: history.testing[index] ?? false,
      gatesPassed: history.gatesPassed[index] ?? null,
    });
  });
  return points;
}

/** More than these are thinned. */
export const drawnAsTheyAre = 2_000;

/**
 * As many as a picture of so many pixels can show: of each column of pixels the lowest and the highest, so that no outlier is
 * lost, besides the ends and those to keep.
 */
export function thin(
  points: HistoryPoint[],
  width: number,
  keep: (point: HistoryPoint) => boolean,
): HistoryPoint[] {
  if (points.length <= drawnAsTheyAre) return points;
  const first = points[0]!;
  const last = points.at(-1)!;
  const scale = Math.max(1, width) / Math.max(1, last.time - first.time);
  const kept = new Set([first, last, ...points.filter(keep)]);
  const buckets = new Map<number, { low: HistoryPoint; high: HistoryPoint }>();
  for (const point of points) {
    const column = Math.floor((point.time - first.time) * scale);
    const bucket = buckets.get(column);
    if (!bucket) buckets.set(column, { low: point, high: point });
    else if (point.value < bucket.low.value) bucket.low = point;
    else if (point.value > bucket.high.value) bucket.high = point;
  }
  for (const { low, high } of buckets.values()) kept.add(low).add(high);
  return points.filter((point) => kept.has(point));
}

/** The place in `points` of the one nearest to a time; they are in the order of time. */
export function nearest(points: HistoryPoint[], time: number): number {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  const before = points[low - 1];
  return before && time - before.time < (points[low]?.time ?? time) - time ? low - 1 : low;
}

/** Where a key leads from one of so many points; null for a key that leads nowhere. */
export function step(key: string, at: number, count: number): number | null {
  const page = Math.max(1, Math.round(count / 20));
  const to: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    PageDown: at - page,
    PageUp: at + page,
    Home: 0,
    End: count - 1,
  };
  const next = to[key];
  return next === undefined ? null : Math.min(Math.max(next, 0), count - 1);
}

export function pointSentence(
  { time, value, version, testing, gatesPassed }: HistoryPoint,
  metric: string,
): string {
  const who = version === null ? t('no version') : t('version {0}', version);
  const gates = gatesPassed === null ? null : gatesPassed ? t('gates passed') : t('gates FAILED');
  return [formatTime(time), who, `${metric} ${formatKnown(value)}`, gates, testing ? t('testing run') : null]
    .filter((part) => part !== null)
    .join(', ');
}

/** Evaluations that have the metric, but no time to be drawn at. */
export function undated({ times, metrics }: History, metric: string): number {
  return (metrics[metric] ?? []).filter((value, index) => value !== null && !((times[index] ?? 0) > 0))
    .length;
}

export function undatedSentence(count: number): string {
  return count === 1
    ? t('1 more evaluation has no readable time.')
    : t('{0} more evaluations have no readable time.', formatCount(count));
}

export function historySentence(points: HistoryPoint[], metric: string): string {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return t('{0} was never measured.', metric);
  let [low, high] = [first, first];
  for (const point of points) {
    if (point.value < low.value) low = point;
    if (point.value > high.value) high = point;
  }
  const among = [last, low, high].map(({ value }) => value);
  return t(
    '{0} of {1} evaluations, each on its own test set, {2} to {3}: last {4}, lowest {5} ({6}), highest {7} ({8}).',
    metric,
    formatCount(points.length),
    formatDay(first.time),
    formatDay(last.time),
    formatKnown(last.value, among),
    formatKnown(low.value, among),
    formatDay(low.time),
    formatKnown(high.value, among),
    formatDay(high.time),
  );
}

/** The newest first. */
export function historyTable(
  newestFirst: HistoryPoint[],
  metric: string,
  reading: MetricRow | undefined,
): TableData {
  return {
    head: [
      t('Time'),
      t('Version'),
      reading?.unit ? `${metric} (${reading.unit})` : metric,
      t('Gates'),
      t('Kind'),
    ],
    rows: newestFirst.map(({ time, version, value, gatesPassed, testing }) => [
      formatTime(time),
      version === null ? '–' : String(version),
      formatKnown(value),
      gatesPassed === null ? '–' : gatesPassed ? t('passed') : t('FAILED'),
      testing ? t('testing run') : t('full run'),
    ]),
  };
}
