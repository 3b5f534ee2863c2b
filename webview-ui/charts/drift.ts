import type { Drift, FeatureShift } from '../../src/comparison/comparison';
import { formatShare, formatShort } from '../format';
import { t } from '../l10n';
import type { TableData } from './table-data';

/** The customary limits of the index. */
export const moderate = 0.1;
export const strong = 0.25;

/** How many features the picture holds at first. */
export const shownAtFirst = 15;

export function levelWord(level: FeatureShift['level']): string {
  switch (level) {
    case 'none':
      return t('hardly moved');
    case 'moderate':
      return t('moved moderately');
    case 'strong':
      return t('moved strongly');
  }
}

/** Of the whole data. */
export function driftSentence({ features, hidden }: Drift): string {
  const count = (level: FeatureShift['level']) =>
    features.filter((feature) => feature.level === level).length;
  const all = features.length + hidden;
  const [much, some] = [count('strong'), count('moderate')];
  if (much + some === 0) return t('None of the {0} columns moved notably.', all);
  return t('Of {0} columns {1} moved strongly and {2} moderately.', all, much, some);
}

/** Of one feature. */
export function shiftSentence({ feature, psi, level, bins }: FeatureShift): string {
  const most = bins.reduce<FeatureShift['bins'][number] | null>((widest, bin) => {
    const width = Math.abs(bin.candidate - bin.baseline);
    return widest && Math.abs(widest.candidate - widest.baseline) >= width ? widest : bin;
  }, null);
  const start = t('{0} {1} (PSI {2}).', feature, levelWord(level), formatShort(psi));
  if (!most) return start;
  const where = t(
    'Most at {0}: {1} of the rows, {2} in the baseline’s data.',
    most.label,
    formatShare(most.candidate),
    formatShare(most.baseline),
  );
  return `${start} ${where}`;
}

export function driftTable({ features }: Drift): TableData {
  return {
    head: [t('Column'), t('PSI'), t('Reading')],
    rows: features.map(({ feature, psi, level }) => [feature, psi.toFixed(3), levelWord(level)]),
  };
}

export function shiftTable({ bins }: FeatureShift): TableData {
  return {
    head: [t('Value'), t('Candidate'), t('Baseline')],
    rows: bins.map(({ label, candidate, baseline }) => [
      label,
      formatShare(candidate),
      formatShare(baseline),
    ]),
  };
}
