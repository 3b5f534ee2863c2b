import type {
  CreateProcessingJobRequest,
  CreateProcessingJobResponse,
  DescribeProcessingJobRequest,
  DescribeProcessingJobResponse,
  ListProcessingJobsRequest,
  ListProcessingJobsResponse,
  StopProcessingJobRequest,
} from '@aws-sdk/client-sagemaker';
import {
  CreateProcessingJob$,
  DescribeProcessingJob$,
  ListProcessingJobs$,
  StopProcessingJob$,
} from '@aws-sdk/client-sagemaker';
import type { Operation, Valid } from '../protocol/types';
import { operation } from '../protocol/types';
import type { Caller } from '../service';
import { arnOf } from './arn';
import type { Context } from './context';
import { resourceInUse, validationError } from './errors';
import { demandQuota } from './instances';
import { listed } from './paging';
import type { ProcessingJobRecord } from './records';
import type { Scope } from './resources';
import { passRole } from './roles';
import { mergeTags } from './tags';
import { seconds } from './timing';

/** Processing jobs pass through their states, but the sandbox runs no containers: they all end Failed and say so. */
export function processingJobOperations(context: Context): Operation[] {
  return [
    operation<CreateProcessingJobRequest, CreateProcessingJobResponse>(
      CreateProcessingJob$,
      (input, caller) => create(context, input, caller),
    ),
    operation<DescribeProcessingJobRequest, DescribeProcessingJobResponse>(
      DescribeProcessingJob$,
      (input, caller) => processingJobOf(context, caller, input.ProcessingJobName),
    ),
    operation<ListProcessingJobsRequest, ListProcessingJobsResponse>(ListProcessingJobs$, (input, caller) => {
      const { items, ...rest } = listed(context.processingJobs.list(caller), input, (each) => ({
        name: each.ProcessingJobName,
        created: each.CreationTime,
        modified: each.LastModifiedTime,
        status: each.ProcessingJobStatus,
      }));
      return { ProcessingJobSummaries: items, ...rest };
    }),
    operation<StopProcessingJobRequest, object>(StopProcessingJob$, (input, caller) => {
      const job = processingJobOf(context, caller, input.ProcessingJobName);
      if (job.ProcessingJobStatus !== 'InProgress') {
        throw validationError(
          `The request was rejected because the processing job is in status ${job.ProcessingJobStatus}.`,
        );
      }
      context.processingJobs.set(caller, job.ProcessingJobName, { ...job, ProcessingJobStatus: 'Stopping' });
      return {};
    }),
  ];
}

export function resumeProcessingJobs(context: Context): void {
  for (const { scope, value } of context.processingJobs.all()) {
    if (value.ProcessingJobStatus === 'InProgress' || value.ProcessingJobStatus === 'Stopping')
      void run(context, scope, value.ProcessingJobName);
  }
}

function processingJobOf(context: Context, scope: Scope, name: string): ProcessingJobRecord {
  const job = context.processingJobs.get(scope, name);
  if (!job) throw validationError(`Could not find requested job with name: ${name}`);
  return job;
}

function create(
  context: Context,
  input: Valid<CreateProcessingJobRequest>,
  caller: Caller,
): CreateProcessingJobResponse {
  const name = input.ProcessingJobName;
  const arn = arnOf(caller, 'processing-job', name);
  passRole(caller, input.RoleArn);
  if (context.processingJobs.get(caller, name)) {
    throw resourceInUse(
      `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
    );
  }
  const { InstanceType, InstanceCount } = input.ProcessingResources.ClusterConfig;
  if (InstanceType === undefined || InstanceCount === undefined) {
    throw validationError('InstanceType and InstanceCount must be specified in ClusterConfig.');
  }
  const used = context.processingJobs
    .list(caller)
    .filter((each) => each.ProcessingJobStatus === 'InProgress')
    .filter((each) => each.ProcessingResources.ClusterConfig.InstanceType === InstanceType)
    .reduce((sum, each) => sum + (each.ProcessingResources.ClusterConfig.InstanceCount ?? 1), 0);
  demandQuota(InstanceType, 'processing job usage', used, InstanceCount);
  const { Tags, ...described } = input;
  const now = context.clock.now().toISOString();
  context.processingJobs.set(caller, name, {
    ...described,
    StoppingCondition: input.StoppingCondition ?? { MaxRuntimeInSeconds: 86_400 },
    ProcessingJobArn: arn,
    ProcessingJobStatus: 'InProgress',
    CreationTime: now,
    LastModifiedTime: now,
  });
  context.tags.set(arn, mergeTags([], Tags ?? []));
  const { accountId, region } = caller;
  void run(context, { accountId, region }, name);
  return { ProcessingJobArn: arn };
}

async function run(context: Context, scope: Scope, name: string): Promise<void> {
  await context.clock.sleep(seconds.processingStart);
  const job = processingJobOf(context, scope, name);
  const now = context.clock.now().toISOString();
  const stopped = job.ProcessingJobStatus === 'Stopping';
  context.processingJobs.set(scope, name, {
    ...job,
    ProcessingStartTime: now,
    ProcessingEndTime: now,
    LastModifiedTime: now,
    ProcessingJobStatus: stopped ? 'Stopped' : 'Failed',
    ...(stopped
      ? {}
      : {
          FailureReason: `ClientError: The sandbox runs no containers, so the image ${job.AppSpecification.ImageUri} was not started.`,
        }),
  });
}
