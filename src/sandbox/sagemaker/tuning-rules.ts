import type {
  CreateHyperParameterTuningJobRequest,
  HyperParameterTrainingJobDefinition,
  HyperParameterTuningJobConfig,
} from '@aws-sdk/client-sagemaker';
import type { Valid } from '../protocol/types';
import type { SearchSpace } from '../training/contract';
import { knownMetrics } from '../training/hyperparameter-rules';
import { MAXIMISED_METRICS } from '../training/metrics';
import { gridSize } from '../training/search/suggest';
import { validationError } from './errors';

export type TuningInput = Valid<CreateHyperParameterTuningJobRequest>;
export type TuningConfig = Valid<HyperParameterTuningJobConfig>;
export type TuningDefinition = Valid<HyperParameterTrainingJobDefinition>;

/** What the container offers for tuning and how (sagemaker.md B5). AWS documents max_delta_step as Integer, the container not. */
const TUNABLE: Record<string, ('Integer' | 'Continuous')[]> = {
  num_round: ['Integer'],
  max_depth: ['Integer'],
  max_delta_step: ['Integer', 'Continuous'],
  eta: ['Continuous'],
  gamma: ['Continuous'],
  min_child_weight: ['Continuous'],
  subsample: ['Continuous'],
  colsample_bytree: ['Continuous'],
  colsample_bylevel: ['Continuous'],
  colsample_bynode: ['Continuous'],
  lambda: ['Continuous'],
  alpha: ['Continuous'],
};

export function searchSpaceOf(config: TuningConfig): SearchSpace {
  const ranges = config.ParameterRanges;
  return {
    integers: ranges?.IntegerParameterRanges ?? [],
    continuous: ranges?.ContinuousParameterRanges ?? [],
    categorical: ranges?.CategoricalParameterRanges ?? [],
  };
}

export type RangeType = 'Integer' | 'Continuous' | 'Categorical';

/** The tuned hyperparameters and their types. */
export function tunedTypes(config: TuningConfig): Map<string, RangeType> {
  const { integers, continuous, categorical } = searchSpaceOf(config);
  return new Map<string, RangeType>([
    ...integers.map(({ Name }): [string, RangeType] => [Name, 'Integer']),
    ...continuous.map(({ Name }): [string, RangeType] => [Name, 'Continuous']),
    ...categorical.map(({ Name }): [string, RangeType] => [Name, 'Categorical']),
  ]);
}

/** How many training jobs the tuning job runs. */
export function jobsOf(config: TuningConfig): number {
  if (config.Strategy === 'Grid') return gridSize(searchSpaceOf(config));
  return config.ResourceLimits.MaxNumberOfTrainingJobs ?? 10;
}

/**
 * The rules on a tuning job alone, without its parents: sagemaker.md A1, A3, A4.
 * @param version the XGBoost image's version
 * @throws ServiceError ValidationException
 */
export function checkTuning(config: TuningConfig, definition: TuningDefinition, version: string): void {
  checkRanges(config);
  checkNames(config, definition);
  checkObjective(config, definition, version);
  checkStrategy(config);
  checkResources(definition);
}

function checkRanges(config: TuningConfig): void {
  const { integers, continuous } = searchSpaceOf(config);
  for (const range of [...integers, ...continuous]) {
    const [low, high] = [Number(range.MinValue), Number(range.MaxValue)];
    const whole = integers.includes(range);
    const valid = (text: string, value: number) =>
      text.trim() !== '' && Number.isFinite(value) && (!whole || Number.isInteger(value));
    if (!valid(range.MinValue, low) || !valid(range.MaxValue, high)) {
      const kind = whole ? 'integers' : 'numbers';
      throw validationError(`The bounds of the range of hyperparameter [${range.Name}] must be ${kind}.`);
    }
    if (low > high) {
      throw validationError(
        `The minimum value of hyperparameter [${range.Name}], [${range.MinValue}], must not be greater than its ` +
          `maximum value, [${range.MaxValue}].`,
      );
    }
    if (range.ScalingType === 'Logarithmic' && low <= 0) {
      throw validationError(
        `Logarithmic scaling of hyperparameter [${range.Name}] requires a range of values greater than 0.`,
      );
    }
    if (range.ScalingType === 'ReverseLogarithmic' && (whole || low < 0 || high >= 1)) {
      throw validationError(
        `ReverseLogarithmic scaling of hyperparameter [${range.Name}] requires a continuous range within 0 <= x < 1.`,
      );
    }
  }
}

