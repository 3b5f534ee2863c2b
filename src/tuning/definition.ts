import { createHash } from 'node:crypto';
import type {
  CreateHyperParameterTuningJobCommandInput,
  HyperParameterTuningJobConfig,
  TrainingInstanceType,
} from '@aws-sdk/client-sagemaker';
import { WarmstartError } from '../errors';
import type { Environment, Model } from '../project/project';
import { xgboostImage } from '../project/xgboost';
import type { Dataset } from '../warehouse/dataset';
import { type Candidate, kindsOf } from './candidates';
import { cloneDefinition, type FreshDefinition } from './clone';
import { fixedHyperparameters, rangesOf, tuningObjective } from './hyperparameters';
import type { Child } from './parents';
import { resourceTags } from './tags';

export interface TuningPlan {
  model: Model;
  /** The registry environment. */
  environment: Environment;
  dataset: Dataset;
  runId: string;
  /** One training job, to try the pipeline. */
  testing: boolean;
}

/**
 * The CreateHyperParameterTuningJob call of a run. Pure: the same plan gives the same call, name included.
 * @param parents newest first; the first one's definition is cloned and changed only where the project says so
 * @throws WarmstartError (usage, refused) when the project or dataset cannot make a valid job
 */
export function tuningRequest(
  plan: TuningPlan,
  parents: readonly Candidate[] = [],
): CreateHyperParameterTuningJobCommandInput {
  const { model, environment, dataset, runId, testing } = plan;
  const fresh = coldDefinition(plan);
  const newest = parents[0]?.definition;
  const { warmStart } = model.tuning;
  return {
    HyperParameterTuningJobName: tuningJobName(model, runId),
    HyperParameterTuningJobConfig: configOf(model, testing),
    TrainingJobDefinition: newest === undefined ? fresh : cloneDefinition(newest, fresh),
    ...(parents.length > 0
      ? {
          WarmStartConfig: {
            WarmStartType: warmStart === false ? 'TransferLearning' : warmStart.type,
            ParentHyperParameterTuningJobs: parents.map(({ name }) => ({
              HyperParameterTuningJobName: name,
            })),
          },
        }
      : {}),
    // SageMaker puts them on every training job that it launches, too.
    Tags: resourceTags(
      {
        'warmstart:run': runId,
        'warmstart:model': model.name,
        'warmstart:layer': model.layer,
        'warmstart:testing': String(testing),
        'warmstart:parents': parents.map(({ name }) => name).join(' '),
        'warmstart:commit': dataset.git?.commit ?? '',
      },
      environment.tags,
    ),
  };
}

/** The parts of a {@link TuningPlan} that its parents have to match; known before the dataset is exported. */
export type ChildPlan = Pick<TuningPlan, 'model' | 'environment' | 'testing'> & {
  dataset: { parts: Record<'train' | 'validation', { s3Uri: string }> };
};

/** What the job will be, as far as its parents have to match it. */
export function childOf({ model, environment, dataset, testing }: ChildPlan): Child {
  const objective = tuningObjective(model);
  return {
    model: model.name,
    layer: model.layer,
    objective: model.training.objective,
    metric: objective.MetricName,
    type: objective.Type,
    strategy: strategyOf(model, testing),
    warmStartType: model.tuning.warmStart === false ? 'TransferLearning' : model.tuning.warmStart.type,
    image: imageOf(model, environment),
    data: { train: dataset.parts.train.s3Uri, validation: dataset.parts.validation.s3Uri },
    account: environment.accountId,
    region: environment.region,
    maxJobs: testing ? 1 : model.tuning.maxJobs,
    tuned: kindsOf(rangesOf(model)),
    fixed: fixedHyperparameters(model),
  };
}

/**
 * `ws-<model>-<hash>`: at most 32 characters, in lower case since names are unique without regard to case, and the
 * same for every attempt of the run.
 */
export function tuningJobName(model: Pick<Model, 'name' | 'layer'>, runId: string): string {
  const hash = createHash('sha256')
    .update(`${model.layer}/${model.name}/${runId}`)
    .digest('hex')
    .slice(0, 10);
  return `${tuningJobPrefix(model)}${hash}`;
}

/** What the names of a model's tuning jobs begin with. Two long names may share it. */
export function tuningJobPrefix(model: Pick<Model, 'name'>): string {
  const word = model.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 18)
    .replace(/^-+|-+$/g, '');
  return `ws-${word || 'model'}-`;
}

export function imageOf(model: Pick<Model, 'training'>, environment: Pick<Environment, 'region'>): string {
  const { training } = model;
  return 'image' in training ? training.image : xgboostImage(environment.region, training.version);
}

