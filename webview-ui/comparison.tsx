import type { PanelState } from '../src/comparison/panel';
import { formatTime } from './format';
import { t } from './l10n';

export function ComparisonView({ state }: { state: PanelState & { kind: 'shown' } }) {
  const { comparison } = state;
  return (
    <>
      <h1>{comparison.models.map(({ model }) => model).join(', ')}</h1>
      <p class="aside">{t('As of {0}', formatTime(comparison.createdAt))}</p>
    </>
  );
}
