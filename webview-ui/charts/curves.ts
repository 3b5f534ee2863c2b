import type { KnownScorecard } from '../../src/comparison/comparison';
import { formatCount, formatKnown, formatShare, formatShort, withUnit } from '../format';
import { t } from '../l10n';
import type { Series } from './series';
import type { TableData } from './table-data';

export interface Point {
  x: number;
  y: number;
}

export interface Curve<P extends Point = Point> {
  series: Series;
  points: P[];
}

/** A group of equally many rows: where it lies among all of them, in tenths, and its mean absolute error. */
export interface DecilePoint extends Point {
  /** The predictions that are in it. */
  from: number | null;
  to: number | null;
}

export interface CalibrationPoint extends Point {
  rows: number;
}

type Deciles = NonNullable<KnownScorecard['deciles']>;
type Calibration = NonNullable<KnownScorecard['calibration']>;
type Roc = NonNullable<KnownScorecard['roc']>;

type Unknown<P extends Point> = Omit<P, 'x' | 'y'> & { x: number | null; y: number | null };

function known<P extends Point>(points: Unknown<P>[]): P[] {
  return points.filter((point): point is Unknown<P> & P => point.x !== null && point.y !== null);
}

/** Equal predictions share a group, so that there may be less than ten, and some may be wider than a tenth. */
export function decilePoints(deciles: Deciles): DecilePoint[] {
  const total = deciles.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
  let below = 0;
  return known(
    deciles.map(({ mae, rows, from, to }, index) => {
      const middle = total > 0 ? (10 * (below + (rows ?? 0) / 2)) / total + 0.5 : index + 1;
      below += rows ?? 0;
      return { x: middle, y: mae, from, to };
    }),
  );
}

export function calibrationPoints(bins: Calibration): CalibrationPoint[] {
  return known(
    bins.map(({ meanProbability, rate, rows }) => ({ x: meanProbability, y: rate, rows: rows ?? 0 })),
  );
}

/** Expected calibration error: how far off the bins are on average, each by its rows. Null without rows. */
export function calibrationError(points: CalibrationPoint[]): number | null {
  const rows = points.reduce((sum, point) => sum + point.rows, 0);
  if (rows === 0) return null;
  return points.reduce((sum, point) => sum + point.rows * Math.abs(point.y - point.x), 0) / rows;
}

export function rocPoints(points: Roc): Point[] {
  return known(
    points.map(({ falsePositiveRate, truePositiveRate }) => ({ x: falsePositiveRate, y: truePositiveRate })),
  );
}

/** By the trapezoid rule, of a curve that is given from left to right. */
export function areaUnder(points: Point[]): number {
  return points.slice(1).reduce((sum, point, index) => {
    const before = points[index]!;
    return sum + ((point.x - before.x) * (point.y + before.y)) / 2;
  }, 0);
}

export function decileSentence({ series, points }: Curve<DecilePoint>, unit: string | null = null): string {
  const worst = points.reduce<DecilePoint | null>(
    (most, point) => (most && most.y >= point.y ? most : point),
    null,
  );
  if (!worst) return t('{0}: not measured.', series.label);
  return t(
    '{0}: the error is largest for predictions of {1} … {2}: {3}.',
    series.label,
    formatShort(worst.from),
    formatShort(worst.to),
    withUnit(formatShort(worst.y), unit),
  );
}

export function calibrationSentence({ series, points }: Curve<CalibrationPoint>): string {
  const off = points.reduce<CalibrationPoint | null>(
    (most, point) => (most && Math.abs(most.y - most.x) >= Math.abs(point.y - point.x) ? most : point),
    null,
  );
  const error = calibrationError(points);
  if (!off || error === null) return t('{0}: not measured.', series.label);
  return t(
    '{0}: off by {1} percentage points on average; furthest where it says {2} and {3} is true, among {4}.',
    series.label,
    (100 * error).toFixed(1),
    formatShare(off.x),
    formatShare(off.y),
    off.rows === 1 ? t('1 row') : t('{0} rows', formatCount(off.rows)),
  );
}

export function rocSentence({ series, points }: Curve): string {
  // The curve is drawn from a hundred points; the metric is of all of them.
  const area = series.scorecard?.metrics.auc ?? areaUnder(points);
  return t('{0}: area under the curve {1}.', series.label, formatKnown(area));
}

export function decileTable(all: { series: Series; part: Deciles }[]): TableData {
  const longest = Math.max(0, ...all.map(({ part }) => part.length));
  return {
    head: [
      t('Group'),
      ...all.flatMap(({ series: { label } }) => [
        t('{0}: predictions', label),
        t('{0}: rows', label),
        t('{0}: error', label),
      ]),
    ],
    rows: Array.from({ length: longest }, (_, index) => [
      String(index + 1),
      ...all.flatMap(({ part }) => {
        const decile = part[index];
        return decile
          ? [
              `${formatShort(decile.from)} … ${formatShort(decile.to)}`,
              formatCount(decile.rows ?? 0),
              formatShort(decile.mae),
            ]
          : ['–', '–', '–'];
      }),
    ]),
  };
}

export function calibrationTable(all: { series: Series; part: Calibration }[]): TableData {
  const longest = Math.max(0, ...all.map(({ part }) => part.length));
  return {
    head: [
      t('Probability'),
      ...all.flatMap(({ series: { label } }) => [
        t('{0}: rows', label),
        t('{0}: said', label),
        t('{0}: true', label),
      ]),
    ],
    rows: Array.from({ length: longest }, (_, index) => {
      const [first] = all;
      const bin = first?.part[index];
      return [
        bin ? `${formatShort(bin.from)} … ${formatShort(bin.to)}` : '–',
        ...all.flatMap(({ part }) => {
          const one = part[index];
          if (!one) return ['–', '–', '–'];
          return [formatCount(one.rows ?? 0), shareOrNothing(one.meanProbability), shareOrNothing(one.rate)];
        }),
      ];
    }),
  };
}

function shareOrNothing(share: number | null): string {
  return share === null ? '–' : formatShare(share);
}

export function rocTable(curves: Curve[]): TableData {
  return {
    head: [t('Version'), t('False positive rate'), t('True positive rate')],
    rows: curves.flatMap(({ series, points }) =>
      points.map(({ x, y }) => [series.label, formatShare(x), formatShare(y)]),
    ),
  };
}
