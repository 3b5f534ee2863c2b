import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CopyObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateHyperParameterTuningJobCommand,
  CreateModelCommand,
  DescribeHyperParameterTuningJobCommand,
  waitUntilEndpointInService,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { findPython, type Served, skipFor } from './served';

const role = 'arn:aws:iam::111111111111:role/SageMakerExecution';
const image = (version: string) =>
  `683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:${version}`;

/** What the library has to be told of the model of each image: 1.7.4 reads UBJSON under such a name only. */
const suffixes = { '1.7-1': '', '3.0-5': '.ubj' };
const objectives: Record<string, { metric: string; statics: Record<string, string> }> = {
  'reg:squarederror': { metric: 'rmse', statics: {} },
  'binary:logistic': { metric: 'logloss', statics: {} },
  'count:poisson': { metric: 'poisson-nloglik', statics: {} },
  'multi:softprob': { metric: 'mlogloss', statics: { num_class: '3' } },
};

/** Label first, then three features of which the last is missing now and then; deterministic. */
function dataset(objective: string, rows: number): { labelled: string; features: string } {
  let state = 42;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const label = (sum: number) =>
    ({
      'reg:squarederror': sum,
      'binary:logistic': sum > 0 ? 1 : 0,
      'count:poisson': Math.floor(Math.abs(sum) * 4),
      'multi:softprob': sum < -0.5 ? 0 : sum < 0.5 ? 1 : 2,
    })[objective];
  const lines = Array.from({ length: rows }, () => {
    const [a, b, c] = [random() * 2 - 1, random() * 2 - 1, random() * 20];
    const features = [a.toFixed(5), b.toPrecision(9), random() < 0.2 ? '' : c.toFixed(1)].join(',');
    return { features, labelled: `${label(a + b * b + c / 20 - 0.7)},${features}` };
  });
  return {
    features: lines.map((line) => line.features).join('\n'),
    labelled: lines.map((line) => line.labelled).join('\n'),
  };
}

