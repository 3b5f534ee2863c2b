import assert from 'node:assert/strict';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { CreateTransformJobRequest } from '@aws-sdk/client-sagemaker';
import {
  CreateModelCommand,
  CreateProcessingJobCommand,
  CreateTransformJobCommand,
  DescribeProcessingJobCommand,
  DescribeTransformJobCommand,
  ListTransformJobsCommand,
} from '@aws-sdk/client-sagemaker';
import type { Harness } from './sagemaker-harness';
import { artifact, bucket, image, put, role, startHarness } from './sagemaker-harness';

describe('sandbox batch jobs', () => {
  let harness: Harness;

  before(async () => {
    harness = await startHarness(20_000);
    await put(harness, 'one.tar.gz', await artifact(2));
    await put(harness, 'data/test.csv', '0.5,1\n0.25,0\n');
    for (const Mode of ['SingleModel', 'MultiModel'] as const) {
      const ModelDataUrl = `s3://${bucket}/${Mode === 'SingleModel' ? 'one.tar.gz' : ''}`;
      await harness.sagemaker.send(
        new CreateModelCommand({
          ModelName: Mode,
          ExecutionRoleArn: role,
          PrimaryContainer: { Image: image, Mode, ModelDataUrl },
        }),
      );
    }
  });
  after(() => harness.stop());

  async function transform(name: string, more: Partial<CreateTransformJobRequest> = {}) {
    await harness.sagemaker.send(
      new CreateTransformJobCommand({
        TransformJobName: name,
        ModelName: 'SingleModel',
        BatchStrategy: 'MultiRecord',
        TransformInput: {
          ContentType: 'text/csv',
          SplitType: 'Line',
          DataSource: {
            S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${bucket}/data/test.csv` },
          },
        },
        TransformOutput: {
          S3OutputPath: `s3://${bucket}/scored/${name}`,
          Accept: 'text/csv',
          AssembleWith: 'Line',
        },
        TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
        ...more,
      }),
    );
    for (;;) {
      const job = await harness.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: name }));
      if (job.TransformJobStatus !== 'InProgress') return job;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async function output(name: string): Promise<string | undefined> {
    const Key = `scored/${name}/test.csv.out`;
    const { Body } = await harness.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return Body?.transformToString();
  }

  it('scores the features of a label-first file and joins label and prediction', async () => {
    const job = await transform('joined', {
      DataProcessing: { InputFilter: '$[1:]', JoinSource: 'Input', OutputFilter: '$[0,-1]' },
    });
    assert.equal(job.TransformJobStatus, 'Completed');
    assert.equal(await output('joined'), '0.5,2.0\n0.25,0.0\n');
  });

  it('fails where the columns do not fit the model, and says where to look', async () => {
    const job = await transform('columns');
    assert.equal(job.TransformJobStatus, 'Failed');
    assert.equal(job.FailureReason, 'ClientError: See job logs for more information');
  });

  it('refuses multi-model containers and filters it does not know', async () => {
    await assert.rejects(transform('multi', { ModelName: 'MultiModel' }), { name: 'ValidationException' });
    await assert.rejects(transform('filter', { DataProcessing: { InputFilter: '$.features' } }), /JSONPath/);
    await assert.rejects(transform('joined'), { name: 'ResourceInUse' });
  });

  it('lists jobs by status', async () => {
    const { TransformJobSummaries } = await harness.sagemaker.send(
      new ListTransformJobsCommand({ StatusEquals: 'Failed' }),
    );
    assert.deepEqual(
      TransformJobSummaries?.map((each) => each.TransformJobName),
      ['columns'],
    );
  });

  it('takes processing jobs through their states but says that it runs no containers', async () => {
    await harness.sagemaker.send(
      new CreateProcessingJobCommand({
        ProcessingJobName: 'refresh',
        RoleArn: role,
        AppSpecification: { ImageUri: image },
        ProcessingResources: {
          ClusterConfig: { InstanceType: 'ml.t3.medium', InstanceCount: 1, VolumeSizeInGB: 10 },
        },
      }),
    );
    for (;;) {
      const job = await harness.sagemaker.send(
        new DescribeProcessingJobCommand({ ProcessingJobName: 'refresh' }),
      );
      if (job.ProcessingJobStatus === 'InProgress') continue;
      assert.equal(job.ProcessingJobStatus, 'Failed');
      assert.match(job.FailureReason ?? '', /runs no containers/);
      break;
    }
    await assert.rejects(
      harness.sagemaker.send(new DescribeProcessingJobCommand({ ProcessingJobName: 'none' })),
      { name: 'ValidationException', message: /Could not find requested job/ },
    );
  });
});
