import * as Plot from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import { clip } from '../format';
import { t } from '../l10n';
import { Select } from '../toolkit';
import { useChosen } from './chosen';
import { DataTable } from './data-table';
import {
  binLabels,
  errorsOf,
  type FeatureErrors,
  featureNames,
  featureSentence,
  featureTable,
} from './feature-errors';
import { Chart } from './figure';
import { PlotView } from './plot';
import { labelled } from './residuals';
import { having, type Series } from './series';

/** Error and bias by the value of one feature. */
export function Features({ series, unit }: { series: Series[]; unit: string | null }) {
  const all = useMemo(() => having(series, 'features'), [series]);
  const names = useMemo(() => featureNames(all), [all]);
  const [feature, choose] = useChosen('feature', names);
  const errors = useMemo(() => errorsOf(all, feature), [all, feature]);
  const title = t('Error by feature');
  const summary = errors.map(featureSentence);
  const biased = errors.some(({ bins }) => bins.some(({ bias }) => bias !== null));
  return (
    <Chart
      title={title}
      wide
      controls={
        <Select
          label={t('Feature')}
          value={feature}
          choices={names.map((name) => ({ value: name, label: name }))}
          onChange={choose}
        />
      }
      summary={summary}
      legend={errors.map((one) => one.series)}
      table={<DataTable label={title} read={() => featureTable(errors)} />}
    >
      <div class="multiples">
        <Panel errors={errors} of="error" label={labelled(t('error'), unit)} summary={summary} />
        {biased && <Panel errors={errors} of="bias" label={labelled(t('bias'), unit)} summary={summary} />}
      </div>
    </Chart>
  );
}

function Panel(props: { errors: FeatureErrors[]; of: 'error' | 'bias'; label: string; summary: string[] }) {
  const { errors, of, label } = props;
  const labels = useMemo(() => binLabels(errors), [errors]);
  const options = useMemo<Plot.PlotOptions>(
    () => ({
      ...valueAxis(labels),
      x: { label, grid: true, ticks: 4, zero: true, nice: true },
      marks: [
        Plot.ruleX([0], { className: 'reference' }),
        ...errors.flatMap(({ series: { colour, dash, symbol }, bins }) => [
          Plot.line(bins, { x: of, y: 'label', stroke: colour, strokeDasharray: dash, strokeWidth: 1.25 }),
          Plot.dot(bins, { x: of, y: 'label', fill: colour, symbol, r: 4 }),
        ]),
      ],
    }),
    [errors, labels, of, label],
  );
  return (
    <div class="multiple">
      <PlotView
        label={[label, ...props.summary].join('. ')}
        height={60 + labels.length * 24}
        options={options}
      />
    </div>
  );
}

/** Values of a feature down the left, however long their names. */
export function valueAxis(labels: string[]): Plot.PlotOptions {
  const short = (label: string) => clip(label, 18).text + (clip(label, 18).clipped ? '…' : '');
  const longest = Math.max(...labels.map((label) => short(label).length), 4);
  return {
    marginLeft: 16 + longest * 6,
    y: { label: null, type: 'point', domain: labels, tickFormat: short, padding: 0.6 },
  };
}