/** Models of the sandbox's tuning jobs in the hands of XGBoost itself. */
export function xgboostTests(served: Served): void {
  let python: string;

  before(async function () {
    this.timeout(30_000);
    python = (await findPython(served, 'xgboost', 'numpy')) ?? skipFor(this, 'Python with xgboost');
  });

  /** Trains, and answers the artifact of the best training job. */
  async function tuned(version: string, objective: string): Promise<{ key: string; name: string }> {
    const name = `xgb-${version.replaceAll('.', '-')}-${objective.replace(':', '-')}`.slice(0, 32);
    const { metric, statics } = objectives[objective]!;
    const { labelled } = dataset(objective, 400);
    const channels = ['train', 'validation'].map((part) => ({
      ChannelName: part,
      ContentType: 'text/csv',
      Key: `xgb/${name}/${part}.csv`,
    }));
    for (const { Key } of channels) {
      await served.s3.send(new PutObjectCommand({ Bucket: served.bucket, Key, Body: labelled }));
    }
    const range = (Name: string, MinValue: string, MaxValue: string) => ({ Name, MinValue, MaxValue });
    await served.sagemaker.send(
      new CreateHyperParameterTuningJobCommand({
        HyperParameterTuningJobName: name,
        HyperParameterTuningJobConfig: {
          Strategy: 'Random',
          RandomSeed: 7,
          ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 2 },
          HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: `validation:${metric}` },
          ParameterRanges: {
            ContinuousParameterRanges: [range('eta', '0.1', '0.5'), range('subsample', '0.6', '1')],
            IntegerParameterRanges: [range('max_depth', '2', '7')],
          },
        },
        TrainingJobDefinition: {
          StaticHyperParameters: { objective, num_round: '12', ...statics },
          AlgorithmSpecification: { TrainingImage: image(version), TrainingInputMode: 'File' },
          RoleArn: role,
          InputDataConfig: channels.map(({ Key, ...channel }) => ({
            ...channel,
            DataSource: {
              S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${served.bucket}/${Key}` },
            },
          })),
          OutputDataConfig: { S3OutputPath: `s3://${served.bucket}/output/` },
          ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
          StoppingCondition: { MaxRuntimeInSeconds: 3600 },
        },
      }),
    );
    const describe = new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name });
    for (;;) {
      const job = await served.sagemaker.send(describe);
      if (job.HyperParameterTuningJobStatus === 'InProgress') await wait(100);
      else {
        assert.equal(job.HyperParameterTuningJobStatus, 'Completed', job.FailureReason);
        return { name, key: `output/${job.BestTrainingJob?.TrainingJobName}/output/model.tar.gz` };
      }
    }
  }

  async function serve(version: string, artifacts: { key: string; name: string }[]): Promise<string> {
    const name = `xgb-${version.replaceAll('.', '-')}`;
    const Bucket = served.bucket;
    for (const artifact of artifacts) {
      const CopySource = `${Bucket}/${artifact.key}`;
      const Key = `models/${name}/${artifact.name}.tar.gz`;
      await served.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource }));
    }
    const ModelDataUrl = `s3://${Bucket}/models/${name}/`;
    const PrimaryContainer = { Image: image(version), Mode: 'MultiModel' as const, ModelDataUrl };
    await served.sagemaker.send(
      new CreateModelCommand({ ModelName: name, ExecutionRoleArn: role, PrimaryContainer }),
    );
    const variant = { VariantName: 'AllTraffic', ModelName: name, InitialInstanceCount: 1 };
    const ProductionVariants = [{ ...variant, InstanceType: 'ml.m5.large' as const }];
    const config = { EndpointConfigName: name, ProductionVariants };
    await served.sagemaker.send(new CreateEndpointConfigCommand(config));
    await served.sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
    const often = { client: served.sagemaker, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
    await waitUntilEndpointInService(often, { EndpointName: name });
    return name;
  }

  async function invoked(endpoint: string, model: string, rows: string, accept: string): Promise<number[]> {
    const { Body } = await served.runtime.send(
      new InvokeEndpointCommand({
        EndpointName: endpoint,
        TargetModel: `${model}.tar.gz`,
        ContentType: 'text/csv',
        Accept: accept,
        Body: rows,
      }),
    );
    const text = new TextDecoder().decode(Body);
    const answer: number[] | number[][] = JSON.parse(accept === 'text/csv' ? `[${text}]` : text);
    return answer.flat();
  }

  /** The files of an artifact and of the rows to score, for the library. */
  async function saved(objective: string, { key, name }: { key: string; name: string }): Promise<string[]> {
    const { Body } = await served.s3.send(new GetObjectCommand({ Bucket: served.bucket, Key: key }));
    const [artifact, rows] = ['tar.gz', 'csv'].map((end) => join(served.folder, `${name}.${end}`));
    writeFileSync(artifact!, (await Body?.transformToByteArray()) ?? '');
    writeFileSync(rows!, dataset(objective, 400).features);
    return [artifact!, rows!];
  }

  const bits = (numbers: number[]) => [...new Uint32Array(new Float32Array(numbers).buffer)];

  for (const [version, suffix] of Object.entries(suffixes)) {
    it(`predict as the endpoint answers, to the last bit (${version})`, async () => {
      const names = Object.keys(objectives);
      const artifacts = await Promise.all(names.map((objective) => tuned(version, objective)));
      const endpoint = await serve(version, artifacts);
      const files = await Promise.all(names.map((objective, i) => saved(objective, artifacts[i]!)));
      const real = await served.python(python, 'xgboost_predict.py', suffix, ...files.flat());
      const expected: number[][] = JSON.parse(real);
      for (const [i, objective] of names.entries()) {
        assert.equal(expected[i]?.length, objective === 'multi:softprob' ? 1200 : 400);
        assert.ok(new Set(expected[i]).size > 20, 'the model tells rows apart');
        const { features } = dataset(objective, 400);
        for (const accept of ['text/csv', 'application/json']) {
          const answered = await invoked(endpoint, artifacts[i]!.name, features, accept);
          assert.deepEqual(bits(answered), expected[i], `${objective} as ${accept}`);
        }
      }
    });
  }
}
