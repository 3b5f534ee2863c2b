import * as Plot from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import type { Drift as DriftOf, FeatureShift, ModelComparison } from '../../src/comparison/comparison';
import { versionName } from '../columns';
import { clip } from '../format';
import { t } from '../l10n';
import { Select } from '../toolkit';
import { useChosen } from './chosen';
import { DataTable } from './data-table';
import {
  driftSentence,
  driftTable,
  levelWord,
  moderate,
  shiftSentence,
  shiftTable,
  shownAtFirst,
  strong,
} from './drift';
import { valueAxis } from './features';
import { Chart } from './figure';
import { type DrawnPlot, PlotView } from './plot';

/** How far the data of a candidate moved from the baseline's: all features by index, and one of them in full. */
export function Drift({ model }: { model: ModelComparison }) {
  const drifts = model.drift.filter(({ features }) => features.length > 0);
  const [arn, chooseArn] = useChosen(
    'drift',
    drifts.map((one) => one.arn),
  );
  const drift = drifts.find((one) => one.arn === arn)!;
  const names = drift.features.map(({ feature }) => feature);
  const [feature, choose] = useChosen('drift-feature', names);
  const shift = drift.features.find((one) => one.feature === feature)!;
  const name = (of: string) =>
    versionName(model.columns.find((column) => column.arn === of) ?? model.columns[0]!);
  const title = t('Drift of the data');
  return (
    <Chart
      title={title}
      wide
      controls={
        <>
          {drifts.length > 1 && (
            <Select
              label={t('Version')}
              value={arn}
              choices={drifts.map((one) => ({ value: one.arn, label: name(one.arn) }))}
              onChange={chooseArn}
            />
          )}
          <Select
            label={t('Column')}
            value={feature}
            choices={names.map((one) => ({ value: one, label: one }))}
            onChange={choose}
          />
        </>
      }
      summary={[`${name(arn)}: ${driftSentence(drift)}`, shiftSentence(shift)]}
      table={<DataTable label={title} read={() => driftTable(drift)} />}
    >
      <div class="multiples">
        <Bars drift={drift} chosen={feature} onChoose={choose} />
        <Distribution shift={shift} />
      </div>
    </Chart>
  );
}

function Bars({
  drift,
  chosen,
  onChoose,
}: {
  drift: DriftOf;
  chosen: string;
  onChoose(feature: string): void;
}) {
  const { features } = drift;
  const shown = useMemo(
    () => features.filter(({ feature }, index) => index < shownAtFirst || feature === chosen),
    [features, chosen],
  );
  const options = useMemo<Plot.PlotOptions>(() => {
    const names = shown.map(({ feature }) => feature);
    return {
      ...valueAxis(names),
      marginTop: 34,
      marginRight: 34,
      x: {
        label: t('population stability index'),
        ticks: 4,
        domain: [0, Math.max(0.3, shown[0]!.psi * 1.1)],
      },
      y: { ...valueAxis(names).y, type: 'band', padding: 0.25 },
      marks: [
        Plot.barX(shown, {
          x: 'psi',
          y: 'feature',
          className: 'selectable',
          fill: ({ feature }: FeatureShift) => (feature === chosen ? 'var(--series-1)' : 'var(--muted)'),
        }),
        Plot.ruleX([moderate, strong], { className: 'reference' }),
        Plot.text(shown, {
          x: 'psi',
          y: 'feature',
          text: ({ psi }: FeatureShift) => psi.toFixed(2),
          stroke: 'var(--paper)',
          fill: 'currentColor',
          strokeWidth: 4,
          dx: 4,
          textAnchor: 'start',
        }),
        Plot.text(
          [
            { x: moderate, text: t('moderate') },
            { x: strong, text: t('strong') },
          ],
          { x: 'x', text: 'text', frameAnchor: 'top', dy: -12 },
        ),
      ],
    };
  }, [shown, chosen]);
  const selectable = ({ svg }: DrawnPlot) => {
    svg.querySelectorAll('.selectable rect').forEach((bar, index) => {
      const feature = shown[index]?.feature;
      if (feature !== undefined) bar.addEventListener('click', () => onChoose(feature));
    });
  };
  const left = features.length + drift.hidden - shown.length;
  return (
    <div class="multiple">
      <PlotView
        label={driftSentence(drift)}
        height={70 + shown.length * 20}
        options={options}
        onDrawn={selectable}
      />
      {left > 0 && (
        <p class="aside">
          {left === 1 ? t('1 more column moved less.') : t('{0} more columns moved less.', left)}
        </p>
      )}
    </div>
  );
}

/** The candidate's shares as bars, the baseline's as marks across them. */
function Distribution({ shift }: { shift: FeatureShift }) {
  const options = useMemo<Plot.PlotOptions>(() => {
    const labels = shift.bins.map(({ label }) => label);
    return {
      ...valueAxis(labels),
      marginTop: 34,
      x: { label: t('share of rows'), tickFormat: '%', ticks: 4, grid: true, zero: true },
      y: { ...valueAxis(labels).y, type: 'band', padding: 0.25 },
      marks: [
        Plot.barX(shift.bins, { x: 'candidate', y: 'label', fill: 'var(--series-1)', fillOpacity: 0.65 }),
        Plot.tickX(shift.bins, {
          x: 'baseline',
          y: 'label',
          stroke: 'var(--series-0)',
          strokeWidth: 3,
          inset: -2,
        }),
        Plot.ruleX([0], { className: 'axis' }),
      ],
    };
  }, [shift]);
  return (
    <div class="multiple">
      <h4>
        <bdi>{clip(shift.feature, 60).text}</bdi> <span class="aside">{levelWord(shift.level)}</span>
      </h4>
      <PlotView label={shiftSentence(shift)} height={70 + shift.bins.length * 22} options={options} />
      <ul class="legend">
        <li>
          <span class="swatch bar" aria-hidden="true" /> {t('candidate')}
        </li>
        <li>
          <span class="swatch tick" aria-hidden="true" /> {t('baseline')}
        </li>
      </ul>
      <DataTable label={shift.feature} read={() => shiftTable(shift)} />
    </div>
  );
}
