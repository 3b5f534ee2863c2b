import * as Plot from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import { formatShort } from '../format';
import { t } from '../l10n';
import { DataTable } from './data-table';
import { Chart } from './figure';
import { barsOf, binWidth, outline, residualSentence, residualTable } from './histogram';
import { PlotView } from './plot';
import { having, type Series } from './series';

/** How far off the predictions were, all columns over each other. */
export function Residuals({ series, unit }: { series: Series[]; unit: string | null }) {
  const all = useMemo(
    () => having(series, 'residuals').map(({ series: one, part }) => ({ series: one, bars: barsOf(part) })),
    [series],
  );
  const widths = new Set(all.flatMap(({ bars }) => binWidth(bars) ?? []));
  const width = Math.min(...widths);
  const per = unit === null ? formatShort(width) : `${formatShort(width)} ${unit}`;
  const title = t('Residuals');
  const summary = all.map(({ series: one, bars }) => residualSentence(one, bars, unit));
  const options = useMemo<Plot.PlotOptions>(
    () => ({
      marginLeft: 44,
      x: { label: labelled(t('label − prediction'), unit) },
      y: {
        label: widths.size > 1 ? t('share of rows for each {0}', per) : t('share of rows'),
        tickFormat: '%',
        grid: true,
        ticks: 5,
      },
      marks: [
        Plot.ruleX([0], { className: 'reference' }),
        ...all.map(({ series: { colour, dash }, bars }) =>
          Plot.lineY(outline(bars, width), {
            x: 'x',
            y: 'y',
            stroke: colour,
            strokeDasharray: dash,
            strokeWidth: 1.75,
          }),
        ),
        Plot.ruleY([0], { className: 'axis' }),
      ],
    }),
    [all, unit, widths.size, width, per],
  );
  return (
    <Chart
      title={title}
      summary={[...summary, t('The outermost bins also hold what lies beyond them.')]}
      legend={all.map((one) => one.series)}
      table={<DataTable label={title} read={() => residualTable(all)} />}
    >
      <PlotView label={[title, ...summary].join('. ')} height={220} options={options} />
    </Chart>
  );
}

export function labelled(text: string, unit: string | null): string {
  return unit === null ? text : `${text} (${unit})`;
}
