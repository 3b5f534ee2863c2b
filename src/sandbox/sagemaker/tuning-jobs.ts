import type {
  CreateHyperParameterTuningJobRequest,
  CreateHyperParameterTuningJobResponse,
  DeleteHyperParameterTuningJobRequest,
  DescribeHyperParameterTuningJobRequest,
  DescribeHyperParameterTuningJobResponse,
  ListHyperParameterTuningJobsRequest,
  ListHyperParameterTuningJobsResponse,
  ListTrainingJobsForHyperParameterTuningJobRequest,
  ListTrainingJobsForHyperParameterTuningJobResponse,
  StopHyperParameterTuningJobRequest,
} from '@aws-sdk/client-sagemaker';
import {
  CreateHyperParameterTuningJob$,
  DeleteHyperParameterTuningJob$,
  DescribeHyperParameterTuningJob$,
  ListHyperParameterTuningJobs$,
  ListTrainingJobsForHyperParameterTuningJob$,
  StopHyperParameterTuningJob$,
} from '@aws-sdk/client-sagemaker';
import type { Operation, Valid, Wire } from '../protocol/types';
import { operation } from '../protocol/types';
import type { Caller } from '../service';
import { arnOf } from './arn';
import type { Context } from './context';
import { limitExceeded, resourceInUse, resourceNotFound, validationError } from './errors';
import { findImage } from './images';
import { listed, page, sorted } from './paging';
import type { TuningJobRecord } from './records';
import type { Scope } from './resources';
import { mergeTags } from './tags';
import { requestStop } from './training-jobs';
import { checkDefinition, demandTrainingInstances } from './training-launch';
import { runTuningJob, trainingJobsOf } from './tuning-course';
import { bestOf, countersOf, type Summary, summaryOf } from './tuning-results';
import type { TuningDefinition, TuningInput } from './tuning-rules';
import { checkTuning, jobsOf } from './tuning-rules';
import { checkWarmStart, parentOf } from './warm-start';

export function tuningJobOperations(context: Context): Operation[] {
  return [
    operation<CreateHyperParameterTuningJobRequest, CreateHyperParameterTuningJobResponse>(
      CreateHyperParameterTuningJob$,
      (input, caller) => create(context, input, caller),
    ),
    operation<DescribeHyperParameterTuningJobRequest, DescribeHyperParameterTuningJobResponse>(
      DescribeHyperParameterTuningJob$,
      (input, caller) => describe(context, caller, input.HyperParameterTuningJobName),
    ),
    operation<ListHyperParameterTuningJobsRequest, ListHyperParameterTuningJobsResponse>(
      ListHyperParameterTuningJobs$,
      (input, caller) => list(context, input, caller),
    ),
    operation<
      ListTrainingJobsForHyperParameterTuningJobRequest,
      ListTrainingJobsForHyperParameterTuningJobResponse
    >(ListTrainingJobsForHyperParameterTuningJob$, (input, caller) =>
      listTrainingJobs(context, input, caller),
    ),
    operation<StopHyperParameterTuningJobRequest, object>(StopHyperParameterTuningJob$, (input, caller) => {
      const record = tuningJobOf(context, caller, input.HyperParameterTuningJobName);
      if (record.described.HyperParameterTuningJobStatus !== 'InProgress') return {};
      context.tuningJobs.set(caller, input.HyperParameterTuningJobName, {
        described: { ...record.described, HyperParameterTuningJobStatus: 'Stopping' },
      });
      for (const job of trainingJobsOf(context, caller, input.HyperParameterTuningJobName)) {
        requestStop(context, caller, job);
      }
      return {};
    }),
    operation<DeleteHyperParameterTuningJobRequest, object>(
      DeleteHyperParameterTuningJob$,
      (input, caller) => {
        const { described } = tuningJobOf(context, caller, input.HyperParameterTuningJobName);
        const status = described.HyperParameterTuningJobStatus;
        if (status === 'InProgress' || status === 'Stopping') {
          throw validationError(
            `The request was rejected because the hyperparameter tuning job is in status ${status}.`,
          );
        }
        context.tuningJobs.delete(caller, input.HyperParameterTuningJobName);
        context.tags.delete(described.HyperParameterTuningJobArn);
        return {};
      },
    ),
  ];
}

