import type { DescribeHyperParameterTuningJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { type Environment, type Model, modelOf, toProject } from '../../../src/project/project';
import { projectSchema } from '../../../src/project/schema';
import { type Candidate, toCandidate } from '../../../src/tuning/candidates';
import type { TuningPlan } from '../../../src/tuning/definition';
import type { HistoryRow } from '../../../src/tuning/history';
import type { Child } from '../../../src/tuning/parents';
import type { Dataset } from '../../../src/warehouse/dataset';

export const image = (version: string) =>
  `683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:${version}`;

/** A child that tunes eta and num_round of delay-ord. */
export const child: Child = {
  model: 'delay-ord',
  layer: 'flights',
  objective: 'reg:squarederror',
  metric: 'validation:rmse',
  type: 'Minimize',
  strategy: 'Bayesian',
  warmStartType: 'TransferLearning',
  image: image('1.7-1'),
  data: { train: 's3://b/new/train.csv', validation: 's3://b/new/validation.csv' },
  account: '111111111111',
  region: 'us-east-1',
  maxJobs: 10,
  tuned: { eta: 'Continuous', num_round: 'Integer' },
  fixed: { objective: 'reg:squarederror' },
};

export function historyRow(name: string, over: Partial<HistoryRow> = {}): HistoryRow {
  return {
    datetime: '2026-01-01T00:00:00.000Z',
    tuningJob: name,
    model: 'delay-ord',
    layer: 'flights',
    objective: 'reg:squarederror',
    evalMetric: 'validation:rmse',
    evalMetricValue: 12,
    trainingJobCount: 10,
    testing: false,
    succeeded: 10,
    status: 'Completed',
    type: 'Minimize',
    packageArn: null,
    runId: null,
    image: image('1.7-1'),
    region: 'us-east-1',
    account: '111111111111',
    hyperparameters: null,
    parents: [],
    dataset: null,
    warmStart: null,
    ...over,
  };
}

/** As DescribeHyperParameterTuningJob answers for a job that {@link child} could start from. */
export function described(
  name: string,
  createdAt = '2026-01-01T00:00:00.000Z',
): Omit<DescribeHyperParameterTuningJobCommandOutput, '$metadata'> {
  return {
    HyperParameterTuningJobName: name,
    HyperParameterTuningJobArn: `arn:aws:sagemaker:us-east-1:111111111111:hyper-parameter-tuning-job/${name}`,
    HyperParameterTuningJobStatus: 'Completed',
    CreationTime: new Date(createdAt),
    TrainingJobStatusCounters: {
      Completed: 10,
      InProgress: 0,
      Stopped: 0,
      RetryableError: 0,
      NonRetryableError: 0,
    },
    ObjectiveStatusCounters: { Succeeded: 10, Pending: 0, Failed: 0 },
    HyperParameterTuningJobConfig: {
      Strategy: 'Bayesian',
      HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:rmse' },
      ResourceLimits: { MaxNumberOfTrainingJobs: 10, MaxParallelTrainingJobs: 3 },
      ParameterRanges: {
        ContinuousParameterRanges: [{ Name: 'eta', MinValue: '0.1', MaxValue: '0.5' }],
        IntegerParameterRanges: [{ Name: 'num_round', MinValue: '1', MaxValue: '400' }],
      },
    },
    TrainingJobDefinition: {
      StaticHyperParameters: {
        objective: 'reg:squarederror',
        _tuning_objective_metric: 'validation:rmse',
      },
      AlgorithmSpecification: { TrainingImage: image('1.7-1'), TrainingInputMode: 'File' },
      RoleArn: 'arn:aws:iam::111111111111:role/SageMakerExecution',
      InputDataConfig: ['train', 'validation'].map((ChannelName) => ({
        ChannelName,
        ContentType: 'text/csv',
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://b/old/${ChannelName}.csv` } },
      })),
      OutputDataConfig: { S3OutputPath: 's3://b/output/' },
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 },
      StoppingCondition: { MaxRuntimeInSeconds: 86_400 },
      EnableNetworkIsolation: false,
    },
  };
}

export function candidate(name: string, over: Partial<Candidate> = {}): Candidate {
  return { ...toCandidate(historyRow(name), described(name), new Map()), ...over };
}

/** A project file with one model, as terse as it may be. */
export const projectFile = {
  registry: 'training',
  environments: {
    training: {
      accountId: '111111111111',
      region: 'us-east-1',
      bucket: 'acme-ml',
      executionRoleArn: 'arn:aws:iam::111111111111:role/SageMakerExecution',
    },
  },
  warehouse: { kind: 'postgres', host: 'h', database: 'd', user: 'u' },
  endpoints: { flights: { variant: { instanceType: 'ml.m5.large' } } },
  models: {
    'delay-ord': {
      endpoint: 'flights',
      layer: 'flights',
      packageGroup: 'flights-delay-ord',
      data: { query: 'q.sql', label: 'delay', window: { from: '2000-01-01' } },
      training: { algorithm: 'xgboost', objective: 'reg:squarederror' },
    },
  },
};

type Changes = { training?: object; tuning?: object; environment?: object };

/** The model and environment of {@link projectFile}, with changes to their sections as a person would write them. */
export function modelWith(changes: Changes = {}): { model: Model; environment: Environment } {
  const file = structuredClone(projectFile);
  const entry = file.models['delay-ord'];
  const training = changes.training && 'image' in changes.training ? {} : entry.training;
  const project = toProject(
    '/project',
    '/project/warmstart.json',
    projectSchema.parse({
      ...file,
      environments: { training: { ...file.environments.training, ...changes.environment } },
      models: {
        'delay-ord': {
          ...entry,
          training: { ...training, ...changes.training },
          tuning: changes.tuning ?? {},
        },
      },
    }),
  );
  return { model: modelOf(project, 'delay-ord'), environment: project.registry };
}

const part = (name: string) => ({
  s3Uri: `s3://acme-ml/datasets/flights/delay-ord/run-1/${name}.csv`,
  rows: 10,
  bytes: 100,
  sha256: name,
  etag: name,
});

export const dataset: Dataset = {
  formatVersion: 1,
  model: 'delay-ord',
  layer: 'flights',
  runId: 'run-1',
  createdAt: '2026-11-22T15:00:00.000Z',
  window: { from: '2000-01-01', until: '2026-10-23' },
  query: { file: 'q.sql', text: 'select 1', sha256: 'x', parameters: {} },
  git: { commit: '0123456789abcdef0123456789abcdef01234567', dirty: false },
  engine: 'copy',
  columns: [],
  split: { by: 'hash', test: 0.1, validation: 0.1 },
  parts: { train: part('train'), validation: part('validation'), test: part('test') },
};

export function plan(changes: Changes = {}, over: Partial<TuningPlan> = {}): TuningPlan {
  return { ...modelWith(changes), dataset, runId: 'run-1', testing: false, ...over };
}
