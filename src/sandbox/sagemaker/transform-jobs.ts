import type {
  CreateTransformJobRequest,
  CreateTransformJobResponse,
  DescribeTransformJobRequest,
  DescribeTransformJobResponse,
  ListTransformJobsRequest,
  ListTransformJobsResponse,
  StopTransformJobRequest,
} from '@aws-sdk/client-sagemaker';
import {
  CreateTransformJob$,
  DescribeTransformJob$,
  ListTransformJobs$,
  StopTransformJob$,
} from '@aws-sdk/client-sagemaker';
import type { Operation, Valid } from '../protocol/types';
import { operation } from '../protocol/types';
import type { Caller } from '../service';
import { arnOf } from './arn';
import { parseS3 } from './artifacts';
import type { Context } from './context';
import { resourceInUse, validationError } from './errors';
import { demandQuota } from './instances';
import { columnFilter } from './json-path';
import { containersOf, modelOf } from './models';
import { listed } from './paging';
import type { TransformJobRecord } from './records';
import type { Scope } from './resources';
import { mergeTags } from './tags';
import { runTransformJob } from './transform-course';

export function transformJobOperations(context: Context): Operation[] {
  return [
    operation<CreateTransformJobRequest, CreateTransformJobResponse>(CreateTransformJob$, (input, caller) =>
      create(context, input, caller),
    ),
    operation<DescribeTransformJobRequest, DescribeTransformJobResponse>(
      DescribeTransformJob$,
      (input, caller) => transformJobOf(context, caller, input.TransformJobName),
    ),
    operation<ListTransformJobsRequest, ListTransformJobsResponse>(ListTransformJobs$, (input, caller) => {
      const { items, ...rest } = listed(
        context.transformJobs.list(caller),
        input,
        (each) => ({
          name: each.TransformJobName,
          created: each.CreationTime,
          modified: each.TransformEndTime,
          status: each.TransformJobStatus,
        }),
        { order: 'Descending' },
      );
      return { TransformJobSummaries: items, ...rest };
    }),
    operation<StopTransformJobRequest, object>(StopTransformJob$, (input, caller) => {
      const job = transformJobOf(context, caller, input.TransformJobName);
      if (job.TransformJobStatus === 'InProgress') {
        context.transformJobs.set(caller, job.TransformJobName, { ...job, TransformJobStatus: 'Stopping' });
      } else if (job.TransformJobStatus !== 'Stopping') {
        throw validationError(
          `The request was rejected because the transform job is in status ${job.TransformJobStatus}.`,
        );
      }
      return {};
    }),
  ];
}

function transformJobOf(context: Context, scope: Scope, name: string): TransformJobRecord {
  const job = context.transformJobs.get(scope, name);
  if (!job) throw validationError(`Could not find requested job with name: ${name}`);
  return job;
}

function create(
  context: Context,
  input: Valid<CreateTransformJobRequest>,
  caller: Caller,
): CreateTransformJobResponse {
  const name = input.TransformJobName;
  const arn = arnOf(caller, 'transform-job', name);
  if (context.transformJobs.get(caller, name)) {
    throw resourceInUse(
      `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
    );
  }
  const model = modelOf(context, caller, input.ModelName);
  if (containersOf(model).some((each) => each.Mode === 'MultiModel')) {
    throw validationError('Batch transform does not support multi-model containers.');
  }
  checkData(input);
  const { InstanceType, InstanceCount } = input.TransformResources;
  const used = context.transformJobs
    .list(caller)
    .filter((each) => each.TransformJobStatus === 'InProgress')
    .filter((each) => each.TransformResources.InstanceType === InstanceType)
    .reduce((sum, each) => sum + each.TransformResources.InstanceCount, 0);
  demandQuota(InstanceType, 'transform job usage', used, InstanceCount);
  const { Tags, ...described } = input;
  context.transformJobs.set(caller, name, {
    ...described,
    TransformJobArn: arn,
    TransformJobStatus: 'InProgress',
    CreationTime: context.clock.now().toISOString(),
  });
  context.tags.set(arn, mergeTags([], Tags ?? []));
  const { accountId, region } = caller;
  runTransformJob(context, { accountId, region }, name);
  return { TransformJobArn: arn };
}

function checkData({
  TransformInput: data,
  TransformOutput,
  DataProcessing,
}: Valid<CreateTransformJobRequest>): void {
  parseS3(data.DataSource.S3DataSource.S3Uri);
  parseS3(TransformOutput.S3OutputPath);
  if (data.DataSource.S3DataSource.S3DataType !== 'S3Prefix')
    throw validationError('The sandbox reads transform input by S3Prefix only.');
  if ((data.CompressionType ?? 'None') !== 'None' || !['None', 'Line'].includes(data.SplitType ?? 'None'))
    throw validationError('The sandbox reads uncompressed transform input, split by Line or not at all.');
  columnFilter(DataProcessing?.InputFilter);
  columnFilter(DataProcessing?.OutputFilter);
  const processes = DataProcessing?.JoinSource === 'Input' || DataProcessing?.InputFilter !== undefined;
  if (processes && !/^(text\/)?csv/.test(data.ContentType ?? '')) {
    throw validationError(
      'DataProcessing needs input of content type text/csv, application/json or jsonlines.',
    );
  }
  if (
    DataProcessing?.JoinSource === 'Input' &&
    (data.SplitType ?? 'None') !== (TransformOutput.AssembleWith ?? 'None')
  ) {
    throw validationError('AssembleWith must match SplitType when JoinSource is Input.');
  }
}
