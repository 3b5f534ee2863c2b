import * as Plot from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import { clip } from '../format';
import { t } from '../l10n';
import { Select } from '../toolkit';
import { useChosen } from './chosen';
import { DataTable } from './data-table';
import {
  binLabels,
  type ErrorScale,
  errorName,
  errorsOf,
  type FeatureErrors,
  featureNames,
  featureSentence,
  featureTable,
  isShare,
} from './feature-errors';
import { Chart } from './figure';
import { PlotView } from './plot';
import { labelled } from './residuals';
import { having, type Series } from './series';

/** Error and bias by the value of one feature. */
export function Features({ series, kind, unit }: { series: Series[] } & ErrorScale) {
  const all = useMemo(() => having(series, 'features'), [series]);
  const names = useMemo(() => featureNames(all), [all]);
  const [feature, choose] = useChosen('feature', names);
  const errors = useMemo(() => errorsOf(all, feature), [all, feature]);
  const title = t('Error by feature');
  const scale = { kind, unit };
  const summary = errors.map((one) => featureSentence(one, scale));
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
      table={<DataTable label={title} read={() => featureTable(errors, scale)} />}
    >
      <div class="multiples">
        <Panel
          errors={errors}
          of="error"
          label={isShare(scale) ? errorName(scale) : labelled(errorName(scale), unit)}
          tickFormat={isShare(scale) ? '%' : undefined}
          summary={summary}
        />
        {biased && (
          <Panel
            errors={errors}
            of="bias"
            label={labelled(t('mean prediction − label'), unit)}
            summary={summary}
          />
        )}
      </div>
    </Chart>
  );
}

function Panel(props: {
  errors: FeatureErrors[];
  of: 'error' | 'bias';
  label: string;
  tickFormat?: string | undefined;
  summary: string[];
}) {
  const { errors, of, label, tickFormat } = props;
  const labels = useMemo(() => binLabels(errors), [errors]);
  const options = useMemo<Plot.PlotOptions>(
    () => ({
      ...valueAxis(labels),
      x: { label, grid: true, ticks: 4, zero: true, nice: true, ...(tickFormat && { tickFormat }) },
      marks: [
        Plot.ruleX([0], { className: 'reference' }),
        ...errors.flatMap(({ series: { colour, dash, symbol }, bins }) => [
          Plot.line(bins, { x: of, y: 'label', stroke: colour, strokeDasharray: dash, strokeWidth: 1.25 }),
          Plot.dot(bins, { x: of, y: 'label', fill: colour, symbol, r: 4 }),
        ]),
      ],
    }),
    [errors, labels, of, label, tickFormat],
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
