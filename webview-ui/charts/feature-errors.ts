import type { KnownScorecard } from '../../src/comparison/comparison';
import type { Kind } from '../../src/evaluation/report';
import { formatCount, formatShare, formatShort, withUnit } from '../format';
import { t } from '../l10n';
import type { Series } from './series';
import type { TableData } from './table-data';

type Features = NonNullable<KnownScorecard['features']>;
export type FeatureBin = Features[number]['bins'][number];

export interface FeatureErrors {
  series: Series;
  bins: FeatureBin[];
}

/** Every feature that any of them was measured by, in their order. */
export function featureNames(all: { part: Features }[]): string[] {
  return [...new Set(all.flatMap(({ part }) => part.map(({ feature }) => feature)))];
}

export function errorsOf(all: { series: Series; part: Features }[], feature: string): FeatureErrors[] {
  return all.flatMap(({ series, part }) => {
    const found = part.find((one) => one.feature === feature);
    return found ? [{ series, bins: found.bins }] : [];
  });
}

/** The values of all of them, in their order; columns can have different bins. */
export function binLabels(all: FeatureErrors[]): string[] {
  return [...new Set(all.flatMap(({ bins }) => bins.map(({ label }) => label)))];
}

/** What the error of a bin is: in the label's unit, or a share of the rows. */
export interface ErrorScale {
  kind: Kind | null;
  unit: string | null;
}

export function errorName({ kind }: ErrorScale): string {
  return isShare({ kind }) ? t('share of wrong answers') : t('mean absolute error');
}

export function isShare({ kind }: Pick<ErrorScale, 'kind'>): boolean {
  return kind === 'binary' || kind === 'multiclass';
}

function errorText(error: number | null, scale: ErrorScale): string {
  if (error === null) return '–';
  return isShare(scale) ? formatShare(error, 1) : withUnit(formatShort(error), scale.unit);
}

export function featureSentence({ series, bins }: FeatureErrors, scale: ErrorScale): string {
  const worst = bins
    .filter(({ error }) => error !== null)
    .reduce<FeatureBin | null>((most, bin) => (most && most.error! >= bin.error! ? most : bin), null);
  if (!worst) return t('{0}: not measured.', series.label);
  return t(
    '{0}: the error is largest for {1}: {2} over {3}.',
    series.label,
    worst.label,
    errorText(worst.error, scale),
    worst.rows === 1 ? t('1 row') : t('{0} rows', formatCount(worst.rows ?? 0)),
  );
}

export function featureTable(all: FeatureErrors[], scale: ErrorScale): TableData {
  return {
    head: [
      t('Value'),
      ...all.flatMap(({ series: { label } }) => [
        t('{0}: rows', label),
        t('{0}: error', label),
        t('{0}: bias', label),
      ]),
    ],
    rows: binLabels(all).map((label) => [
      label,
      ...all.flatMap(({ bins }) => {
        const bin = bins.find((one) => one.label === label);
        if (!bin) return ['–', '–', '–'];
        return [formatCount(bin.rows ?? 0), errorText(bin.error, scale), shortOrNothing(bin.bias)];
      }),
    ]),
  };
}

function shortOrNothing(value: number | null): string {
  return value === null ? '–' : formatShort(value);
}
