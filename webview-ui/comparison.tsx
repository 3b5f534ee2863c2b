import type { ModelComparison } from '../src/comparison/comparison';
import type { PanelState } from '../src/comparison/panel';
import { Boundary } from './boundary';
import { Changes } from './changes';
import { Charts } from './charts/charts';
import { Decision } from './decision';
import { Foreign } from './foreign';
import { Header } from './header';
import { t } from './l10n';
import { MetricsTable } from './metrics-table';
import { Overview } from './overview';
import { usePanel } from './panel';
import { Section } from './section';
import { Busy } from './toolkit';

export function ComparisonView({ state }: { state: PanelState & { kind: 'shown' } }) {
  const { view, change } = usePanel();
  const { models } = state.comparison;
  const chosen = models.find(({ group }) => group === view.group) ?? models[0];
  return (
    <>
      <Header comparison={state.comparison} />
      <div class="live" role="status">
        {state.busy !== null && <Busy>{state.busy}</Busy>}
        {state.notice !== null && (
          <p class="notice">
            <bdi>{state.notice}</bdi>
          </p>
        )}
      </div>
      {models.length > 1 && chosen && (
        <Overview models={models} chosen={chosen.group} onChoose={(group) => change({ group })} />
      )}
      {chosen && <Model key={chosen.group} model={chosen} named={models.length > 1} />}
    </>
  );
}

function Model({ model, named }: { model: ModelComparison; named: boolean }) {
  return (
    <div class="model">
      {named && (
        <h2 class="model-name">
          <bdi>{model.model}</bdi>
        </h2>
      )}
      {named && model.description && (
        <p class="model-description">
          <Foreign text={model.description} />
        </p>
      )}
      <Boundary what={t('The decision')}>
        <Decision model={model} />
      </Boundary>
      <Section id="metrics" title={t('Metrics')}>
        <MetricsTable model={model} />
      </Section>
      <Section id="charts" title={t('Charts')}>
        <Charts model={model} />
      </Section>
      <Section id="changes" title={t('What changed')}>
        <Changes model={model} />
      </Section>
    </div>
  );
}
