import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { Cancelled } from '../../../src/errors';
import { scoreByBatchTransform } from '../../../src/evaluation/batch-transform';
import { parseTransformOutput } from '../../../src/evaluation/transform-output';
import {
  modelRequest,
  outputUri,
  type TransformRequest,
  transformName,
  transformRequest,
} from '../../../src/evaluation/transform-requests';
import { quietTask } from '../../../src/task';

const request: TransformRequest = {
  runId: '20261122-153001-ab12cd34',
  subject: 'candidate',
  image: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1',
  artifactUri: 's3://acme-ds-ml/output/job-2/output/model.tar.gz',
  environment: {
    executionRoleArn: 'arn:aws:iam::111111111111:role/SageMakerExecution',
    vpc: { subnets: ['subnet-1'], securityGroupIds: ['sg-1'] },
    tags: { team: 'flights' },
  },
  instanceType: 'ml.m5.xlarge',
  testUri: 's3://acme-ds-ml/datasets/flights/delay-ord/r1/test.csv',
  outputPrefix: 's3://acme-ds-ml/evaluations/flights/delay-ord/r1/transform/',
  outputs: 1,
};
const name = transformName(request, 1);

describe('the requests of a transform job', () => {
  it('name model and job after the run, within 63 characters', () => {
    assert.equal(name, 'ws-20261122-153001-ab12cd34-candidate-1');
    const long = transformName({ ...request, runId: `${'x'.repeat(90)}_y` }, 9);
    assert.ok(long.length <= 63 && /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(long), long);
  });

  it('make a single-model container of the artifact’s own image in the environment’s network', () => {
    assert.deepEqual(modelRequest(request, name), {
      ModelName: name,
      ExecutionRoleArn: 'arn:aws:iam::111111111111:role/SageMakerExecution',
      PrimaryContainer: { Image: request.image, ModelDataUrl: request.artifactUri },
      VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
      Tags: [{ Key: 'team', Value: 'flights' }],
    });
  });

  it('keep the label from the container and join it to the answer', () => {
    const { DataProcessing, TransformInput, TransformOutput, BatchStrategy } = transformRequest(
      request,
      name,
    );
    assert.deepEqual(DataProcessing, { InputFilter: '$[1:]', JoinSource: 'Input', OutputFilter: '$[0,-1]' });
    assert.deepEqual(
      [TransformInput?.ContentType, TransformInput?.SplitType, BatchStrategy],
      ['text/csv', 'Line', 'MultiRecord'],
    );
    assert.deepEqual([TransformOutput?.Accept, TransformOutput?.AssembleWith], ['text/csv', 'Line']);
    assert.equal(outputUri(request, name), `${TransformOutput?.S3OutputPath}test.csv.out`);
  });

  it('keep the whole row of a model with several outputs, whose list a filter would cut', () => {
    assert.deepEqual(transformRequest({ ...request, outputs: 3 }, name).DataProcessing, {
      InputFilter: '$[1:]',
      JoinSource: 'Input',
    });
  });
});

describe('the output of a transform job', () => {
  const parse = (text: string, outputs: number) => parseTransformOutput(Readable.from([text]), outputs);

  it('is a label and a prediction per line', async () => {
    const { labels, predictions } = await parse('1,0.5\n0,1e-05\r\n-3.5,nan\n2,inf\n', 1);
    assert.deepEqual([...labels], [1, 0, -3.5, 2]);
    assert.deepEqual([...predictions.values], [0.5, Math.fround(1e-5), Number.NaN, Number.POSITIVE_INFINITY]);
  });

  it('is a bracketed list, or columns at the end, with several outputs', async () => {
    for (const line of [
      '2,[0.25, 0.25, 0.5]',
      '2,7,8,"[0.25, 0.25, 0.5]"',
      '2,7,8,[0.25,0.25,0.5]',
      '2,7,8,0.25,0.25,0.5',
    ]) {
      const { labels, predictions } = await parse(`${line}\n`, 3);
      assert.deepEqual(
        [[...labels], [...predictions.values], predictions.rows],
        [[2], [0.25, 0.25, 0.5], 1],
        line,
      );
    }
  });

  it('has a label that may be missing', async () => {
    assert.deepEqual([...(await parse(',0.5\n', 1)).labels], [Number.NaN]);
  });

  it('is refused with the line that is something else', async () => {
    for (const [text, outputs] of [
      ['1,0.5\n0.7\n', 1],
      ['1,2\n1,\n', 1],
      ['1,0.5\n1,abc\n', 1],
      ['1,[0.5, 0.5]\n1,[0.5]\n', 2],
    ] as const) {
      await assert.rejects(parse(text, outputs), { code: 'evaluation.transform-output', message: /Line 2 / });
    }
  });

  it('of no rows is no rows', async () => {
    assert.equal((await parse('', 1)).predictions.rows, 0);
  });
});

