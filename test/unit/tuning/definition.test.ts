import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WarmstartError } from '../../../src/errors';
import { differences } from '../../../src/tuning/clone';
import { childOf, tuningJobName, tuningJobPrefix, tuningRequest } from '../../../src/tuning/definition';
import { chooseParents } from '../../../src/tuning/parents';
import { candidate, dataset, described, image, plan } from './fixtures';

const fails = (code: string, work: () => unknown) =>
  assert.throws(work, (e) => e instanceof WarmstartError && e.code === code, code);
const rangeNames = (request: ReturnType<typeof tuningRequest>) => {
  const ranges = request.HyperParameterTuningJobConfig?.ParameterRanges;
  return [
    ...(ranges?.IntegerParameterRanges ?? []),
    ...(ranges?.ContinuousParameterRanges ?? []),
    ...(ranges?.CategoricalParameterRanges ?? []),
  ].map((r) => r.Name);
};

describe('request of a tuning job', () => {
  it('is built from the project alone when there is no parent', () => {
    const request = tuningRequest(
      plan({
        tuning: {
          ranges: { eta: { min: 0.1, max: 0.5, scaling: 'Logarithmic' }, num_round: { min: 1, max: 400 } },
        },
      }),
    );
    assert.equal(request.WarmStartConfig, undefined);
    assert.deepEqual(request.HyperParameterTuningJobConfig, {
      Strategy: 'Bayesian',
      HyperParameterTuningJobObjective: { MetricName: 'validation:rmse', Type: 'Minimize' },
      ResourceLimits: { MaxNumberOfTrainingJobs: 10, MaxParallelTrainingJobs: 3 },
      ParameterRanges: {
        IntegerParameterRanges: [{ Name: 'num_round', MinValue: '1', MaxValue: '400', ScalingType: 'Auto' }],
        ContinuousParameterRanges: [
          { Name: 'eta', MinValue: '0.1', MaxValue: '0.5', ScalingType: 'Logarithmic' },
        ],
        CategoricalParameterRanges: [],
      },
      TrainingJobEarlyStoppingType: 'Off',
    });
    const definition = request.TrainingJobDefinition;
    assert.deepEqual(definition?.StaticHyperParameters, {
      objective: 'reg:squarederror',
      early_stopping_rounds: '20',
    });
    assert.deepEqual(definition?.AlgorithmSpecification, {
      TrainingImage: image('1.7-1'),
      TrainingInputMode: 'File',
    });
    assert.deepEqual(
      definition?.InputDataConfig?.map((c) => [
        c.ChannelName,
        c.ContentType,
        c.DataSource?.S3DataSource?.S3Uri,
      ]),
      [
        ['train', 'text/csv', 's3://acme-ml/datasets/flights/delay-ord/run-1/train.csv'],
        ['validation', 'text/csv', 's3://acme-ml/datasets/flights/delay-ord/run-1/validation.csv'],
      ],
    );
    assert.deepEqual(definition?.OutputDataConfig, { S3OutputPath: 's3://acme-ml/output/' });
    assert.deepEqual(definition?.ResourceConfig, {
      InstanceType: 'ml.m5.xlarge',
      InstanceCount: 1,
      VolumeSizeInGB: 30,
    });
    assert.deepEqual(definition?.StoppingCondition, { MaxRuntimeInSeconds: 86_400 });
  });

  it('is the same for every attempt of a run', () => {
    assert.deepEqual(tuningRequest(plan()), tuningRequest(plan()));
  });

  it('never names a hyperparameter both tuned and static, and every value is a string', () => {
    const request = tuningRequest(
      plan({
        training: { hyperparameters: { learning_rate: 0.3, seed: 7, num_round: 50 } },
        tuning: { ranges: { eta: { min: 0.1, max: 0.5 } } },
      }),
    );
    assert.deepEqual(request.TrainingJobDefinition?.StaticHyperParameters, {
      seed: '7',
      num_round: '50',
      objective: 'reg:squarederror',
    });
  });

  it('leaves out of the recommended ranges what the project fixes', () => {
    const request = tuningRequest(
      plan({ training: { hyperparameters: { max_depth: 6, learning_rate: 0.1 } } }),
    );
    assert.ok(!rangeNames(request).includes('max_depth'));
    assert.ok(!rangeNames(request).includes('eta'));
    assert.ok(rangeNames(request).includes('num_round'));
    assert.equal(request.TrainingJobDefinition?.StaticHyperParameters?.max_depth, '6');
  });

  it('takes the direction from the metric, never from the user', () => {
    const objective = (metric: string) =>
      tuningRequest(plan({ training: { objective: 'binary:logistic' }, tuning: { metric } }))
        .HyperParameterTuningJobConfig?.HyperParameterTuningJobObjective;
    assert.deepEqual(objective('validation:auc'), { MetricName: 'validation:auc', Type: 'Maximize' });
    assert.deepEqual(objective('validation:error'), { MetricName: 'validation:error', Type: 'Minimize' });
  });

  it('runs one training job for a test, with a strategy that one job can follow', () => {
    const limits = (strategy: string) =>
      tuningRequest(plan({ tuning: { strategy } }, { testing: true })).HyperParameterTuningJobConfig;
    assert.deepEqual(limits('Bayesian')?.ResourceLimits, {
      MaxNumberOfTrainingJobs: 1,
      MaxParallelTrainingJobs: 1,
    });
    assert.equal(limits('Hyperband')?.Strategy, 'Random');
    assert.equal(limits('Hyperband')?.StrategyConfig, undefined);
  });

  it('needs num_round, and leaves early stopping out when asked to or when the rounds are fixed', () => {
    fails('tuning.num-round-missing', () =>
      tuningRequest(plan({ tuning: { ranges: { eta: { min: 0.1, max: 0.5 } } } })),
    );
    const statics = (hyperparameters: object) =>
      tuningRequest(plan({ training: { hyperparameters } })).TrainingJobDefinition?.StaticHyperParameters ??
      {};
    assert.ok(!('early_stopping_rounds' in statics({ early_stopping_rounds: false })));
    assert.ok(!('early_stopping_rounds' in statics({ num_round: 100 })));
    assert.equal(statics({ early_stopping_rounds: 5 }).early_stopping_rounds, '5');
  });

  it('refuses to tune on the data that it trains with', () => {
    const { train } = dataset.parts;
    for (const validation of [train, { ...train, s3Uri: 's3://acme-ml/copy.csv' }]) {
      const same = { ...dataset, parts: { ...dataset.parts, validation } };
      fails('tuning.same-data', () => tuningRequest(plan({}, { dataset: same })));
    }
  });

  it('follows spot, network, encryption, seed and time limits of the project', () => {
    const request = tuningRequest(
      plan({
        environment: { kmsKeyId: 'key-1', vpc: { subnets: ['subnet-1'], securityGroupIds: ['sg-1'] } },
        training: { spot: { maxWaitSeconds: 90_000 } },
        tuning: {
          randomSeed: 7,
          maxRuntimeSeconds: 3600,
          earlyStopping: 'Auto',
          maxJobs: 2,
          maxParallelJobs: 5,
        },
      }),
    );
    const definition = request.TrainingJobDefinition;
    assert.equal(definition?.EnableManagedSpotTraining, true);
    assert.deepEqual(definition?.StoppingCondition, {
      MaxRuntimeInSeconds: 86_400,
      MaxWaitTimeInSeconds: 90_000,
    });
    assert.deepEqual(definition?.VpcConfig, { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] });
    assert.equal(definition?.OutputDataConfig?.KmsKeyId, 'key-1');
    assert.equal(definition?.ResourceConfig?.VolumeKmsKeyId, 'key-1');
    assert.equal(request.HyperParameterTuningJobConfig?.RandomSeed, 7);
    assert.equal(request.HyperParameterTuningJobConfig?.TrainingJobEarlyStoppingType, 'Auto');
    assert.deepEqual(request.HyperParameterTuningJobConfig?.ResourceLimits, {
      MaxNumberOfTrainingJobs: 2,
      MaxParallelTrainingJobs: 2,
      MaxRuntimeInSeconds: 3600,
    });
    fails('tuning.spot-wait', () => tuningRequest(plan({ training: { spot: { maxWaitSeconds: 60 } } })));
  });

  it('gives no volume key to instances that encrypt their own disks', () => {
    const volumeKey = (instanceType: string) =>
      tuningRequest(plan({ environment: { kmsKeyId: 'key-1' }, training: { instanceType } }))
        .TrainingJobDefinition?.ResourceConfig?.VolumeKmsKeyId;
    assert.deepEqual(
      [
        'ml.m5d.large',
        'ml.g4dn.xlarge',
        'ml.p4d.24xlarge',
        'ml.m5.large',
        'ml.c6gn.large',
        'ml.p3.2xlarge',
      ].map(volumeKey),
      [undefined, undefined, undefined, 'key-1', 'key-1', 'key-1'],
    );
  });

  it('gives Hyperband its resource and no early stopping', () => {
    const config = tuningRequest(
      plan({ tuning: { strategy: 'Hyperband', earlyStopping: 'Auto' } }),
    ).HyperParameterTuningJobConfig;
    assert.deepEqual(config?.StrategyConfig, {
      HyperbandStrategyConfig: { MinResource: 1, MaxResource: 4000 },
    });
    assert.equal(config?.TrainingJobEarlyStoppingType, 'Off');
    const own = tuningRequest(
      plan({ tuning: { strategy: 'Hyperband', hyperband: { minResource: 5, maxResource: 50 } } }),
    );
    assert.deepEqual(own.HyperParameterTuningJobConfig?.StrategyConfig?.HyperbandStrategyConfig, {
      MinResource: 5,
      MaxResource: 50,
    });
  });

  it('lets Grid count its jobs itself and search lists only', () => {
    fails('tuning.grid-range', () => tuningRequest(plan({ tuning: { strategy: 'Grid' } })));
    const request = tuningRequest(
      plan({
        training: { hyperparameters: { num_round: 10 } },
        tuning: { strategy: 'Grid', ranges: { booster: { values: ['gbtree', 'dart'] } } },
      }),
    );
    assert.deepEqual(request.HyperParameterTuningJobConfig?.ResourceLimits, { MaxParallelTrainingJobs: 3 });
  });

  it('refuses ranges that SageMaker would refuse', () => {
    const tune = (eta: object) =>
      tuningRequest(plan({ tuning: { ranges: { eta, num_round: { min: 1, max: 9 } } } }));
    fails('tuning.range', () => tune({ min: 0.5, max: 0.1 }));
    fails('tuning.range', () => tune({ min: 0, max: 0.1, scaling: 'Logarithmic' }));
    fails('tuning.range', () => tune({ min: 0.5, max: 1, scaling: 'ReverseLogarithmic' }));
    fails('tuning.range', () =>
      tuningRequest(plan({ tuning: { ranges: { num_round: { min: 1.5, max: 9 } } } })),
    );
    fails('tuning.no-ranges', () =>
      tuningRequest(plan({ tuning: { ranges: {} }, training: { hyperparameters: { num_round: 1 } } })),
    );
    const many = Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`p${i}`, { values: ['a'] }]));
    fails('tuning.too-many-ranges', () =>
      tuningRequest(plan({ tuning: { ranges: { ...many, num_round: { min: 1, max: 9 } } } })),
    );
  });

  it('tunes any image by its own metric', () => {
    const own = {
      image: '1.dkr.ecr.us-east-1.amazonaws.com/own:2',
      objectiveType: 'Maximize',
      metricDefinitions: [{ name: 'score', regex: 'score=(\\S+)' }],
      hyperparameters: { layers: 3, fast: true },
    };
    const ranges = { rate: { min: 0.1, max: 1, type: 'continuous' } };
    const request = tuningRequest(plan({ training: own, tuning: { metric: 'score', ranges } }));
    assert.deepEqual(request.HyperParameterTuningJobConfig?.HyperParameterTuningJobObjective, {
      MetricName: 'score',
      Type: 'Maximize',
    });
    assert.deepEqual(request.TrainingJobDefinition?.AlgorithmSpecification, {
      TrainingImage: own.image,
      TrainingInputMode: 'File',
      MetricDefinitions: [{ Name: 'score', Regex: 'score=(\\S+)' }],
    });
    assert.deepEqual(request.TrainingJobDefinition?.StaticHyperParameters, { layers: '3', fast: 'true' });
    fails('tuning.metric-missing', () => tuningRequest(plan({ training: own, tuning: { ranges } })));
    fails('tuning.range-type', () =>
      tuningRequest(
        plan({ training: own, tuning: { metric: 'score', ranges: { rate: { min: 0.1, max: 1 } } } }),
      ),
    );
    fails('tuning.no-ranges', () => tuningRequest(plan({ training: own, tuning: { metric: 'score' } })));
  });

  it('tags the job with what it is, in characters and numbers that AWS takes', () => {
    const environment = { tags: { team: 'flights, delays {"x"}', 'warmstart:model': 'forged' } };
    const tags = new Map(
      tuningRequest(plan({ environment }), [candidate('job-2'), candidate('job-1')]).Tags?.map((t) => [
        t.Key,
        t.Value,
      ]),
    );
    assert.deepEqual([...tags].sort(), [
      ['team', 'flights delays x'],
      ['warmstart:commit', '0123456789abcdef0123456789abcdef01234567'],
      ['warmstart:layer', 'flights'],
      ['warmstart:model', 'delay-ord'],
      ['warmstart:parents', 'job-2 job-1'],
      ['warmstart:run', 'run-1'],
      ['warmstart:testing', 'false'],
    ]);
    const many = Object.fromEntries(Array.from({ length: 46 }, (_, i) => [`tag-${i}`, 'x']));
    fails('tuning.too-many-tags', () => tuningRequest(plan({ environment: { tags: many } })));
  });
});

