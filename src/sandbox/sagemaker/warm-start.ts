import { isDeepStrictEqual } from 'node:util';
import type { HyperParameterTuningJobWarmStartConfig } from '@aws-sdk/client-sagemaker';
import type { Stored, Valid } from '../protocol/types';
import { validationError } from './errors';
import type { TuningJobRecord } from './records';
import type { TuningConfig, TuningDefinition } from './tuning-rules';
import { jobsOf, tunedTypes } from './tuning-rules';

export type WarmStart = Valid<HyperParameterTuningJobWarmStartConfig>;

/** A tuning job as far as warm start compares it. */
export interface Tuning {
  config: TuningConfig;
  definition: TuningDefinition;
}

export interface Parent extends Tuning {
  name: string;
  status: string;
  /** Training jobs it started. */
  jobs: number;
}

/** Changes of statics and tunables that one warm start may bring; tunable → static counts twice. */
const CHANGE_BUDGET = 10;
/** Training jobs of a tuning job and all its parents. */
const JOB_BUDGET = 750;

/** Fields of TrainingJobDefinition that may differ from the parents', in the order of AWS's message. */
const MAY_CHANGE: (keyof TuningDefinition)[] = [
  'AlgorithmSpecification',
  'InputDataConfig',
  'OutputDataConfig',
  'StaticHyperParameters',
  'RoleArn',
  'ResourceConfig',
  'StoppingCondition',
  'VpcConfig',
  'EnableManagedSpotTraining',
  'CheckpointConfig',
];

/**
 * The rules of warm start (Developer Guide, automatic-model-tuning-warm-start; sagemaker.md A2).
 * @throws ServiceError ValidationException
 */
export function checkWarmStart(type: WarmStart['WarmStartType'], child: Tuning, parents: Parent[]): void {
  const names = parents.map((each) => each.name.toLowerCase());
  if (new Set(names).size < names.length) throw validationError('Parent tuning jobs must be distinct.');
  if (child.config.Strategy === 'Hyperband' || child.config.Strategy === 'Grid') {
    throw validationError(`Warm start is not supported with strategy ${child.config.Strategy}.`);
  }
  for (const parent of parents) {
    checkParent(child, parent);
    if (type === 'IdenticalDataAndAlgorithm') checkIdentical(child, parent);
  }
  const jobs = parents.reduce((sum, each) => sum + each.jobs, jobsOf(child.config));
  if (jobs > JOB_BUDGET) {
    throw validationError(
      `The number of training jobs of the tuning job and its parents, [${jobs}], exceeds the limit of ${JOB_BUDGET}.`,
    );
  }
}

function checkParent(child: Tuning, parent: Parent): void {
  if (!['Completed', 'Stopped', 'Failed'].includes(parent.status)) {
    throw validationError(
      `Parent tuning job [${parent.name}] must be completed or stopped; it is in status ${parent.status}.`,
    );
  }
  const metric = child.config.HyperParameterTuningJobObjective;
  if (!isDeepStrictEqual(metric, parent.config.HyperParameterTuningJobObjective)) {
    throw validationError(
      `The objective metric of the tuning job must be the same as that of its parent tuning job [${parent.name}].`,
    );
  }
  if (!isDeepStrictEqual(namesOf(child), namesOf(parent))) {
    throw validationError(
      'The set of tunable plus static HyperParameter names is not the same across current and parent tuning jobs. ' +
        'Please ensure this set is constant when warm starting. Note that previously static HyperParameters can be ' +
        'tuned in warm start jobs and vice versa.',
    );
  }
  const types = tunedTypes(parent.config);
  for (const [name, type] of tunedTypes(child.config)) {
    const before = types.get(name);
    if (before === undefined || before === type) continue;
    throw validationError(
      `The type of hyperparameter [${name}], [${type}], must be the same as in the parent tuning job [${parent.name}], ` +
        `[${before}].`,
    );
  }
  const changes = countChanges(child, parent);
  if (changes > CHANGE_BUDGET) {
    throw validationError(
      `The number of changes of static hyperparameters from the parent tuning job [${parent.name}], [${changes}], ` +
        `exceeds the limit of ${CHANGE_BUDGET}.`,
    );
  }
  checkDefinition(child.definition, parent.definition);
}

/** Changed values of statics, and tunables that became static: those count twice. */
export function countChanges(child: Tuning, parent: Tuning): number {
  const before = parent.definition.StaticHyperParameters ?? {};
  const tuned = tunedTypes(parent.config);
  return Object.entries(child.definition.StaticHyperParameters ?? {}).reduce((sum, [name, value]) => {
    if (tuned.has(name)) return sum + 2;
    return before[name] === value ? sum : sum + 1;
  }, 0);
}

function checkDefinition(child: TuningDefinition, parent: TuningDefinition): void {
  const free = new Set<string>(MAY_CHANGE);
  const fields = new Set([...Object.keys(child), ...Object.keys(parent)]);
  const value = (definition: Record<string, unknown>, field: string) => definition[field] || undefined;
  for (const field of fields) {
    if (free.has(field) || isDeepStrictEqual(value({ ...child }, field), value({ ...parent }, field)))
      continue;
    const names = MAY_CHANGE.map((each) => each.slice(0, 1).toLowerCase() + each.slice(1));
    throw validationError(
      `Only the following fields in TrainingJobDefinition are allowed to change: [${names.join(', ')}].`,
    );
  }
}

/** Identical data and algorithm: the same channels' data and the same image. */
function checkIdentical(child: Tuning, parent: Parent): void {
  const data = (tuning: Tuning) =>
    (tuning.definition.InputDataConfig ?? [])
      .map((each) => [each.ChannelName, each.DataSource.S3DataSource?.S3Uri])
      .sort();
  if (!isDeepStrictEqual(data(child), data(parent))) {
    throw validationError(
      `The input data must be the same as that of the parent tuning job [${parent.name}] when the warm start type is ` +
        'IdenticalDataAndAlgorithm.',
    );
  }
  const image = (tuning: Tuning) => tuning.definition.AlgorithmSpecification.TrainingImage;
  if (image(child) !== image(parent)) {
    throw validationError(
      `The training image must be the same as that of the parent tuning job [${parent.name}] when the warm start type ` +
        'is IdenticalDataAndAlgorithm.',
    );
  }
}

function namesOf({ config, definition }: Tuning): string[] {
  return [...tunedTypes(config).keys(), ...Object.keys(definition.StaticHyperParameters ?? {})].sort();
}

/** A stored tuning job as a parent; undefined for one with several definitions, which cannot be compared. */
export function parentOf({ described }: TuningJobRecord, jobs: number): Parent | undefined {
  const definition: Stored<TuningDefinition> | undefined = described.TrainingJobDefinition;
  if (!definition) return undefined;
  return {
    name: described.HyperParameterTuningJobName,
    status: described.HyperParameterTuningJobStatus,
    config: described.HyperParameterTuningJobConfig,
    definition,
    jobs,
  };
}
