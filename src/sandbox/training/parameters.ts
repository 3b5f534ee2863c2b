import { algorithmError } from './failure';
import type { Growth } from './grow';
import type { Hyperparameters } from './hyperparameters';
import type { ObjectiveOptions } from './objectives';

/** A training run's settings, with XGBoost's defaults filled in. */
export interface Parameters {
  rounds: number;
  objective: string;
  objectiveOptions: ObjectiveOptions;
  growth: Growth;
  subsample: number;
  parallelTrees: number;
  maxBin: number;
  seed: number;
  baseScore?: number;
  earlyStoppingRounds?: number;
  /** As asked for by name; empty means the objective's default. */
  evalMetrics: string[];
  /** The tuning job's metric without `validation:`. */
  tuningMetric?: string;
}

/** Poisson regression limits its steps unless told otherwise (`PoissonRegressionParam`). */
const POISSON_MAX_DELTA_STEP = 0.7;

/**
 * Reads validated hyperparameters.
 * @throws WarmstartError `training.algorithm-error` for settings of the container that the sandbox cannot train
 */
export function readParameters(
  hp: Hyperparameters,
  release: readonly [number, number, number],
  features: number,
): Parameters {
  refuseUnsupported(hp);
  const number = (name: string, fallback: number): number => {
    const text = hp[name];
    return text === undefined ? fallback : Number(text);
  };
  const objective = hp.objective ?? 'reg:squarederror';
  const poisson = objective === 'count:poisson';
  const maxDeltaStep = number('max_delta_step', poisson ? POISSON_MAX_DELTA_STEP : 0);
  const parallelTrees = number('num_parallel_tree', 1);
  const policy = hp.grow_policy === 'lossguide' ? 'lossguide' : 'depthwise';
  const monotone = monotoneDirections(hp.monotone_constraints, features);
  const parameters: Parameters = {
    rounds: number('num_round', 1),
    objective,
    objectiveOptions: {
      classes: number('num_class', 0),
      scalePosWeight: number('scale_pos_weight', 1),
      tweedieVariancePower: number('tweedie_variance_power', 1.5),
      maxDeltaStep,
      huberSlope: 1,
      major: release[0],
    },
    growth: {
      regularisation: {
        lambda: Math.fround(number('lambda', 1)),
        alpha: Math.fround(number('alpha', 0)),
        maxDeltaStep: Math.fround(maxDeltaStep),
        minChildWeight: Math.fround(number('min_child_weight', 1)),
        ...(monotone && { monotone }),
      },
      eta: Math.fround(Math.fround(number('eta', 0.3)) / parallelTrees),
      gamma: Math.fround(number('gamma', 0)),
      maxDepth: number('max_depth', 6),
      maxLeaves: number('max_leaves', 0),
      policy,
      columnsByTree: number('colsample_bytree', 1),
      columnsByLevel: number('colsample_bylevel', 1),
      columnsByNode: number('colsample_bynode', 1),
    },
    subsample: number('subsample', 1),
    parallelTrees,
    maxBin: Math.max(2, number('max_bin', 256)),
    seed: number('seed', 0),
    evalMetrics: hp.eval_metric?.split(',') ?? [],
  };
  if (hp.base_score !== undefined) parameters.baseScore = Math.fround(Number(hp.base_score));
  if (hp.early_stopping_rounds !== undefined)
    parameters.earlyStoppingRounds = Number(hp.early_stopping_rounds);
  const tuning = hp._tuning_objective_metric?.split(':')[1];
  if (tuning) parameters.tuningMetric = tuning;
  return parameters;
}

function refuseUnsupported(hp: Hyperparameters): void {
  const refuse = (what: string) => algorithmError(`${what} is not supported by the sandbox's container.`);
  const objective = hp.objective ?? '';
  if (hp.booster !== undefined && hp.booster !== 'gbtree') throw refuse(`booster '${hp.booster}'`);
  if (/^(rank|survival):/.test(objective)) throw refuse(`Objective '${objective}'`);
  if (hp._kfold !== undefined) throw refuse('k-fold cross validation');
  if (hp.interaction_constraints !== undefined) throw refuse('interaction_constraints');
  if (hp.process_type === 'update') throw refuse("process_type 'update'");
  if (hp.tree_method === 'gpu_hist') throw refuse("tree_method 'gpu_hist'");
}

/** `(1,-1,0)`, padded with 0 for features that are not named. */
function monotoneDirections(text: string | undefined, features: number): Int8Array | undefined {
  if (text === undefined) return undefined;
  const directions = text
    .replace(/[()[\]\s]/g, '')
    .split(',')
    .filter((part) => part !== '')
    .map(Number);
  if (directions.length > features || directions.some((direction) => ![-1, 0, 1].includes(direction))) {
    throw algorithmError(
      'The size of monotone constraint should be less than or equal to the number of features.',
    );
  }
  const padded = new Int8Array(features);
  padded.set(directions);
  return directions.some((direction) => direction !== 0) ? padded : undefined;
}