function configOf(model: Model, testing: boolean): HyperParameterTuningJobConfig {
  const { tuning } = model;
  const strategy = strategyOf(model, testing);
  const ranges = rangesOf(model);
  if (
    strategy === 'Grid' &&
    (ranges.IntegerParameterRanges?.length || ranges.ContinuousParameterRanges?.length)
  ) {
    throw new WarmstartError(
      'tuning.grid-range',
      `${model.name}: strategy Grid searches categorical ranges only.`,
      {
        kind: 'usage',
        remedy: 'Give each range as { "values": […] }, or choose another strategy.',
      },
    );
  }
  const jobs = testing ? 1 : tuning.maxJobs;
  const resource = strategy === 'Hyperband' ? hyperbandOf(model) : undefined;
  return {
    Strategy: strategy,
    ...(resource ? { StrategyConfig: { HyperbandStrategyConfig: resource } } : {}),
    HyperParameterTuningJobObjective: tuningObjective(model),
    ResourceLimits: {
      // Grid runs every combination: AWS counts them itself.
      ...(strategy === 'Grid' ? {} : { MaxNumberOfTrainingJobs: jobs }),
      MaxParallelTrainingJobs: Math.min(tuning.maxParallelJobs, jobs),
      ...(tuning.maxRuntimeSeconds === undefined ? {} : { MaxRuntimeInSeconds: tuning.maxRuntimeSeconds }),
    },
    ParameterRanges: ranges,
    // Hyperband stops jobs itself and admits nothing but Off.
    TrainingJobEarlyStoppingType: strategy === 'Hyperband' ? 'Off' : tuning.earlyStopping,
    ...(tuning.randomSeed === undefined ? {} : { RandomSeed: tuning.randomSeed }),
  };
}

/** A test has one training job, which makes neither a grid nor a Hyperband bracket. */
function strategyOf({ tuning }: Pick<Model, 'tuning'>, testing: boolean): Child['strategy'] {
  return testing && (tuning.strategy === 'Grid' || tuning.strategy === 'Hyperband')
    ? 'Random'
    : tuning.strategy;
}

/** Hyperband's unit is a boosting round; SageMaker infers it from `epochs` and the like, but not from `num_round`. */
function hyperbandOf(model: Model): { MinResource: number; MaxResource: number } | undefined {
  const { hyperband } = model.tuning;
  if (hyperband) return { MinResource: hyperband.minResource, MaxResource: hyperband.maxResource };
  if (!('algorithm' in model.training)) return undefined;
  const range = rangesOf(model).IntegerParameterRanges?.find((r) => r.Name === 'num_round');
  const rounds = Number(range?.MaxValue ?? fixedHyperparameters(model).num_round);
  if (Number.isInteger(rounds)) return { MinResource: 1, MaxResource: Math.min(rounds, 20_000) };
  throw new WarmstartError(
    'tuning.hyperband-resource',
    `${model.name}: Hyperband needs to know how many rounds a job may take.`,
    { kind: 'usage', remedy: 'Add "hyperband": { "minResource": 1, "maxResource": 200 }.' },
  );
}

/** The training job definition from the project alone. */
function coldDefinition({ model, environment, dataset }: TuningPlan): FreshDefinition {
  const { training } = model;
  const { train, validation } = dataset.parts;
  if (train.s3Uri === validation.s3Uri || train.sha256 === validation.sha256) {
    throw new WarmstartError('tuning.same-data', 'The training and the validation set are the same.', {
      kind: 'refused',
      remedy: 'Tuning would reward memorising. Look at the query and at "split" in warmstart.json.',
    });
  }
  if (training.spot && training.spot.maxWaitSeconds < training.maxRuntimeSeconds) {
    throw new WarmstartError(
      'tuning.spot-wait',
      `${model.name}: spot.maxWaitSeconds must be at least maxRuntimeSeconds (${training.maxRuntimeSeconds}).`,
      { kind: 'usage' },
    );
  }
  const { kmsKeyId, vpc } = environment;
  const channel = (ChannelName: string, S3Uri: string) => ({
    ChannelName,
    // Without it the container takes the file for libsvm.
    ContentType: 'text/csv',
    DataSource: {
      S3DataSource: {
        S3DataType: 'S3Prefix' as const,
        S3Uri,
        S3DataDistributionType: 'FullyReplicated' as const,
      },
    },
  });
  return {
    StaticHyperParameters: fixedHyperparameters(model),
    AlgorithmSpecification: {
      TrainingImage: imageOf(model, environment),
      TrainingInputMode: 'File',
      ...('image' in training && training.metricDefinitions.length > 0
        ? {
            MetricDefinitions: training.metricDefinitions.map(({ name, regex }) => ({
              Name: name,
              Regex: regex,
            })),
          }
        : {}),
    },
    RoleArn: environment.executionRoleArn,
    InputDataConfig: [channel('train', train.s3Uri), channel('validation', validation.s3Uri)],
    OutputDataConfig: {
      S3OutputPath: `s3://${environment.bucket}/output/`,
      ...(kmsKeyId === undefined ? {} : { KmsKeyId: kmsKeyId }),
    },
    ResourceConfig: {
      InstanceType: training.instanceType as TrainingInstanceType,
      InstanceCount: training.instanceCount,
      VolumeSizeInGB: training.volumeSizeGB,
      ...(kmsKeyId === undefined || hasLocalStorage(training.instanceType)
        ? {}
        : { VolumeKmsKeyId: kmsKeyId }),
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: training.maxRuntimeSeconds,
      ...(training.spot ? { MaxWaitTimeInSeconds: training.spot.maxWaitSeconds } : {}),
    },
    ...(training.spot ? { EnableManagedSpotTraining: true } : {}),
    ...(vpc ? { VpcConfig: { Subnets: vpc.subnets, SecurityGroupIds: vpc.securityGroupIds } } : {}),
  };
}

/** Instances with NVMe disks encrypt them in hardware, and SageMaker refuses a volume key for them. */
function hasLocalStorage(instanceType: string): boolean {
  return /^ml\.([a-z]+\d+[a-z]*d[a-z]*|g[56]e?|p5[a-z]*|trn\d[a-z]*)\./.test(instanceType);
}