describe('warm start', () => {
  const ranges = { eta: { min: 0.1, max: 0.5 }, num_round: { min: 1, max: 400 } };
  const warm = (parents = [candidate('job-1')]) =>
    tuningRequest(
      plan({ training: { hyperparameters: { early_stopping_rounds: false } }, tuning: { ranges } }),
      parents,
    );

  it('names its parents, newest first, and its type', () => {
    assert.deepEqual(warm([candidate('job-2'), candidate('job-1')]).WarmStartConfig, {
      WarmStartType: 'TransferLearning',
      ParentHyperParameterTuningJobs: [
        { HyperParameterTuningJobName: 'job-2' },
        { HyperParameterTuningJobName: 'job-1' },
      ],
    });
  });

  it("clones the newest parent's definition and changes only what is meant", () => {
    const parent = described('job-1').TrainingJobDefinition;
    assert.ok(parent);
    const whole = {
      ...parent,
      DefinitionName: 'd',
      RetryStrategy: { MaximumRetryAttempts: 2 },
      EnableInterContainerTrafficEncryption: true,
      EnableManagedSpotTraining: false,
      Environment: { KEPT: '1' },
      AlgorithmSpecification: {
        TrainingImage: image('1.5-1'),
        TrainingInputMode: 'File' as const,
        MetricDefinitions: [{ Name: 'validation:rmse', Regex: 'x' }],
      },
      InputDataConfig: [
        ...(parent.InputDataConfig ?? []),
        {
          ChannelName: 'code',
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri: 's3://b/code' } },
        },
      ],
    };
    const before = structuredClone(whole);
    const definition = warm([candidate('job-1', { definition: whole })]).TrainingJobDefinition;
    assert.deepEqual(whole, before, 'the parent is not touched');
    assert.deepEqual(
      differences(whole, definition).map((d) => d.path),
      [
        'AlgorithmSpecification.MetricDefinitions',
        'AlgorithmSpecification.TrainingImage',
        'InputDataConfig.train.DataSource.S3DataSource.S3DataDistributionType',
        'InputDataConfig.train.DataSource.S3DataSource.S3Uri',
        'InputDataConfig.validation.DataSource.S3DataSource.S3DataDistributionType',
        'InputDataConfig.validation.DataSource.S3DataSource.S3Uri',
        'OutputDataConfig.S3OutputPath',
        'StaticHyperParameters._tuning_objective_metric',
      ],
    );
    assert.deepEqual(definition?.Environment, { KEPT: '1' });
    assert.equal(definition?.InputDataConfig?.length, 3);
  });

  it('drops a key, network or instance list that the project has no more', () => {
    const parent = described('job-1').TrainingJobDefinition;
    assert.ok(parent);
    const definition = warm([
      candidate('job-1', {
        definition: {
          ...parent,
          VpcConfig: { Subnets: ['s'], SecurityGroupIds: ['g'] },
          EnableManagedSpotTraining: true,
          OutputDataConfig: { S3OutputPath: 's3://b/o', KmsKeyId: 'k' },
          HyperParameterTuningResourceConfig: {
            InstanceType: 'ml.m5.large',
            InstanceCount: 1,
            VolumeSizeInGB: 1,
          },
        },
      }),
    ]).TrainingJobDefinition;
    assert.ok(definition);
    assert.deepEqual(
      ['VpcConfig', 'HyperParameterTuningResourceConfig'].filter((key) => key in definition),
      [],
    );
    assert.deepEqual(definition.OutputDataConfig, { S3OutputPath: 's3://acme-ml/output/' });
    assert.equal(definition.EnableManagedSpotTraining, false);
  });

  it('starts from a job that the same project ran before', () => {
    const earlier = plan({}, { runId: 'run-0' });
    const request = tuningRequest(earlier);
    const child = childOf(plan());
    const parent = candidate('ws-delay-ord-0', {
      definition: request.TrainingJobDefinition,
      tuned: child.tuned,
      fixed: request.TrainingJobDefinition?.StaticHyperParameters ?? {},
    });
    const choice = chooseParents({ child, wanted: 1, candidates: [parent], policy: 'latest-not-rejected' });
    assert.deepEqual(choice.refused, []);
    assert.equal(choice.parents.length, 1);
  });
});