/** @throws ServiceError ResourceNotFound */
export function tuningJobOf(context: Context, scope: Scope, name: string): TuningJobRecord {
  const job = context.tuningJobs.get(scope, name);
  if (!job) throw resourceNotFound(`Amazon SageMaker can't find a tuning job with the name ${name}.`);
  return job;
}

async function create(
  context: Context,
  input: TuningInput,
  caller: Caller,
): Promise<CreateHyperParameterTuningJobResponse> {
  const name = input.HyperParameterTuningJobName;
  const config = input.HyperParameterTuningJobConfig;
  const arn = arnOf(caller, 'hyper-parameter-tuning-job', name);
  const definition = definitionOf(input);
  await checkDefinition(context, caller, definition);
  const image = findImage(definition.AlgorithmSpecification.TrainingImage ?? '');
  checkTuning(config, definition, image.kind === 'xgboost' ? image.version : '');
  checkWarmStartOf(context, input, definition, caller);
  checkLimits(context, input, definition, caller);
  if (context.tuningJobs.get(caller, name)) {
    throw resourceInUse(
      `Hyperparameter tuning job names must be unique within an AWS account and region, and a tuning job with this name already exists (${arn})`,
    );
  }
  const now = context.clock.now().toISOString();
  const { Tags, ...given } = input;
  context.tags.set(arn, mergeTags([], Tags ?? []));
  context.tuningJobs.set(caller, name, {
    described: {
      ...given,
      HyperParameterTuningJobConfig: {
        ...config,
        ResourceLimits: { ...config.ResourceLimits, MaxNumberOfTrainingJobs: jobsOf(config) },
        TrainingJobEarlyStoppingType: config.TrainingJobEarlyStoppingType ?? 'Off',
      },
      HyperParameterTuningJobArn: arn,
      HyperParameterTuningJobStatus: 'InProgress',
      CreationTime: now,
      LastModifiedTime: now,
    },
  });
  const { accountId, region } = caller;
  runTuningJob(context, { accountId, region }, name);
  return { HyperParameterTuningJobArn: arn };
}

function definitionOf(input: TuningInput): TuningDefinition {
  const { TrainingJobDefinition: one, TrainingJobDefinitions: many } = input;
  if ((one === undefined) === (many === undefined)) {
    throw validationError(
      'Exactly one of TrainingJobDefinition and TrainingJobDefinitions must be specified.',
    );
  }
  if (!one) throw validationError('The sandbox tunes a single TrainingJobDefinition only.');
  if (input.Autotune) throw validationError('The sandbox does not offer Autotune.');
  return one;
}

function checkWarmStartOf(
  context: Context,
  input: TuningInput,
  definition: TuningDefinition,
  caller: Caller,
): void {
  const warm = input.WarmStartConfig;
  if (!warm) return;
  const parents = warm.ParentHyperParameterTuningJobs.map(({ HyperParameterTuningJobName: name = '' }) => {
    const record = context.tuningJobs.get(caller, name);
    const parent = record && parentOf(record, trainingJobsOf(context, caller, name).length);
    if (!parent) throw validationError(`Parent tuning job [${name}] could not be found.`);
    return parent;
  });
  const child = { config: input.HyperParameterTuningJobConfig, definition };
  checkWarmStart(warm.WarmStartType, child, parents);
}

/** Quotas of an account (Developer Guide, automatic-model-tuning-limits). */
function checkLimits(
  context: Context,
  input: TuningInput,
  definition: TuningDefinition,
  caller: Caller,
): void {
  const { Strategy, ResourceLimits } = input.HyperParameterTuningJobConfig;
  const { MaxParallelTrainingJobs: parallel } = ResourceLimits;
  const demand = (what: string, limit: number, used: number, delta: number): void => {
    if (used + delta <= limit) return;
    throw limitExceeded(
      `The account-level service limit '${what}' is ${limit}, with current utilization of ${used} and a request ` +
        `delta of ${delta}. Please use AWS Service Quotas to request an increase for this quota.`,
    );
  };
  const jobs = jobsOf(input.HyperParameterTuningJobConfig);
  const running = context.tuningJobs
    .list(caller)
    .filter((each) => each.described.HyperParameterTuningJobStatus === 'InProgress').length;
  demand(
    'Maximum number of training jobs per hyperparameter tuning job',
    Strategy === 'Random' ? 10_000 : 750,
    0,
    jobs,
  );
  demand('Maximum number of parallel training jobs per hyperparameter tuning job', 10, 0, parallel);
  demand('Maximum number of concurrent hyperparameter tuning jobs', 100, running, 1);
  const { InstanceType, InstanceCount = 1 } = definition.ResourceConfig ?? {};
  if (InstanceType !== undefined)
    demandTrainingInstances(context, caller, InstanceType, Math.min(parallel, jobs) * InstanceCount);
}

