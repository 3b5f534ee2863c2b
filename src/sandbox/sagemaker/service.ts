import { join } from 'node:path';
import type { Clock } from '../clock';
import type { LogStore } from '../cloudwatch/log-store';
import type { MetricStore } from '../cloudwatch/metric-store';
import { awsJson } from '../protocol/aws-json';
import type { Limits } from '../protocol/limits';
import { operations } from '../protocol/types';
import { Fleets } from '../runtime/fleets';
import { createRuntime } from '../runtime/invocations';
import type { Handler, Objects } from '../service';
import { Table } from '../table';
import type { TrainingPool } from '../training/pool';
import type { ParsedArn } from './arn';
import type { Context } from './context';
import { configOperations } from './endpoint-configs';
import { resumeEndpoints } from './endpoint-course';
import { endpointOperations } from './endpoints';
import { groupOperations } from './groups';
import data from './limits.json';
import { modelOperations } from './models';
import { packageListOperations } from './package-lists';
import { packageOperations, resumePackages } from './packages';
import { processingJobOperations, resumeProcessingJobs } from './processing-jobs';
import { Resources } from './resources';
import { tagOperations } from './tags';
import { resumeTrainingJobs } from './training-course';
import { trainingJobOperations } from './training-jobs';
import { resumeTransformJobs } from './transform-course';
import { transformJobOperations } from './transform-jobs';
import { resumeTuningJobs } from './tuning-course';
import { tuningJobOperations } from './tuning-jobs';

export interface SageMakerDeps {
  /** Folder of everything that survives a restart. */
  home: string;
  clock: Clock;
  objects: Objects;
  logs: LogStore;
  metrics: MetricStore;
  /** Threads that train. It stays the caller's to close. */
  trainingPool: TrainingPool;
}

export interface SageMaker {
  /** For SigV4 service `sagemaker`: the control plane, and the runtime under `/endpoints/`. */
  handler: Handler;
  /** Stops what runs beside requests and writes down what is in memory only. */
  close(): void;
}

const limits: Limits = data;

/** The sandbox's SageMaker. What was under way when it last ended goes on. */
export function createSageMaker(deps: SageMakerDeps): SageMaker {
  const context = createContext(deps);
  const control = awsJson(
    'SageMaker',
    '1.1',
    operations(
      tagOperations(context),
      groupOperations(context),
      packageOperations(context),
      packageListOperations(context),
      modelOperations(context),
      configOperations(context),
      endpointOperations(context),
      trainingJobOperations(context),
      tuningJobOperations(context),
      transformJobOperations(context),
      processingJobOperations(context),
    ),
    limits,
  );
  const runtime = createRuntime(context);
  resumePackages(context);
  resumeEndpoints(context);
  resumeTrainingJobs(context);
  resumeTuningJobs(context);
  resumeTransformJobs(context);
  resumeProcessingJobs(context);
  const minutely = setInterval(() => context.fleets.report(), 60_000);
  minutely.unref();
  return {
    handler: (exchange) => (exchange.path.startsWith('/endpoints/') ? runtime : control)(exchange),
    close: () => {
      clearInterval(minutely);
      context.metrics.save();
    },
  };
}

function createContext({ home, clock, objects, logs, metrics, trainingPool }: SageMakerDeps): Context {
  const context: Context = {
    clock,
    objects,
    logs,
    metrics,
    trainingPool,
    fleets: new Fleets({ home: join(home, 'sagemaker'), clock, objects, logs, metrics }),
    tags: new Table(join(home, 'sagemaker', 'tags.jsonl')),
    models: new Resources(home, 'models'),
    configs: new Resources(home, 'endpoint-configs'),
    endpoints: new Resources(home, 'endpoints'),
    groups: new Resources(home, 'model-package-groups'),
    packages: new Resources(home, 'model-packages'),
    trainingJobs: new Resources(home, 'training-jobs'),
    tuningJobs: new Resources(home, 'tuning-jobs'),
    transformJobs: new Resources(home, 'transform-jobs'),
    processingJobs: new Resources(home, 'processing-jobs'),
    exists: (arn) => tablesOf(context)[arn.kind]?.get(arn, arn.name) !== undefined,
  };
  return context;
}

function tablesOf(context: Context): Partial<Record<ParsedArn['kind'], Resources<unknown>>> {
  return {
    model: context.models,
    'endpoint-config': context.configs,
    endpoint: context.endpoints,
    'model-package-group': context.groups,
    'model-package': context.packages,
    'training-job': context.trainingJobs,
    'hyper-parameter-tuning-job': context.tuningJobs,
    'transform-job': context.transformJobs,
    'processing-job': context.processingJobs,
  };
}