function checkNames(config: TuningConfig, definition: TuningDefinition): void {
  const { integers, continuous, categorical } = searchSpaceOf(config);
  const names = [...integers, ...continuous, ...categorical].map((each) => each.Name);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  if (twice.length > 0) {
    throw validationError(`The hyperparameters [${twice.join(', ')}] have more than one range.`);
  }
  const both = names.filter((name) => name in (definition.StaticHyperParameters ?? {}));
  if (both.length > 0) {
    throw validationError(
      `The hyperparameters [${both.join(', ')}] were specified as both static and tunable hyperparameters.`,
    );
  }
  if (names.length === 0) throw validationError('At least one hyperparameter range is required.');
  if (names.length > 30) {
    throw validationError('The number of tunable hyperparameters exceeds the limit of 30.');
  }
  const types = tunedTypes(config);
  const foreign = names.filter((name) => types.get(name) !== 'Categorical' && !(name in TUNABLE));
  if (foreign.length > 0) {
    throw validationError(
      `The hyperparameter tuning job you requested contains the following untunable hyperparameters: [${foreign.join(', ')}].`,
    );
  }
  for (const [name, type] of types) {
    const allowed = TUNABLE[name];
    if (type === 'Categorical' || !allowed || allowed.includes(type)) continue;
    throw validationError(
      `The range type of hyperparameter [${name}], [${type}], isn't valid for the algorithm. Valid types: [${allowed.join(', ')}].`,
    );
  }
}

function checkObjective(config: TuningConfig, definition: TuningDefinition, version: string): void {
  const objective = config.HyperParameterTuningJobObjective ?? definition.TuningObjective;
  if (!objective) throw validationError('HyperParameterTuningJobObjective is required.');
  const { MetricName: name, Type } = objective;
  const [, minor = 0] = version.split(/[.-]/).map(Number);
  const metrics = knownMetrics(!version.startsWith('1.') || minor >= 5);
  const metric = name.replace(/^validation:/, '');
  const image = definition.AlgorithmSpecification.TrainingImage;
  if (!name.startsWith('validation:') || !metrics.includes(metric)) {
    throw validationError(
      `The objective metric for the hyperparameter tuning job, [${name}], isn't valid for the [${image}] algorithm. ` +
        'Choose a valid objective metric.',
    );
  }
  if ((Type === 'Maximize') !== MAXIMISED_METRICS.includes(metric)) {
    throw validationError(
      `The objective metric type, [${Type}], that you specified for objective metric, [${name}], isn't valid for the ` +
        `[${image}] algorithm. Choose a valid objective metric type.`,
    );
  }
}

function checkStrategy(config: TuningConfig): void {
  const { Strategy, StrategyConfig, ResourceLimits } = config;
  const { MaxNumberOfTrainingJobs: max } = ResourceLimits;
  const hyperband = StrategyConfig?.HyperbandStrategyConfig;
  if (hyperband && Strategy !== 'Hyperband') {
    throw validationError(`HyperbandStrategyConfig cannot be specified with strategy [${Strategy}].`);
  }
  if (Strategy === 'Hyperband') {
    if (config.TrainingJobEarlyStoppingType === 'Auto') {
      throw validationError('TrainingJobEarlyStoppingType must be Off when the strategy is Hyperband.');
    }
    if (hyperband?.MaxResource === undefined) {
      throw validationError(
        'MaxResource must be specified in HyperbandStrategyConfig, or be inferable from a hyperparameter epochs, ' +
          'numepochs, n-epochs, n_epochs or num_epochs.',
      );
    }
    if ((hyperband.MinResource ?? 1) > hyperband.MaxResource || hyperband.MaxResource > 20_000) {
      throw validationError('MaxResource must be at least MinResource and at most 20000.');
    }
  }
  const { integers, continuous } = searchSpaceOf(config);
  if (Strategy !== 'Grid') {
    if (max === undefined) throw validationError('MaxNumberOfTrainingJobs is required.');
    checkCombinations(config, max);
    return;
  }
  if (integers.length + continuous.length > 0) {
    throw validationError('Grid search supports categorical parameter ranges only.');
  }
  const size = gridSize(searchSpaceOf(config));
  if (max !== undefined && max !== size) {
    throw validationError(
      `MaxNumberOfTrainingJobs [${max}] must equal the number of hyperparameter combinations [${size}] of a grid search.`,
    );
  }
}

/** A purely discrete space must hold as many combinations as jobs are wanted. */
function checkCombinations(config: TuningConfig, max: number): void {
  const { integers, continuous, categorical } = searchSpaceOf(config);
  if (continuous.length > 0) return;
  const size = integers.reduce(
    (product, each) => product * (Number(each.MaxValue) - Number(each.MinValue) + 1),
    gridSize({ integers, continuous, categorical }),
  );
  if (size >= max) return;
  throw validationError(
    "You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter combinations for " +
      `the provided ranges [${size.toFixed(1)}] must be equal or greater than the value of MaxNumberOfJobs, [${max}]. ` +
      'Provide additional ranges.',
  );
}

function checkResources(definition: TuningDefinition): void {
  const { ResourceConfig: one, HyperParameterTuningResourceConfig: other } = definition;
  if ((one === undefined) === (other === undefined)) {
    throw validationError(
      'Exactly one of ResourceConfig and HyperParameterTuningResourceConfig must be specified.',
    );
  }
}
