import * as Plot from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import { t } from '../l10n';
import { DataTable } from './data-table';
import { Chart } from './figure';
import { cellsOf, extentOf, type GridCell, gridSentence, gridTable } from './grid';
import { PlotView } from './plot';
import { labelled } from './residuals';
import { having, type Series } from './series';

/** Predicted against actual, a heat map for each column on the same axes. */
export function Predicted({ series, unit }: { series: Series[]; unit: string | null }) {
  const all = useMemo(
    () => having(series, 'grid').map(({ series: one, part }) => ({ series: one, cells: cellsOf(part) })),
    [series],
  );
  const extent = useMemo(() => extentOf(all.map(({ cells }) => cells)), [all]);
  const title = t('Predicted against actual');
  return (
    <Chart
      title={title}
      wide={all.length > 2}
      summary={all.map((one) => gridSentence(one.series, one.cells))}
      table={<DataTable label={title} read={() => gridTable(all)} />}
    >
      <div class="multiples">
        {all.map((one) => (
          <HeatMap key={one.series.arn} {...one} extent={extent} unit={unit} />
        ))}
      </div>
    </Chart>
  );
}

function HeatMap(props: {
  series: Series;
  cells: GridCell[];
  extent: ReturnType<typeof extentOf>;
  unit: string | null;
}) {
  const { series, cells, extent, unit } = props;
  const options = useMemo<Plot.PlotOptions>(() => {
    const fullest = Math.max(...cells.map(({ share }) => share));
    const low = Math.max(extent.predicted[0], extent.actual[0]);
    const high = Math.min(extent.predicted[1], extent.actual[1]);
    return {
      marginLeft: 44,
      x: { label: labelled(t('predicted'), unit), domain: extent.predicted, ticks: 4 },
      y: { label: labelled(t('actual'), unit), domain: extent.actual, ticks: 4 },
      opacity: { type: 'identity' },
      marks: [
        Plot.rect(cells, {
          x1: 'predictedFrom',
          x2: 'predictedTo',
          y1: 'actualFrom',
          y2: 'actualTo',
          fill: 'var(--heat)',
          // The root keeps the thin edges of a distribution in sight.
          fillOpacity: ({ share }: GridCell) => 0.06 + 0.94 * Math.sqrt(share / fullest),
        }),
        Plot.link([0], { x1: low, y1: low, x2: high, y2: high, className: 'reference' }),
      ],
    };
  }, [cells, extent, unit]);
  return (
    <div class="multiple">
      <h4>
        <bdi>{series.label}</bdi>
      </h4>
      <PlotView label={gridSentence(series, cells)} height={230} maxWidth={320} options={options} />
    </div>
  );
}
