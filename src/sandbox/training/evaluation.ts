import { algorithmError } from './failure';
import { outputsOf } from './gradients';
import { CONTAINER_METRICS, createMetric, type Metric } from './metrics';
import type { Objective } from './objectives';
import type { Parameters } from './parameters';

export interface NamedMetric {
  name: string;
  compute: Metric;
}

/**
 * The metrics of a run in the order of the container's log: XGBoost's own, then the container's. A tuning metric
 * joins those of `eval_metric` (both then sorted); without either the objective's default is evaluated, and
 * XGBoost also evaluates it beside metrics that are only the container's (`train_utils.py`).
 */
export function metricsOf(parameters: Parameters, objective: Objective): NamedMetric[] {
  const { evalMetrics, tuningMetric } = parameters;
  const asked = tuningMetric
    ? [...new Set([...evalMetrics, tuningMetric])].sort()
    : [...new Set(evalMetrics)];
  const own = asked.filter((name) => !CONTAINER_METRICS.includes(name));
  const container = asked.filter((name) => CONTAINER_METRICS.includes(name));
  const native = own.length > 0 ? own : [objective.defaultMetric];
  const names = [...native.filter((name) => !container.includes(name)), ...container];
  return names.map((name) => ({ name: displayName(name, parameters), compute: find(name, parameters) }));
}

/** The metric that early stopping watches: the tuning job's, else the last of `eval_metric`, else none. */
export function watchedMetric({ tuningMetric, evalMetrics }: Parameters): string | undefined {
  return tuningMetric ?? evalMetrics.at(-1);
}

export function evaluate(
  metrics: NamedMetric[],
  objective: Objective,
  margins: Float32Array[],
  targets: { labels: Float32Array; weights?: Float32Array },
): number[] {
  const evaluation = { ...targets, margins, outputs: outputsOf(objective, margins) };
  return metrics.map(({ compute }) => compute(evaluation));
}

function find(name: string, { objectiveOptions }: Parameters): Metric {
  const metric = createMetric(name, {
    major: objectiveOptions.major,
    tweediePower: objectiveOptions.tweedieVariancePower,
  });
  if (!metric) throw algorithmError(`Metric '${name}' is not supported by the sandbox's container.`);
  return metric;
}

function displayName(name: string, { objectiveOptions }: Parameters): string {
  return name === 'tweedie-nloglik' ? `${name}@${objectiveOptions.tweedieVariancePower}` : name;
}