describe('differences of definitions', () => {
  it('match lists by name, tell what is new and what is gone', () => {
    const from = {
      InputDataConfig: [
        { ChannelName: 'train', A: '1' },
        { ChannelName: 'old', A: '1' },
      ],
      N: 1,
    };
    const to = {
      InputDataConfig: [
        { ChannelName: 'new', A: '1' },
        { ChannelName: 'train', A: '2' },
      ],
      N: 1,
      M: true,
    };
    assert.deepEqual(differences(from, to), [
      { path: 'InputDataConfig.new', from: undefined, to: '{"ChannelName":"new","A":"1"}' },
      { path: 'InputDataConfig.old', from: '{"ChannelName":"old","A":"1"}', to: undefined },
      { path: 'InputDataConfig.train.A', from: '1', to: '2' },
      { path: 'M', from: undefined, to: 'true' },
    ]);
  });

  it('are none between equal things, and take an absent field and an undefined one for the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => differences(value, structuredClone(value)).length === 0),
    );
    assert.deepEqual(differences({ a: undefined }, {}), []);
  });
});

describe('name of a tuning job', () => {
  it('is valid, short and the same for the same run', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (name, runId) => {
        const job = tuningJobName({ name, layer: 'l' }, runId);
        assert.match(job, /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}$/);
        assert.ok(job.length <= 32);
        assert.equal(job, job.toLowerCase());
        assert.ok(job.startsWith(tuningJobPrefix({ name })));
        assert.equal(job, tuningJobName({ name, layer: 'l' }, runId));
        assert.notEqual(job, tuningJobName({ name, layer: 'l' }, `${runId}+`));
      }),
    );
    assert.match(
      tuningJobName({ name: 'delay-ord', layer: 'flights' }, 'run-1'),
      /^ws-delay-ord-[0-9a-f]{10}$/,
    );
  });
});
