import { WarmstartError } from '../errors';
import { metricDirections } from '../project/xgboost';
import type { Kind } from './report';

export interface Objective {
  kind: Kind;
  /** The objective metric of a tuning job, such as `validation:rmse`; null for objectives we do not know. */
  tuningMetric: string | null;
  /** The metrics shown first, most telling first. */
  metrics: string[];
}

const shown: Record<Kind, string[]> = {
  regression: ['mae', 'rmse', 'stdev_error', 'r2'],
  binary: ['auc', 'logloss', 'accuracy', 'precision', 'recall', 'f1'],
  multiclass: ['accuracy', 'mlogloss', 'macro_f1', 'weighted_f1'],
};

/**
 * The objectives that SageMaker's XGBoost containers admit (`hyperparameter_validation.py`) and XGBoost's own
 * default metric of each. `reg:tweedie` reports as `tweedie-nloglik@1.5`, which the container's metric
 * definitions do not match, so rmse stands in.
 */
const known: Record<string, [Kind, metric: string]> = {
  'reg:squarederror': ['regression', 'rmse'],
  'reg:linear': ['regression', 'rmse'],
  'reg:logistic': ['regression', 'rmse'],
  'reg:squaredlogerror': ['regression', 'rmsle'],
  'reg:absoluteerror': ['regression', 'mae'],
  'reg:pseudohubererror': ['regression', 'mphe'],
  'reg:gamma': ['regression', 'gamma-nloglik'],
  'reg:tweedie': ['regression', 'rmse'],
  'count:poisson': ['regression', 'poisson-nloglik'],
  'survival:aft': ['regression', 'aft-nloglik'],
  'survival:cox': ['regression', 'cox-nloglik'],
  'rank:pairwise': ['regression', 'ndcg'],
  'rank:ndcg': ['regression', 'ndcg'],
  'rank:map': ['regression', 'map'],
  'binary:logistic': ['binary', 'logloss'],
  'binary:logitraw': ['binary', 'logloss'],
  'binary:hinge': ['binary', 'error'],
  'multi:softmax': ['multiclass', 'mlogloss'],
  'multi:softprob': ['multiclass', 'mlogloss'],
};

/** What is known of an objective. Others (of own images) are read by their prefix, and as regression without one. */
export function objectiveOf(objective: string): Objective {
  const entry = Object.hasOwn(known, objective) ? known[objective] : undefined;
  const kind = entry?.[0] ?? kindByPrefix(objective);
  return { kind, tuningMetric: entry ? `validation:${entry[1]}` : null, metrics: shown[kind] };
}

/** Numbers per row that a model answers, from its objective and its `num_class`. */
export function outputsOf(objective: string, classes: number | undefined): number {
  return objective === 'multi:softprob' ? (classes ?? 1) : 1;
}

function kindByPrefix(objective: string): Kind {
  if (objective.startsWith('binary:')) return 'binary';
  return objective.startsWith('multi:') ? 'multiclass' : 'regression';
}

export type Direction = 'Maximize' | 'Minimize';

/**
 * The direction of a tuning job's objective metric, with or without its channel (`validation:auc`) and
 * parameter (`validation:ndcg@10`).
 * @throws WarmstartError `evaluation.unknown-metric` (usage)
 */
export function directionOf(tuningMetric: string): Direction {
  const name = tuningMetric.replace(/^(train|validation):/, '').replace(/@.*$/, '');
  const direction = Object.hasOwn(metricDirections, name) ? metricDirections[name] : undefined;
  if (direction) return direction;
  throw new WarmstartError(
    'evaluation.unknown-metric',
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
 * @throws WarmstartError `evaluation.unknown-metric` (usage)
 */
export function directionOfMetric(name: string): Reading {
  if (Object.hasOwn(readings, name)) return readings[name]!;
  throw new WarmstartError('evaluation.unknown-metric', `There is no metric "${name}".`, {
    kind: 'usage',
    remedy: `Known: ${metricNames.join(', ')}.`,
  });
}

/** How much worse `candidate` is than `champion`, in the metric's unit; negative when it is better. */
export function worsening(name: string, candidate: number, champion: number): number {
  const reading = directionOfMetric(name);
  if (reading === 'zero') return Math.abs(candidate) - Math.abs(champion);
  return reading === 'lower' ? candidate - champion : champion - candidate;
}
