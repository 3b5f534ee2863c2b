import * as Plot from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import { clip } from '../format';
import { t } from '../l10n';
import {
  type ConfusionCell,
  confusionCells,
  confusionSentence,
  confusionTable,
  shortCount,
} from './confusion';
import { DataTable } from './data-table';
import { Chart } from './figure';
import { PlotView } from './plot';
import { having, type Series } from './series';

/** Beyond so many classes the numbers would not fit their cells; they stand in the table. */
const readable = 12;

/** What each class was taken for, a matrix for each column. */
export function Confusion({ series }: { series: Series[] }) {
  const all = useMemo(
    () =>
      having(series, 'confusion').map(({ series: one, part }) => ({
        series: one,
        labels: part.labels,
        cells: confusionCells(part),
      })),
    [series],
  );
  const title = t('Confusion matrix');
  return (
    <Chart
      title={title}
      wide={all.some(({ labels }) => labels.length > 2)}
      summary={all.map((one) => confusionSentence(one.series, one.cells))}
      table={<DataTable label={title} read={() => confusionTable(all)} />}
    >
      <div class="multiples">
        {all.map((one) => (
          <Matrix key={one.series.arn} {...one} />
        ))}
      </div>
    </Chart>
  );
}

function Matrix({ series, labels, cells }: { series: Series; labels: string[]; cells: ConfusionCell[] }) {
  const options = useMemo<Plot.PlotOptions>(() => {
    const short = (label: string) => clip(label, 12).text;
    const longest = Math.max(...labels.map((label) => short(label).length));
    return {
      marginLeft: 34 + longest * 6,
      marginBottom: 42,
      x: { label: t('predicted'), type: 'band', domain: labels, tickFormat: short, padding: 0.03 },
      y: {
        label: t('actual'),
        labelOffset: 28 + longest * 6,
        type: 'band',
        domain: labels,
        tickFormat: short,
        padding: 0.03,
      },
      opacity: { type: 'identity' },
      marks: [
        Plot.cell(cells, {
          x: 'predicted',
          y: 'actual',
          fill: 'var(--heat)',
          fillOpacity: ({ share }: ConfusionCell) => 0.04 + 0.36 * Math.sqrt(share),
        }),
        ...(labels.length <= readable
          ? [
              Plot.text(cells, {
                x: 'predicted',
                y: 'actual',
                text: ({ rows }: ConfusionCell) => shortCount(rows),
              }),
            ]
          : []),
      ],
    };
  }, [labels, cells]);
  const height = Math.min(420, 90 + labels.length * 34);
  return (
    <div class="multiple">
      <h4>
        <bdi>{series.label}</bdi>
      </h4>
      <PlotView label={confusionSentence(series, cells)} height={height} maxWidth={420} options={options} />
    </div>
  );
}
