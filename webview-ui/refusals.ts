import type { Column, ModelComparison } from '../src/comparison/comparison';
import { t } from './l10n';

/** Why each decision cannot be made, as a full sentence; null when it can. */
export function refusalsOf(
  column: Column,
  model: ModelComparison,
  actions: boolean,
): { approve: string | null; reject: string | null; release: string | null } {
  if (!actions) {
    const reason = t('Here it can only be read.');
    return { approve: reason, reject: reason, release: reason };
  }
  return {
    ...column.refusals,
    release: model.endpoint === null ? t('No endpoint of the project serves this model.') : null,
  };
}
