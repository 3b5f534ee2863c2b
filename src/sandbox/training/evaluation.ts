import { algorithmError } from './failure';
import { outputsOf } from './gradients';
import { CONTAINER_METRICS, containerMetric, type Metric, xgboostMetric } from './metrics';
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
  const { major, tweedieVariancePower } = parameters.objectiveOptions;
  return [
    ...native
      .filter((name) => !container.includes(name))
      .map((name) => named(name, xgboostMetric(name, tweedieVariancePower))),
    ...container.map((name) => named(name, containerMetric(name, major))),
  ];
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

function named(name: string, compute: Metric | undefined): NamedMetric {
  if (!compute) throw algorithmError(`Metric '${name}' is not supported by the sandbox's container.`);
  return { name, compute };
}
