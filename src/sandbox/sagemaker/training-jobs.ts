import type {
  CreateTrainingJobRequest,
  CreateTrainingJobResponse,
  DescribeTrainingJobRequest,
  DescribeTrainingJobResponse,
  ListTrainingJobsRequest,
  ListTrainingJobsResponse,
  StopTrainingJobRequest,
} from '@aws-sdk/client-sagemaker';
import {
  CreateTrainingJob$,
  DescribeTrainingJob$,
  ListTrainingJobs$,
  StopTrainingJob$,
} from '@aws-sdk/client-sagemaker';
import type { Operation } from '../protocol/types';
import { operation } from '../protocol/types';
import type { Context } from './context';
import { validationError } from './errors';
import { listed } from './paging';
import type { TrainingJobRecord } from './records';
import type { Scope } from './resources';
import { runTrainingJob } from './training-course';
import { checkDefinition, demandTrainingInstances, recordTrainingJob } from './training-launch';

export function trainingJobOperations(context: Context): Operation[] {
  return [
    operation<CreateTrainingJobRequest, CreateTrainingJobResponse>(
      CreateTrainingJob$,
      async (input, caller) => {
        if (!input.ResourceConfig) throw validationError('ResourceConfig is required.');
        const { InstanceType, InstanceCount, VolumeSizeInGB } = input.ResourceConfig;
        if (InstanceType === undefined || InstanceCount === undefined || VolumeSizeInGB === undefined) {
          throw validationError(
            'InstanceType, InstanceCount and VolumeSizeInGB must be specified in ResourceConfig.',
          );
        }
        await checkDefinition(context, caller, {
          ...input,
          AlgorithmSpecification: input.AlgorithmSpecification ?? {},
        });
        demandTrainingInstances(context, caller, InstanceType, InstanceCount);
        const { described } = recordTrainingJob(context, caller, input);
        const { accountId, region } = caller;
        void runTrainingJob(context, { accountId, region }, input.TrainingJobName);
        return { TrainingJobArn: described.TrainingJobArn };
      },
    ),
    operation<DescribeTrainingJobRequest, DescribeTrainingJobResponse>(
      DescribeTrainingJob$,
      (input, caller) => ({
        ModelArtifacts: undefined,
        ...trainingJobOf(context, caller, input.TrainingJobName).described,
      }),
    ),
    operation<ListTrainingJobsRequest, ListTrainingJobsResponse>(ListTrainingJobs$, (input, caller) => {
      const { items, ...rest } = listed(
        context.trainingJobs.list(caller).map((each) => each.described),
        input,
        (each) => ({
          name: each.TrainingJobName,
          created: each.CreationTime,
          modified: each.LastModifiedTime,
          status: each.TrainingJobStatus,
        }),
      );
      return { TrainingJobSummaries: items, ...rest };
    }),
    operation<StopTrainingJobRequest, object>(StopTrainingJob$, (input, caller) => {
      const record = trainingJobOf(context, caller, input.TrainingJobName);
      const status = record.described.TrainingJobStatus;
      if (status !== 'InProgress' && status !== 'Stopping') {
        throw validationError(`The request was rejected because the training job is in status ${status}.`);
      }
      requestStop(context, caller, record);
      return {};
    }),
  ];
}

/** @throws ServiceError ValidationException "Requested resource not found." */
export function trainingJobOf(context: Context, scope: Scope, name: string): TrainingJobRecord {
  const job = context.trainingJobs.get(scope, name);
  if (!job) throw validationError('Requested resource not found.');
  return job;
}

/** Marks a job as stopping; its course sees it at its next step or round. */
export function requestStop(context: Context, scope: Scope, record: TrainingJobRecord): void {
  if (record.described.TrainingJobStatus !== 'InProgress') return;
  context.trainingJobs.set(scope, record.described.TrainingJobName, {
    ...record,
    described: {
      ...record.described,
      TrainingJobStatus: 'Stopping',
      SecondaryStatus: 'Stopping',
      LastModifiedTime: context.clock.now().toISOString(),
    },
  });
}
