import type { ModelComparison } from '../src/comparison/comparison';
import { t } from './l10n';
import { type OverviewCandidate, overviewRows } from './overview-rows';
import { Scroll } from './scroll';

/** All models of a release at a glance; the chosen one stands below in full. */
export function Overview(props: {
  models: ModelComparison[];
  chosen: string;
  onChoose(group: string): void;
}) {
  return (
    <Scroll label={t('Models')}>
      <table class="overview">
        <thead>
          <tr>
            <th scope="col">{t('Model')}</th>
            <th scope="col" class="number">
              {t('From')}
            </th>
            <th scope="col" class="number">
              {t('To')}
            </th>
            <th scope="col">{t('Verdict')}</th>
            <th scope="col">{t('Gates')}</th>
            <th scope="col" class="number">
              {t('Warnings')}
            </th>
          </tr>
        </thead>
        <tbody>
          {overviewRows(props.models).flatMap(({ group, model, from, candidates }) =>
            candidates.map((candidate, index) => (
              <tr key={candidate.arn} class={group === props.chosen ? 'chosen' : undefined}>
                {index === 0 && (
                  <th scope="row" rowSpan={candidates.length}>
                    <button
                      type="button"
                      class="link"
                      aria-pressed={group === props.chosen}
                      onClick={() => props.onChoose(group)}
                    >
                      <bdi>{model}</bdi>
                    </button>
                  </th>
                )}
                <td class="number">{from ?? t('none')}</td>
                <td class="number">{candidate.version}</td>
                <td class={`verdict-${candidate.verdict}`}>
                  <span class="sign" aria-hidden="true">
                    {candidate.sign}
                  </span>{' '}
                  {candidate.words}
                </td>
                <td>{gateWords(candidate)}</td>
                <td class="number">{candidate.warnings}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </Scroll>
  );
}

function gateWords({ passed, failed }: OverviewCandidate): string {
  if (passed + failed === 0) return t('none set');
  if (failed === 0) return `✓ ${t('{0} passed', passed)}`;
  return `✗ ${t('{0} FAILED', failed)}, ${t('{0} passed', passed)}`;
}
