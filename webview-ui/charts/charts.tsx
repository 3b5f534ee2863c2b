import { useMemo } from 'preact/hooks';
import type { ModelComparison } from '../../src/comparison/comparison';
import { t } from '../l10n';
import { Confusion } from './confusion-chart';
import { Calibration, Deciles, Roc } from './curve-charts';
import { Drift } from './drift-chart';
import { Features } from './features';
import { HistoryChart } from './history-chart';
import { Predicted } from './predicted';
import { Residuals } from './residuals';
import { having, type Series, seriesOf } from './series';
import { testSetNote } from './test-sets';

/** Every chart that there is something to draw for. */
export function Charts({ model }: { model: ModelComparison }) {
  const series = useMemo(() => seriesOf(model), [model]);
  const has = (part: NonNullable<Parameters<typeof having>[1]>) =>
    having(series, part).some((one) => hasRows(one.part));
  const of = { series, unit: model.unit };
  const charts = [
    model.history.times.length > 1 && <HistoryChart key="history" model={model} series={series} />,
    has('residuals') && <Residuals key="residuals" {...of} />,
    has('grid') && <Predicted key="grid" {...of} />,
    has('deciles') && <Deciles key="deciles" {...of} />,
    has('calibration') && <Calibration key="calibration" {...of} />,
    has('roc') && <Roc key="roc" {...of} />,
    has('confusion') && <Confusion key="confusion" {...of} />,
    has('features') && <Features key="features" {...of} kind={model.kind} />,
    model.drift.some(({ features }) => features.length > 0) && <Drift key="drift" model={model} />,
  ].filter((chart) => chart !== false);
  if (charts.length === 0) return <p class="aside">{t('Nothing was measured that could be drawn.')}</p>;
  const note = testSetNote(series);
  return (
    <>
      {note !== null && <p class="note">{note}</p>}
      <div class="charts">{charts}</div>
    </>
  );
}

function hasRows(part: unknown): boolean {
  return Array.isArray(part) ? part.length > 0 : part !== null;
}

export type { Series };
