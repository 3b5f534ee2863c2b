import type { KnownScorecard } from '../../src/comparison/comparison';
import { formatCount, formatShare, formatShort } from '../format';
import { t } from '../l10n';
import type { Series } from './series';
import type { TableData } from './table-data';

export interface Point {
  x: number;
  y: number;
}

export interface Curve {
  series: Series;
  points: Point[];
}

type Deciles = NonNullable<KnownScorecard['deciles']>;
type Calibration = NonNullable<KnownScorecard['calibration']>;
type Roc = NonNullable<KnownScorecard['roc']>;

function known(points: { x: number | null; y: number | null }[]): Point[] {
  return points.filter((point): point is Point => point.x !== null && point.y !== null);
}

export function decilePoints(deciles: Deciles): Point[] {
  return known(deciles.map(({ mae }, index) => ({ x: index + 1, y: mae })));
}

export function calibrationPoints(bins: Calibration): Point[] {
  return known(bins.map(({ meanProbability, rate }) => ({ x: meanProbability, y: rate })));
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

export function decileSentence({ series, points }: Curve): string {
  const worst = points.reduce<Point | null>(
    (most, point) => (most && most.y >= point.y ? most : point),
    null,
  );
  if (!worst) return t('{0}: not measured.', series.label);
  return t('{0}: the error is largest in decile {1}, {2}.', series.label, worst.x, formatShort(worst.y));
}

export function calibrationSentence({ series, points }: Curve): string {
  const off = points.reduce<Point | null>(
    (most, point) => (most && Math.abs(most.y - most.x) >= Math.abs(point.y - point.x) ? most : point),
    null,
  );
  if (!off) return t('{0}: not measured.', series.label);
  return t(
    '{0}: furthest off where it says {1}, and {2} is true.',
    series.label,
    formatShare(off.x),
    formatShare(off.y),
  );
}

export function rocSentence({ series, points }: Curve): string {
  return t('{0}: area under the curve {1}.', series.label, formatShort(areaUnder(points)));
}

export function decileTable(all: { series: Series; part: Deciles }[]): TableData {
  const longest = Math.max(0, ...all.map(({ part }) => part.length));
  return {
    head: [
      t('Decile'),
      ...all.flatMap(({ series: { label } }) => [t('{0}: predictions', label), t('{0}: error', label)]),
    ],
    rows: Array.from({ length: longest }, (_, index) => [
      String(index + 1),
      ...all.flatMap(({ part }) => {
        const decile = part[index];
        return decile
          ? [`${formatShort(decile.from)} … ${formatShort(decile.to)}`, formatShort(decile.mae)]
          : ['–', '–'];
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
