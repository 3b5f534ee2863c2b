import { WarmstartError } from '../errors';

/** Metrics of two kinds: those that a tuning job optimises, as the container names them, and those of our evaluations. */

export type Direction = 'Maximize' | 'Minimize';

const MAXIMIZED =
  'accuracy auc aucpr balanced_accuracy f1 f1_binary f1_macro map ndcg precision precision_macro precision_micro r2 recall recall_macro recall_micro'.split(
    ' ',
  );
const MINIMIZED =
  'aft-nloglik cox-nloglik error gamma-deviance gamma-nloglik interval-regression-accuracy logloss mae mape merror mlogloss mphe mse poisson-nloglik rmse rmsle tweedie-nloglik'.split(
    ' ',
  );
const SINCE_1_5 = /^(balanced_accuracy|precision|recall|mape)/;

/** Metric name without its channel → which way is better. */
export const metricDirections: Readonly<Record<string, Direction>> = Object.fromEntries([
  ...MAXIMIZED.map((metric) => [metric, 'Maximize'] as const),
  ...MINIMIZED.map((metric) => [metric, 'Minimize'] as const),
]);

/** The image version from which on the container reports the metric, or undefined for all. */
export const metricSince = (metric: string): string | undefined =>
  SINCE_1_5.test(metric) ? '1.5-1' : undefined;

/**
 * The direction of a tuning job's objective metric, with or without its channel (`validation:auc`) and
 * parameter (`validation:ndcg@10`).
 * @throws WarmstartError `project.unknown-metric` (usage)
 */
export function directionOf(tuningMetric: string): Direction {
  const name = tuningMetric.replace(/^(train|validation):/, '').replace(/@.*$/, '');
  const direction = Object.hasOwn(metricDirections, name) ? metricDirections[name] : undefined;
  if (direction) return direction;
  throw new WarmstartError(
    'project.unknown-metric',
    `"${tuningMetric}" is not a metric of the XGBoost containers.`,
    { kind: 'usage', remedy: `Known: ${Object.keys(metricDirections).sort().join(', ')}.` },
  );
}

/** How a metric of ours is read. `zero`: the closer to zero, the better. */
export type Reading = 'lower' | 'higher' | 'zero';

const readings: Record<string, Reading> = {
  mae: 'lower',
  mse: 'lower',
  rmse: 'lower',
  stdev_error: 'lower',
  mape: 'lower',
  median_ae: 'lower',
  r2: 'higher',
  bias: 'zero',
  auc: 'higher',
  aucpr: 'higher',
  logloss: 'lower',
  brier: 'lower',
  mlogloss: 'lower',
  accuracy: 'higher',
  precision: 'higher',
  recall: 'higher',
  f1: 'higher',
  macro_precision: 'higher',
  macro_recall: 'higher',
  macro_f1: 'higher',
  weighted_precision: 'higher',
  weighted_recall: 'higher',
  weighted_f1: 'higher',
};

/** The names of every metric that an evaluation can hold. */
export const metricNames: readonly string[] = Object.keys(readings);

/**
 * How one of our own metrics is read.
 * @throws WarmstartError `project.unknown-metric` (usage)
 */
export function directionOfMetric(name: string): Reading {
  if (Object.hasOwn(readings, name)) return readings[name]!;
  throw new WarmstartError('project.unknown-metric', `There is no metric "${name}".`, {
    kind: 'usage',
    remedy: `Known: ${metricNames.join(', ')}.`,
  });
}

const inUnitOfLabel = new Set(['mae', 'rmse', 'stdev_error', 'bias', 'median_ae']);

/** The unit of a metric of ours when the label has `labelUnit`; null for those without one. */
export function unitOfMetric(name: string, labelUnit: string | null): string | null {
  return inUnitOfLabel.has(name) ? labelUnit : null;
}

/** How much worse `candidate` is than `champion`, in the metric's unit; negative when it is better. */
export function worsening(name: string, candidate: number, champion: number): number {
  const reading = directionOfMetric(name);
  if (reading === 'zero') return Math.abs(candidate) - Math.abs(champion);
  return reading === 'lower' ? candidate - champion : champion - candidate;
}
