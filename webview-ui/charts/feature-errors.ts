import type { KnownScorecard } from '../../src/comparison/comparison';
import { formatCount, formatShort } from '../format';
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

export function featureSentence({ series, bins }: FeatureErrors): string {
  const worst = bins
    .filter(({ error }) => error !== null)
    .reduce<FeatureBin | null>((most, bin) => (most && most.error! >= bin.error! ? most : bin), null);
  if (!worst) return t('{0}: not measured.', series.label);
  return t(
    '{0}: the error is largest for {1}, {2} over {3} rows.',
    series.label,
    worst.label,
    formatShort(worst.error),
    formatCount(worst.rows ?? 0),
  );
}

export function featureTable(all: FeatureErrors[]): TableData {
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
        return [formatCount(bin.rows ?? 0), shortOrNothing(bin.error), shortOrNothing(bin.bias)];
      }),
    ]),
  };
}

function shortOrNothing(value: number | null): string {
  return value === null ? '–' : formatShort(value);
}
