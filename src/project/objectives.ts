export type Kind = 'regression' | 'binary' | 'multiclass';

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

/** The objectives of the built-in XGBoost. */
export const objectives: readonly string[] = Object.keys(known).sort();

/** The image version from which on the container knows the objective, or undefined for all. */
export function objectiveSince(objective: string): string | undefined {
  return objective === 'reg:absoluteerror' ? '1.7-1' : undefined;
}
