import * as Plot from '@observablehq/plot';
import { useMemo, useState } from 'preact/hooks';
import type { ModelComparison } from '../../src/comparison/comparison';
import { t } from '../l10n';
import { usePanel } from '../panel';
import { Select } from '../toolkit';
import { useChosen } from './chosen';
import { DataTable } from './data-table';
import { Chart } from './figure';
import {
  type HistoryPoint,
  historyMetrics,
  historyPoints,
  historySentence,
  historyTable,
  thin,
  undated,
  undatedSentence,
} from './history';
import { type DrawnPlot, PlotView } from './plot';
import { PointCursor } from './point-cursor';
import { labelled } from './residuals';
import type { Series } from './series';

/** Up to so many evaluations each is a dot of its own. */
const dotted = 200;
const height = 240;

/** A metric over every past evaluation; the versions that are compared stand out, and others can be taken in. */
export function HistoryChart({ model, series }: { model: ModelComparison; series: Series[] }) {
  const { history, headline } = model;
  const { post, actions, busy } = usePanel();
  const names = useMemo(() => historyMetrics(history, headline), [history, headline]);
  const [metric, choose] = useChosen('history', names);
  const points = useMemo(() => historyPoints(history, metric), [history, metric]);
  const newestFirst = useMemo(() => points.toReversed(), [points]);
  const looks = useMemo(() => looksByVersion(model, series), [model, series]);
  const options = useHistoryOptions(points, looks, labelledMetric(model, metric));
  const [drawn, setDrawn] = useState<DrawnPlot | null>(null);
  const title = t('History');
  const summary = historySentence(points, metric);
  const lacking = undated(history, metric);

  const canAdd = ({ version }: HistoryPoint) => actions && !busy && version !== null && !looks.has(version);
  const add = (point: HistoryPoint) => {
    if (canAdd(point) && point.version !== null)
      post({ type: 'add', group: model.group, version: point.version });
  };
  const addButton = (row: number) => {
    const point = newestFirst[row];
    if (!point || point.version === null) return null;
    if (looks.has(point.version)) return <span class="aside">{t('compared')}</span>;
    return (
      <button
        type="button"
        class="link"
        disabled={!canAdd(point)}
        aria-label={t('Add version {0}', point.version)}
        onClick={() => add(point)}
      >
        {t('Add')}
      </button>
    );
  };
  return (
    <Chart
      title={title}
      wide
      controls={
        <Select
          label={t('Metric')}
          value={metric}
          choices={names.map((name) => ({ value: name, label: name }))}
          onChange={choose}
        />
      }
      summary={[summary, ...(lacking > 0 ? [undatedSentence(lacking)] : [])]}
      table={
        <DataTable
          label={title}
          read={() =>
            historyTable(
              newestFirst,
              metric,
              model.metrics.find((row) => row.metric === metric),
            )
          }
          extra={actions ? addButton : undefined}
        />
      }
    >
      <div class="over">
        <PlotView label={summary} height={height} options={options} onDrawn={setDrawn} />
        {drawn && points.length > 0 && (
          <PointCursor drawn={drawn} points={points} metric={metric} canAdd={canAdd} onAdd={add} />
        )}
      </div>
    </Chart>
  );
}

type Looks = Map<number, Series>;

function looksByVersion({ columns }: ModelComparison, series: Series[]): Looks {
  return new Map(columns.map(({ version }, index) => [version, series[index]!]));
}

function labelledMetric({ metrics }: ModelComparison, metric: string): string {
  return labelled(metric, metrics.find((row) => row.metric === metric)?.unit ?? null);
}

function useHistoryOptions(points: HistoryPoint[], looks: Looks, label: string): Plot.PlotOptions {
  return useMemo(() => {
    const compared = points.filter(({ version }) => version !== null && looks.has(version));
    const keep = new Set(compared);
    // As wide as any screen: drawing again for each width would cost more than a few points too many.
    const line = thin(points, 1_000, (point) => keep.has(point));
    const at = { x: (point: HistoryPoint) => new Date(point.time), y: 'value' };
    const look = ({ version }: HistoryPoint) => looks.get(version ?? Number.NaN);
    return {
      marginLeft: 48,
      marginRight: 24,
      marginTop: 22,
      x: { label: null, type: 'utc' },
      y: { label, grid: true, ticks: 5, nice: true },
      symbol: { type: 'identity' },
      marks: [
        Plot.line(line, { ...at, stroke: 'var(--muted)', strokeWidth: 1.25 }),
        ...(points.length > dotted
          ? []
          : [
              Plot.dot(points, {
                ...at,
                r: 2.5,
                symbol: ({ gatesPassed }: HistoryPoint) => (gatesPassed === false ? 'times' : 'circle'),
                stroke: 'var(--muted)',
                fill: ({ gatesPassed }: HistoryPoint) => (gatesPassed ? 'var(--muted)' : 'none'),
              }),
            ]),
        ...[...looks].map(([version, { colour, symbol }]) =>
          Plot.dot(
            compared.filter((point) => point.version === version),
            { ...at, symbol, fill: colour, stroke: 'var(--paper)', r: 6 },
          ),
        ),
        Plot.text(compared, {
          ...at,
          text: ({ version }: HistoryPoint) => `v${version}`,
          dy: -13,
          fill: (point: HistoryPoint) => look(point)?.colour ?? 'currentColor',
          className: 'label',
        }),
      ],
    };
  }, [points, looks, label]);
}