function describe(
  context: Context,
  scope: Scope,
  name: string,
): Wire<DescribeHyperParameterTuningJobResponse> {
  const { described } = tuningJobOf(context, scope, name);
  const type = described.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective?.Type ?? 'Minimize';
  const jobs = trainingJobsOf(context, scope, name);
  const best = bestOf(jobs, type);
  return {
    ...described,
    ...countersOf(jobs),
    ...(best ? { BestTrainingJob: summaryOf(best) } : {}),
    ...overallBest(context, scope, described, type),
  };
}

/** The best of the job and its parents, for IdenticalDataAndAlgorithm alone: only then are they comparable. */
function overallBest(
  context: Context,
  scope: Scope,
  described: TuningJobRecord['described'],
  type: 'Minimize' | 'Maximize',
): { OverallBestTrainingJob?: Summary } {
  const warm = described.WarmStartConfig;
  if (warm?.WarmStartType !== 'IdenticalDataAndAlgorithm') return {};
  const names = [
    described.HyperParameterTuningJobName,
    ...warm.ParentHyperParameterTuningJobs.map((each) => each.HyperParameterTuningJobName ?? ''),
  ];
  const best = bestOf(
    names.flatMap((name) => trainingJobsOf(context, scope, name)),
    type,
  );
  if (!best) return {};
  return { OverallBestTrainingJob: { ...summaryOf(best), TuningJobName: best.tuning?.job } };
}

function list(
  context: Context,
  input: Valid<ListHyperParameterTuningJobsRequest>,
  caller: Caller,
): Wire<ListHyperParameterTuningJobsResponse> {
  const { items, ...rest } = listed(
    context.tuningJobs.list(caller).map((each) => each.described),
    input,
    (each) => ({
      name: each.HyperParameterTuningJobName,
      created: each.CreationTime,
      modified: each.LastModifiedTime,
      status: each.HyperParameterTuningJobStatus,
    }),
    { by: 'Name' },
  );
  return {
    HyperParameterTuningJobSummaries: items.map((each) => ({
      ...each,
      ...countersOf(trainingJobsOf(context, caller, each.HyperParameterTuningJobName)),
      Strategy: each.HyperParameterTuningJobConfig.Strategy,
      ResourceLimits: each.HyperParameterTuningJobConfig.ResourceLimits,
    })),
    ...rest,
  };
}

function listTrainingJobs(
  context: Context,
  input: Valid<ListTrainingJobsForHyperParameterTuningJobRequest>,
  caller: Caller,
): Wire<ListTrainingJobsForHyperParameterTuningJobResponse> {
  tuningJobOf(context, caller, input.HyperParameterTuningJobName);
  const value = (each: Summary) => each.FinalHyperParameterTuningJobObjectiveMetric?.Value ?? Number.NaN;
  const keys = {
    Name: (each: Summary) => each.TrainingJobName,
    CreationTime: (each: Summary) => each.CreationTime,
    Status: (each: Summary) => each.TrainingJobStatus,
    FinalObjectiveMetricValue: value,
  };
  const sortBy = input.SortBy ?? 'Name';
  const wanted = trainingJobsOf(context, caller, input.HyperParameterTuningJobName)
    .map(summaryOf)
    .filter((each) => input.StatusEquals === undefined || each.TrainingJobStatus === input.StatusEquals)
    .filter((each) => sortBy !== 'FinalObjectiveMetricValue' || !Number.isNaN(value(each)));
  const ordered = sorted(wanted, keys[sortBy], input.SortOrder, (each) => each.TrainingJobName);
  const { items, ...rest } = page(ordered, input);
  return { TrainingJobSummaries: items, ...rest };
}
