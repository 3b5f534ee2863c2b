import assert from 'node:assert/strict';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type {
  CreateHyperParameterTuningJobRequest,
  HyperParameterTrainingJobDefinition,
  HyperParameterTuningJobConfig,
} from '@aws-sdk/client-sagemaker';
import {
  CreateHyperParameterTuningJobCommand,
  DescribeHyperParameterTuningJobCommand,
  DescribeTrainingJobCommand,
  ListHyperParameterTuningJobsCommand,
  ListTagsCommand,
  ListTrainingJobsForHyperParameterTuningJobCommand,
  StopHyperParameterTuningJobCommand,
} from '@aws-sdk/client-sagemaker';
import { readArtifact } from '../../../src/xgboost/artifact';
import type { Harness } from './sagemaker-harness';
import { bucket, image, put, role, startHarness } from './sagemaker-harness';

describe('sandbox tuning jobs', () => {
  let harness: Harness;

  before(async () => {
    harness = await startHarness(20_000);
    await put(harness, 'data/train.csv', rows(200, 1));
    await put(harness, 'data/validation.csv', rows(80, 2));
  });
  after(() => harness.stop());

  const config: HyperParameterTuningJobConfig = {
    Strategy: 'Bayesian',
    HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:rmse' },
    ResourceLimits: { MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 2 },
    ParameterRanges: {
      ContinuousParameterRanges: [
        { Name: 'eta', MinValue: '0.1', MaxValue: '0.5', ScalingType: 'Logarithmic' },
      ],
      IntegerParameterRanges: [{ Name: 'max_depth', MinValue: '1', MaxValue: '6' }],
    },
  };
  const definition: HyperParameterTrainingJobDefinition = {
    AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File' },
    RoleArn: role,
    StaticHyperParameters: { objective: 'reg:squarederror', num_round: '5' },
    InputDataConfig: ['train', 'validation'].map((ChannelName) => ({
      ChannelName,
      ContentType: 'text/csv',
      DataSource: {
        S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${bucket}/data/${ChannelName}.csv` },
      },
    })),
    OutputDataConfig: { S3OutputPath: `s3://${bucket}/output` },
    ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  };

  interface Changes {
    config?: Partial<HyperParameterTuningJobConfig>;
    definition?: Partial<HyperParameterTrainingJobDefinition>;
    more?: Partial<CreateHyperParameterTuningJobRequest>;
  }

  async function start(name: string, changes: Changes = {}): Promise<void> {
    await harness.sagemaker.send(
      new CreateHyperParameterTuningJobCommand({
        HyperParameterTuningJobName: name,
        HyperParameterTuningJobConfig: { ...config, ...changes.config },
        TrainingJobDefinition: { ...definition, ...changes.definition },
        ...changes.more,
      }),
    );
  }

  const described = (name: string) =>
    harness.sagemaker.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name }));

  const jobs = async (name: string, more: object = {}) =>
    (
      await harness.sagemaker.send(
        new ListTrainingJobsForHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name, ...more }),
      )
    ).TrainingJobSummaries ?? [];

  async function ended(name: string) {
    for (;;) {
      const job = await described(name);
      const status = job.HyperParameterTuningJobStatus;
      if (status !== 'InProgress' && status !== 'Stopping') return job;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  const warm = (...parents: string[]): Changes['more'] => ({
    WarmStartConfig: {
      WarmStartType: 'TransferLearning',
      ParentHyperParameterTuningJobs: parents.map((each) => ({ HyperParameterTuningJobName: each })),
    },
  });

  it('trains as many models as asked for, and the best one is an artifact that can be read', async () => {
    await start('Tune', { more: { Tags: [{ Key: 'model', Value: 'delay' }] } });
    const early = await described('Tune');
    assert.equal(early.HyperParameterTuningJobStatus, 'InProgress');
    assert.equal(early.BestTrainingJob, undefined);
    const job = await ended('Tune');
    assert.equal(job.HyperParameterTuningJobStatus, 'Completed');
    assert.deepEqual(job.TrainingJobStatusCounters, {
      Completed: 4,
      InProgress: 0,
      RetryableError: 0,
      NonRetryableError: 0,
      Stopped: 0,
    });
    assert.deepEqual(job.ObjectiveStatusCounters, { Succeeded: 4, Pending: 0, Failed: 0 });
    const best = job.BestTrainingJob;
    const all = await jobs('Tune');
    const values = all.map((each) => each.FinalHyperParameterTuningJobObjectiveMetric?.Value ?? Number.NaN);
    assert.equal(best?.FinalHyperParameterTuningJobObjectiveMetric?.Value, Math.min(...values));
    assert.match(best?.TrainingJobName ?? '', /^Tune-00[1-4]-[0-9a-f]{8}$/);
    assert.equal(job.OverallBestTrainingJob, undefined);

    const training = await harness.sagemaker.send(
      new DescribeTrainingJobCommand({ TrainingJobName: best?.TrainingJobName }),
    );
    assert.equal(training.TrainingJobStatus, 'Completed');
    assert.equal(training.TuningJobArn, job.HyperParameterTuningJobArn);
    assert.equal(training.HyperParameters?._tuning_objective_metric, 'validation:rmse');
    assert.equal(training.HyperParameters?.eta, best?.TunedHyperParameters?.eta);
    assert.deepEqual(
      training.SecondaryStatusTransitions?.map((each) => each.Status),
      ['Starting', 'Downloading', 'Training', 'Uploading', 'Completed'],
    );
    assert.ok((training.BillableTimeInSeconds ?? 0) >= 20);
    const metrics = training.FinalMetricDataList?.map((each) => each.MetricName).sort();
    assert.deepEqual(metrics, ['ObjectiveMetric', 'train:rmse', 'validation:rmse']);
    assert.equal(
      training.ModelArtifacts?.S3ModelArtifacts,
      `s3://${bucket}/output/${best?.TrainingJobName}/output/model.tar.gz`,
    );
    const { Body } = await harness.s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: `output/${best?.TrainingJobName}/output/model.tar.gz` }),
    );
    const artifact = await readArtifact((await Body?.transformToByteArray()) ?? new Uint8Array());
    assert.equal(artifact.boosters[0]?.trees.length, 5);
    const { Tags } = await harness.sagemaker.send(
      new ListTagsCommand({ ResourceArn: training.TrainingJobArn }),
    );
    assert.deepEqual(Tags, [{ Key: 'model', Value: 'delay' }]);
  });

  it('lists training jobs by name, ten at a time, and by objective', async () => {
    const names = (await jobs('Tune')).map((each) => each.TrainingJobName);
    assert.deepEqual(names, [...names].sort());
    const byValue = await jobs('Tune', { SortBy: 'FinalObjectiveMetricValue', SortOrder: 'Ascending' });
    const values = byValue.map((each) => each.FinalHyperParameterTuningJobObjectiveMetric?.Value ?? 0);
    assert.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
    );
    assert.equal((await jobs('Tune', { MaxResults: 3 })).length, 3);
    assert.equal((await jobs('tune')).length, 4, 'names are not case sensitive');
  });

  it('answers unknown and duplicate names', async () => {
    await assert.rejects(described('none'), { name: 'ResourceNotFound', message: /can't find a tuning job/ });
    await assert.rejects(start('TUNE'), { name: 'ResourceInUse' });
    await assert.rejects(
      harness.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'none' })),
      { name: 'ValidationException', message: 'Requested resource not found.' },
    );
  });

  it('refuses wrong objectives, ranges and names', async () => {
    const refused = (changes: Changes, message: RegExp) =>
      assert.rejects(start('refused', changes), { name: 'ValidationException', message });
    const objective = (Type: 'Minimize' | 'Maximize', MetricName: string): Changes => ({
      config: { HyperParameterTuningJobObjective: { Type, MetricName } },
    });
    await refused(objective('Maximize', 'validation:rmse'), /objective metric type, \[Maximize\]/);
    await refused(
      objective('Minimize', 'validation:nonsense'),
      /objective metric .* \[validation:nonsense\], isn't valid/,
    );
    const range = (Name: string, MinValue: string, MaxValue: string): Changes => ({
      config: {
        ParameterRanges: {
          ContinuousParameterRanges: [{ Name, MinValue, MaxValue, ScalingType: 'Logarithmic' }],
        },
      },
    });
    await refused(range('eta', '0', '1'), /Logarithmic scaling/);
    await refused(range('eta', '1', '0.5'), /must not be greater than/);
    await refused(range('seed', '1', '2'), /untunable hyperparameters: \[seed\]/);
    await refused(range('max_depth', '1', '2'), /range type of hyperparameter \[max_depth\]/);
    await refused(range('num_round', '1', '2'), /both static and tunable/);
    await refused({ config: { Strategy: 'Grid' } }, /categorical parameter ranges only/);
    await refused({ config: { Strategy: 'Hyperband' } }, /MaxResource must be specified/);
    await refused(
      {
        definition: {
          InputDataConfig: [
            {
              ChannelName: 'train',
              DataSource: {
                S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${bucket}/nothing` },
              },
            },
          ],
        },
      },
      /No S3 objects found under S3 URL/,
    );
    await assert.rejects(
      start('refused', {
        config: { ResourceLimits: { MaxNumberOfTrainingJobs: 20, MaxParallelTrainingJobs: 11 } },
      }),
      { name: 'ResourceLimitExceeded' },
    );
  });

  it('warm-starts from parents by AWS’s rules', async () => {
    const refused = (changes: Changes, message: RegExp) =>
      assert.rejects(start('child', changes), { name: 'ValidationException', message });
    await refused({ more: warm('nobody') }, /\[nobody\] could not be found/);
    await refused(
      { more: warm('Tune'), definition: { StaticHyperParameters: { num_round: '5' } } },
      /^The set of tunable plus static HyperParameter names is not the same/,
    );
    await refused(
      { more: warm('Tune'), definition: { Environment: { A: 'b' } } },
      /^Only the following fields in TrainingJobDefinition are allowed to change: \[algorithmSpecification, /,
    );
    await refused(
      {
        more: warm('Tune'),
        config: { HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:mae' } },
      },
      /objective metric of the tuning job must be the same/,
    );
    await start('child', {
      more: warm('Tune'),
      definition: { StaticHyperParameters: { objective: 'reg:squarederror', num_round: '6' } },
    });
    assert.equal((await ended('child')).HyperParameterTuningJobStatus, 'Completed');
  });

  it('compares with the parents only where data and algorithm are identical', async () => {
    const identical = {
      WarmStartConfig: {
        WarmStartType: 'IdenticalDataAndAlgorithm' as const,
        ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'Tune' }],
      },
    };
    await assert.rejects(
      start('same', {
        more: identical,
        definition: {
          AlgorithmSpecification: {
            TrainingImage: image.replace('1.7-1', '1.5-1'),
            TrainingInputMode: 'File',
          },
        },
      }),
      /training image must be the same/,
    );
    await start('same', { more: identical });
    const { BestTrainingJob: own, OverallBestTrainingJob: overall } = await ended('same');
    const parent = (await described('Tune')).BestTrainingJob;
    const value = (job: typeof own) => job?.FinalHyperParameterTuningJobObjectiveMetric?.Value ?? Number.NaN;
    assert.equal(value(overall), Math.min(value(own), value(parent)));
    assert.ok(['Tune', 'same'].includes(overall?.TuningJobName ?? ''));
  });

  it('fails with the container’s words when every training job failed', async () => {
    await put(harness, 'header/train.csv', `label,a,b\n${rows(20, 1)}`);
    const channel = definition.InputDataConfig![0]!;
    const withHeader = {
      ...channel,
      DataSource: {
        S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri: `s3://${bucket}/header/train.csv` },
      },
    };
    await start('header', { definition: { InputDataConfig: [withHeader] } });
    const job = await ended('header');
    assert.equal(job.HyperParameterTuningJobStatus, 'Failed');
    assert.match(job.FailureReason ?? '', /^All training jobs failed/);
    assert.equal(job.BestTrainingJob, undefined);
    const [first] = await jobs('header');
    assert.match(first?.FailureReason ?? '', /^ClientError: /);
    assert.equal(first?.ObjectiveStatus, 'Failed');
    assert.deepEqual(await jobs('header', { SortBy: 'FinalObjectiveMetricValue' }), []);
    await start('libsvm', {
      definition: { InputDataConfig: [{ ...channel, ContentType: undefined }] },
      config: { ResourceLimits: { MaxNumberOfTrainingJobs: 1, MaxParallelTrainingJobs: 1 } },
    });
    await ended('libsvm');
    const [only] = await jobs('libsvm');
    assert.match(only?.FailureReason ?? '', /is not 'libsvm' format/);
  });

  it('stops when told to, and keeps what was finished', async () => {
    await start('stop', {
      config: { ResourceLimits: { MaxNumberOfTrainingJobs: 50, MaxParallelTrainingJobs: 1 } },
      definition: { StaticHyperParameters: { objective: 'reg:squarederror', num_round: '50' } },
    });
    while ((await jobs('stop')).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await harness.sagemaker.send(
      new StopHyperParameterTuningJobCommand({ HyperParameterTuningJobName: 'stop' }),
    );
    const job = await ended('stop');
    assert.equal(job.HyperParameterTuningJobStatus, 'Stopped');
    assert.ok((job.TrainingJobStatusCounters?.Stopped ?? 0) >= 1);
    assert.ok((await jobs('stop')).length < 50);
  });

  it('stops hopeless jobs early: they count, but leave a model only if the container saves one on termination', async () => {
    const wide: Changes['config'] = {
      Strategy: 'Random',
      RandomSeed: 7,
      TrainingJobEarlyStoppingType: 'Auto',
      ResourceLimits: { MaxNumberOfTrainingJobs: 10, MaxParallelTrainingJobs: 1 },
      ParameterRanges: {
        ContinuousParameterRanges: [
          { Name: 'eta', MinValue: '0.001', MaxValue: '0.9', ScalingType: 'Logarithmic' },
        ],
      },
    };
    const StaticHyperParameters = { objective: 'reg:squarederror', num_round: '40' };
    await start('early', { config: wide, definition: { StaticHyperParameters } });
    await start('early-saved', {
      config: wide,
      definition: { StaticHyperParameters: { ...StaticHyperParameters, save_model_on_termination: 'true' } },
    });
    for (const [name, saved] of [
      ['early', false],
      ['early-saved', true],
    ] as const) {
      const job = await ended(name);
      assert.equal(job.HyperParameterTuningJobStatus, 'Completed');
      assert.equal(job.ObjectiveStatusCounters?.Succeeded, 10);
      const [stopped] = await jobs(name, { StatusEquals: 'Stopped' });
      assert.ok(stopped);
      const { ModelArtifacts } = await harness.sagemaker.send(
        new DescribeTrainingJobCommand({ TrainingJobName: stopped.TrainingJobName }),
      );
      assert.equal(ModelArtifacts?.S3ModelArtifacts !== undefined, saved);
    }
  });

  it('lets few jobs of a Hyperband search come to their end', async () => {
    await start('hyperband', {
      config: {
        Strategy: 'Hyperband',
        RandomSeed: 7,
        StrategyConfig: { HyperbandStrategyConfig: { MinResource: 1, MaxResource: 27 } },
        ResourceLimits: { MaxNumberOfTrainingJobs: 12, MaxParallelTrainingJobs: 2 },
      },
      definition: { StaticHyperParameters: { objective: 'reg:squarederror', num_round: '27' } },
    });
    const { TrainingJobStatusCounters: counters } = await ended('hyperband');
    assert.ok((counters?.Stopped ?? 0) > (counters?.Completed ?? 0), JSON.stringify(counters));
  });

  it('ends when the completion criteria are met', async () => {
    await start('target', {
      config: {
        ResourceLimits: { MaxNumberOfTrainingJobs: 30, MaxParallelTrainingJobs: 1 },
        TuningJobCompletionCriteria: { TargetObjectiveMetricValue: 1000 },
      },
    });
    assert.equal((await ended('target')).HyperParameterTuningJobStatus, 'Completed');
    assert.equal((await jobs('target')).length, 1);
  });

  it('tries every combination of a grid', async () => {
    const categorical = (Name: string, ...Values: string[]) => ({ Name, Values });
    await start('grid', {
      config: {
        Strategy: 'Grid',
        ResourceLimits: { MaxParallelTrainingJobs: 3 },
        ParameterRanges: {
          CategoricalParameterRanges: [categorical('eta', '0.1', '0.3'), categorical('max_depth', '2', '4')],
        },
      },
    });
    await ended('grid');
    const tried = (await jobs('grid')).map(
      ({ TunedHyperParameters: tuned }) => `${tuned?.eta}/${tuned?.max_depth}`,
    );
    assert.deepEqual(tried.sort(), ['0.1/2', '0.1/4', '0.3/2', '0.3/4']);
  });

  it('goes on after a restart', async () => {
    await start('again', {
      config: { ResourceLimits: { MaxNumberOfTrainingJobs: 5, MaxParallelTrainingJobs: 2 } },
    });
    while ((await jobs('again')).length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    await harness.restart();
    const job = await ended('again');
    assert.equal(job.HyperParameterTuningJobStatus, 'Completed');
    assert.equal(job.TrainingJobStatusCounters?.Completed, 5);
  });

  it('lists tuning jobs with their counters', async () => {
    const { HyperParameterTuningJobSummaries: all } = await harness.sagemaker.send(
      new ListHyperParameterTuningJobsCommand({ StatusEquals: 'Failed' }),
    );
    assert.deepEqual(
      all?.map((each) => each.HyperParameterTuningJobName),
      ['header', 'libsvm'],
    );
    assert.equal(all?.[0]?.TrainingJobStatusCounters?.NonRetryableError, 4);
  });
});

/** Label first: y = 3a − b. */
function rows(count: number, seed: number): string {
  return Array.from({ length: count }, (_, i) => {
    const [a, b] = [((i * 7 + seed) % 13) / 13, ((i * 5 + seed) % 11) / 11];
    return `${(3 * a - b).toFixed(4)},${a.toFixed(4)},${b.toFixed(4)}\n`;
  }).join('');
}
