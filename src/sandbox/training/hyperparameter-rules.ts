import { MAXIMISED_METRICS, MINIMISED_METRICS } from './metrics';

/** The allowed numbers of a hyperparameter; an open end is excluded. */
export interface Interval {
  min?: number;
  max?: number;
  openMin?: boolean;
  openMax?: boolean;
}

export type Rule =
  | ({ kind: 'integer' | 'continuous' } & Interval)
  | { kind: 'choice'; values: string[] }
  | { kind: 'list'; values: string[] }
  | { kind: 'free' };

const integer = (range: Interval = {}): Rule => ({ kind: 'integer', ...range });
const continuous = (range: Interval = {}): Rule => ({ kind: 'continuous', ...range });
const choice = (...values: string[]): Rule => ({ kind: 'choice', values });
const share = continuous({ min: 0, openMin: true, max: 1 });
const unit = continuous({ min: 0, max: 1 });
const boolean = choice('true', 'false');

export const ALIASES: Record<string, string> = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_lambda: 'lambda',
  reg_alpha: 'alpha',
};

const OBJECTIVES = [
  'aft_loss_distribution',
  'binary:logistic',
  'binary:logitraw',
  'binary:hinge',
  'count:poisson',
  'multi:softmax',
  'multi:softprob',
  'rank:pairwise',
  'rank:ndcg',
  'rank:map',
  'reg:linear',
  'reg:squarederror',
  'reg:logistic',
  'reg:gamma',
  'reg:pseudohubererror',
  'reg:squaredlogerror',
  'reg:tweedie',
  'survival:aft',
  'survival:cox',
];

/** From 1.5 the container knows more of scikit-learn's metrics, and mape. */
const METRICS_SINCE_15 = [
  'balanced_accuracy',
  'precision',
  'precision_macro',
  'precision_micro',
  'recall',
  'recall_macro',
  'recall_micro',
  'mape',
];

/** The metrics that an image knows, in the container's order: maximised first. */
export function knownMetrics(minor15: boolean): string[] {
  return [...MAXIMISED_METRICS, ...MINIMISED_METRICS].filter(
    (name) => minor15 || !METRICS_SINCE_15.includes(name),
  );
}

/** The container's rules (`algorithm_mode/hyperparameter_validation.py`) for an image's XGBoost release. */
export function rulesFor(release: readonly [number, number, number]): Record<string, Rule> {
  const [major, minor] = release;
  const since17 = major > 1 || minor >= 7;
  const metrics = knownMetrics(major > 1 || minor >= 5);
  return {
    num_round: integer({ min: 1 }),
    csv_weights: integer({ min: 0, max: 1 }),
    early_stopping_rounds: integer({ min: 1 }),
    booster: choice('gbtree', 'gblinear', 'dart'),
    verbosity: integer({ min: 0, max: 3 }),
    nthread: integer({ min: 1 }),
    eta: unit,
    gamma: continuous({ min: 0 }),
    max_depth: integer({ min: 0 }),
    min_child_weight: continuous({ min: 0 }),
    max_delta_step: continuous({ min: 0 }),
    subsample: share,
    colsample_bytree: share,
    colsample_bylevel: share,
    colsample_bynode: share,
    lambda: continuous({ min: 0 }),
    alpha: continuous({ min: 0 }),
    tree_method: choice('auto', 'exact', 'approx', 'hist', 'gpu_hist'),
    sketch_eps: continuous({ min: 0, max: 1, openMin: true, openMax: true }),
    scale_pos_weight: continuous({ min: 0, openMin: true }),
    updater: { kind: 'free' },
    dsplit: choice('row', 'col'),
    refresh_leaf: integer({ min: 0, max: 1 }),
    process_type: choice('default', 'update'),
    grow_policy: choice('depthwise', 'lossguide'),
    max_leaves: integer({ min: 0 }),
    max_bin: integer({ min: 0 }),
    predictor: choice('auto', 'cpu_predictor', 'gpu_predictor'),
    monotone_constraints: { kind: 'free' },
    interaction_constraints: { kind: 'free' },
    sample_type: choice('uniform', 'weighted'),
    normalize_type: choice('tree', 'forest'),
    rate_drop: unit,
    one_drop: integer({ min: 0, max: 1 }),
    skip_drop: unit,
    lambda_bias: unit,
    tweedie_variance_power: continuous({ min: 1, max: 2, openMin: true, openMax: true }),
    objective: choice(...OBJECTIVES, ...(since17 ? ['reg:absoluteerror'] : [])),
    num_class: integer({ min: 2 }),
    base_score: continuous({ min: 0 }),
    _kfold: integer({ min: 2 }),
    _num_cv_round: integer({ min: 1 }),
    _tuning_objective_metric: choice(...metrics.map((name) => `validation:${name}`)),
    eval_metric: { kind: 'list', values: metrics },
    seed: integer({ min: -(2 ** 31), max: 2 ** 31 - 1, openMin: true, openMax: true }),
    num_parallel_tree: integer({ min: 1 }),
    save_model_on_termination: boolean,
    aft_loss_distribution: choice('normal', 'logistic', 'extreme'),
    aft_loss_distribution_scale: continuous({ min: 0 }),
    deterministic_histogram: boolean,
    sampling_method: choice('uniform', 'gradient_based'),
    prob_buffer_row: integer({ min: 1, openMin: true }),
    use_dask_gpu_training: boolean,
  };
}