/** Only what the engine uses of SageMaker: jobs by name whose status moves on with each look. */
class Jobs {
  readonly calls: string[] = [];
  readonly statuses = new Map<string, string[]>();
  models = new Set<string>();

  send = (async (command: { constructor: { name: string }; input: Record<string, string> }) => {
    const operation = command.constructor.name.replace('Command', '');
    const { TransformJobName: job = '', ModelName: model = '' } = command.input;
    this.calls.push(
      operation === 'DeleteModel' || operation === 'CreateModel'
        ? `${operation} ${model}`
        : `${operation} ${job}`,
    );
    if (operation === 'DescribeTransformJob') {
      const course = this.statuses.get(job);
      if (!course) throw Object.assign(new Error('Could not find job'), { name: 'ResourceNotFound' });
      const status = course.length > 1 ? course.shift() : course[0];
      return {
        TransformJobStatus: status,
        FailureReason: status === 'Failed' ? 'ClientError: out of memory' : undefined,
      };
    }
    if (operation === 'CreateModel') this.models.add(model);
    if (operation === 'DeleteModel') this.models.delete(model);
    if (operation === 'CreateTransformJob') this.statuses.set(job, [...this.course]);
    return {};
  }) as SageMakerClient['send'];

  constructor(readonly course: string[] = ['InProgress', 'Completed']) {}
}

describe('scoring by Batch Transform', () => {
  const scene = (jobs: Jobs, task = quietTask()) => ({
    sagemaker: jobs,
    task,
    read: async (uri: string) => {
      assert.match(uri, /test\.csv\.out$/);
      return Readable.from(['1,0.5\n']);
    },
  });

  it('creates model and job, waits, reads the output, and deletes the model', async () => {
    const jobs = new Jobs();
    const { labels, predictions } = await scoreByBatchTransform(scene(jobs), request);
    assert.deepEqual([[...labels], [...predictions.values]], [[1], [0.5]]);
    assert.deepEqual(
      jobs.calls.filter((call) => !call.startsWith('Describe')),
      [`CreateModel ${name}`, `CreateTransformJob ${name}`, `DeleteModel ${name}`],
    );
  });

  it('goes on with the job of an interrupted attempt', async () => {
    const jobs = new Jobs();
    jobs.statuses.set(name, ['Completed']);
    jobs.models.add(name);
    await scoreByBatchTransform(scene(jobs), request);
    assert.ok(!jobs.calls.some((call) => call.startsWith('Create')));
    assert.equal(jobs.models.size, 0);
  });

  it('tells SageMaker’s reason when the job fails, deletes the model, and tries anew when called again', async () => {
    const jobs = new Jobs(['Failed']);
    await assert.rejects(scoreByBatchTransform(scene(jobs), request), {
      code: 'evaluation.transform-failed',
      message: /ClientError: out of memory/,
    });
    assert.equal(jobs.models.size, 0);
    jobs.course.splice(0, 1, 'Completed');
    await scoreByBatchTransform(scene(jobs), request);
    assert.ok(jobs.calls.includes(`CreateTransformJob ${transformName(request, 2)}`));
  });

  it('stops the job and deletes the model when it is cancelled', async () => {
    const jobs = new Jobs(['InProgress']);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    await assert.rejects(scoreByBatchTransform(scene(jobs, quietTask(abort.signal)), request), Cancelled);
    assert.deepEqual(jobs.calls.slice(-2), [`StopTransformJob ${name}`, `DeleteModel ${name}`]);
  });
});
