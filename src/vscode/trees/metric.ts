import type { Evaluation } from '../../evaluation/report';
import { show } from '../../evaluation/words';
import { metricNames, worsening } from '../../project/metrics';
import type { L10n } from './l10n';

/** `rmse 31.2`. */
export function metricText(name: string, value: number): string {
  return `${name} ${show(value)}`;
}

/** How a candidate's value stands to the champion's: `better by 0.42 (3.3 %)`; signs are left to the words. */
export function deltaText(l10n: L10n, metric: string, candidate: number, champion: number): string {
  if (!metricNames.includes(metric)) return l10n.t('{0} before', show(champion));
  const worse = worsening(metric, candidate, champion);
  if (Number.isNaN(worse)) return l10n.t('cannot be compared');
  if (worse === 0) return l10n.t('the same');
  const size = show(Math.abs(worse), 3);
  const percent = champion === 0 ? null : show((100 * Math.abs(worse)) / Math.abs(champion), 2);
  if (percent === null) return worse < 0 ? l10n.t('better by {0}', size) : l10n.t('worse by {0}', size);
  return worse < 0
    ? l10n.t('better by {0} ({1} %)', size, percent)
    : l10n.t('worse by {0} ({1} %)', size, percent);
}

/** What the 95 % interval of a metric's difference says: it holds 0 (`chance`), it does not, or there is none. */
export type Certainty = 'certain' | 'chance' | 'unknown';

export function certaintyOf({ differences }: Pick<Evaluation, 'differences'>, metric: string): Certainty {
  const interval = differences.find((difference) => difference.metric === metric);
  if (!interval || !Number.isFinite(interval.low) || !Number.isFinite(interval.high)) return 'unknown';
  const isChance = interval.estimate !== 0 && interval.low <= 0 && interval.high >= 0;
  return isChance ? 'chance' : 'certain';
}

/** As a sentence; none where the difference is certain. */
export function certaintyText(l10n: L10n, certainty: Certainty | undefined): string[] {
  if (certainty === 'chance') return [l10n.t('The difference may be chance: its 95 % interval holds 0.')];
  return certainty === 'unknown' ? [l10n.t('No interval of the difference is known.')] : [];
}

/** Whether the candidate is better (1), worse (−1), or neither can be said (0). */
export function verdict(metric: string, candidate: number, champion: number): -1 | 0 | 1 {
  if (!metricNames.includes(metric)) return 0;
  const worse = worsening(metric, candidate, champion);
  return worse < 0 ? 1 : worse > 0 ? -1 : 0;
}
