import { directionOfMetric, metricNames, unitOfMetric } from '../project/metrics';
import { objectiveOf } from '../project/objectives';
import type { MetricCell, MetricRow } from './comparison';
import { differenceOf } from './difference';
import type { ModelFacts } from './facts';
import { againstOf, measuredBaseline, measuredOf } from './measured';
import { unitOf } from './unit';

/** Every metric that any column has, those first that the project wants shown (or the objective's own), with a cell for each column. */
export function metricRows(facts: ModelFacts): MetricRow[] {
  const { baseline, candidates } = facts;
  const unit = unitOf(facts);
  const measured = [
    ...(baseline ? [measuredBaseline(baseline, candidates)] : []),
    ...candidates.map(measuredOf),
  ];
  const against = [
    ...(baseline ? [null] : []),
    ...candidates.map((each) => (baseline ? againstOf(each, baseline) : null)),
  ];
  const wanted = wantedMetrics(facts);
  const present = new Set(measured.flatMap(({ metrics }) => Object.keys(metrics)));
  return [...new Set([...wanted.filter((name) => present.has(name)), ...present])].map((metric) => {
    const cells = measured.map(({ metrics }, i): MetricCell => {
      const value = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
      const opponent = against[i];
      return {
        value: value ?? null,
        difference: opponent ? differenceOf(metric, value, opponent, unit) : null,
      };
    });
    return {
      metric,
      reading: metricNames.includes(metric) ? directionOfMetric(metric) : null,
      unit: unitOfMetric(metric, unit),
      wanted: wanted.includes(metric),
      cells,
      equal: areEqual(cells),
    };
  });
}

/** Whether there is nothing to see in a row: at least two columns, and all of them with the same value. */
function areEqual(cells: MetricCell[]): boolean {
  const [first, ...others] = cells;
  return (
    first !== undefined &&
    others.length > 0 &&
    Number.isFinite(first.value) &&
    others.every(
      ({ value, difference }) => value === first.value && (difference === null || difference.delta === 0),
    )
  );
}

function wantedMetrics({ model, baseline, candidates }: ModelFacts): readonly string[] {
  if (model?.evaluation.metrics) return model.evaluation.metrics;
  const objective =
    model?.training.objective ??
    [...candidates, ...(baseline ? [baseline] : [])].find(({ evaluation }) => evaluation)?.evaluation
      ?.objective;
  return objective === undefined ? [] : objectiveOf(objective).metrics;
}
