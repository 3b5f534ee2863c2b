import type { Verdict } from '../src/comparison/comparison';
import { t } from './l10n';

/** A verdict as a sign and a word: either is enough, so that colour only helps. */
export function verdictSign(verdict: Verdict): string {
  return { better: '▲', worse: '▼', same: '=', uncertain: '≈', unknown: '?' }[verdict];
}

export function verdictWord(verdict: Verdict): string {
  switch (verdict) {
    case 'better':
      return t('Better');
    case 'worse':
      return t('Worse');
    case 'same':
      return t('The same');
    case 'uncertain':
      return t('Not certain');
    case 'unknown':
      return t('Not known');
  }
}
