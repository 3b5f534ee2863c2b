import * as Plot from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import { t } from '../l10n';
import {
  type CalibrationPoint,
  type Curve,
  calibrationPoints,
  calibrationSentence,
  calibrationTable,
  decilePoints,
  decileSentence,
  decileTable,
  type Point,
  rocPoints,
  rocSentence,
  rocTable,
} from './curves';
import { DataTable } from './data-table';
import { Chart } from './figure';
import { PlotView } from './plot';
import { labelled } from './residuals';
import { having, type Series } from './series';
import type { TableData } from './table-data';

export function Deciles({ series, unit }: { series: Series[]; unit: string | null }) {
  const all = useMemo(() => having(series, 'deciles'), [series]);
  const curves = useMemo(
    () => all.map(({ series: one, part }) => ({ series: one, points: decilePoints(part) })),
    [all],
  );
  const options = useMemo<Plot.PlotOptions>(
    () => ({
      marginLeft: 44,
      x: {
        label: t('decile of the prediction, lowest first'),
        ticks: 10,
        tickFormat: 'd',
        domain: [1, 10],
        inset: 8,
      },
      y: { label: labelled(t('mean absolute error'), unit), grid: true, ticks: 5, zero: true, nice: true },
      marks: marksOf(curves, true),
    }),
    [curves, unit],
  );
  return (
    <Curves
      title={t('Error by decile')}
      curves={curves}
      sentence={(curve) => decileSentence(curve, unit)}
      options={options}
      table={() => decileTable(all)}
    />
  );
}

export function Calibration({ series }: { series: Series[] }) {
  const all = useMemo(() => having(series, 'calibration'), [series]);
  const curves = useMemo(
    () => all.map(({ series: one, part }) => ({ series: one, points: calibrationPoints(part) })),
    [all],
  );
  const options = useMemo(
    () => ({
      ...square(t('predicted probability'), t('share that is true'), [
        ...marksOf(curves, false),
        ...curves.map(({ series: { colour, symbol }, points }) =>
          Plot.dot(points, { x: 'x', y: 'y', fill: colour, symbol, r: radius(points) }),
        ),
      ]),
      r: { type: 'identity' as const },
    }),
    [curves],
  );
  return (
    <Curves
      title={t('Calibration')}
      curves={curves}
      sentence={calibrationSentence}
      options={options}
      table={() => calibrationTable(all)}
      maxWidth={420}
    />
  );
}

export function Roc({ series }: { series: Series[] }) {
  const curves = useMemo(
    () => having(series, 'roc').map(({ series: one, part }) => ({ series: one, points: rocPoints(part) })),
    [series],
  );
  const options = useMemo(
    () => square(t('false positive rate'), t('true positive rate'), marksOf(curves, false)),
    [curves],
  );
  return (
    <Curves
      title={t('ROC curve')}
      curves={curves}
      sentence={rocSentence}
      options={options}
      table={() => rocTable(curves)}
      maxWidth={420}
    />
  );
}

/** The area tells the rows; those of a few rows are still seen. */
function radius(points: CalibrationPoint[]): (point: CalibrationPoint) => number {
  const most = Math.max(...points.map(({ rows }) => rows));
  return ({ rows }) => 1.5 + 5 * Math.sqrt(rows / most);
}

function Curves<P extends Point>(props: {
  title: string;
  curves: Curve<P>[];
  sentence(curve: Curve<P>): string;
  options: Plot.PlotOptions;
  table(): TableData;
  maxWidth?: number;
}) {
  const summary = props.curves.map(props.sentence);
  return (
    <Chart
      title={props.title}
      summary={summary}
      legend={props.curves.map(({ series }) => series)}
      table={<DataTable label={props.title} read={props.table} />}
    >
      <PlotView
        label={[props.title, ...summary].join('. ')}
        height={props.maxWidth ? 300 : 220}
        maxWidth={props.maxWidth}
        options={props.options}
      />
    </Chart>
  );
}

function marksOf(curves: Curve[], dotted: boolean): Plot.Markish[] {
  return curves.flatMap(({ series: { colour, dash, symbol }, points }) => [
    Plot.line(points, { x: 'x', y: 'y', stroke: colour, strokeDasharray: dash, strokeWidth: 1.75 }),
    ...(dotted ? [Plot.dot(points, { x: 'x', y: 'y', fill: colour, symbol, r: 3.5 })] : []),
  ]);
}

/** Both axes are shares, and on the diagonal they are equal. */
function square(x: string, y: string, marks: Plot.Markish[]): Plot.PlotOptions {
  return {
    marginLeft: 44,
    x: { label: x, domain: [0, 1], tickFormat: '%', ticks: 5, grid: true },
    y: { label: y, domain: [0, 1], tickFormat: '%', ticks: 5, grid: true },
    marks: [Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, className: 'reference' }), ...marks],
  };
}
