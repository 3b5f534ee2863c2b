import assert from 'node:assert/strict';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  ListTagsCommand,
} from '@aws-sdk/client-sagemaker';
import { listManifests } from '../../src/release/manifest';
import { useLoop } from './harness';
import { approved, archiveOf, assertServes, decided, fixture } from './publishing';

const file = '1.7.4/squarederror.bin';
const other = '1.7.4/gamma.bin';
const image = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1';
const kmsKeyId = 'arn:aws:kms:us-east-1:222222222222:key/0b7b1c5e-0000-4000-8000-000000000000';
const release = ['release', 'flights', '--env', 'qa'];

describe('An endpoint that somebody made by hand', () => {
  const loop = useLoop();

  before(async () => {
    const session = await loop.session('qa');
    const store = await loop.store('qa');
    for (const target of ['delay-atl', 'team/legacy'])
      await store.put(`models/${target}.tar.gz`, await archiveOf(fixture(file)));
    await store.put('models/README.txt', 'not a model');
    const sagemaker = session.sagemaker();
    await sagemaker.send(
      new CreateModelCommand({
        ModelName: 'by-hand',
        ExecutionRoleArn: 'arn:aws:iam::222222222222:role/SageMakerExecution',
        PrimaryContainer: {
          Image: image,
          Mode: 'MultiModel',
          ModelDataUrl: store.uri('models/'),
          Environment: { SAGEMAKER_CONTAINER_LOG_LEVEL: '20' },
          MultiModelConfig: { ModelCacheSetting: 'Enabled' },
        },
        EnableNetworkIsolation: true,
      }),
    );
    await sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: 'by-hand-2',
        KmsKeyId: kmsKeyId,
        ProductionVariants: [
          {
            VariantName: 'Everything',
            ModelName: 'by-hand',
            InstanceType: 'ml.m5.xlarge',
            InitialInstanceCount: 2,
            VolumeSizeInGB: 64,
          },
        ],
        Tags: [
          { Key: 'team', Value: 'delays' },
          { Key: 'warmstart:release', Value: 'a copied tag' },
        ],
      }),
    );
    await sagemaker.send(
      new CreateEndpointCommand({ EndpointName: 'flights', EndpointConfigName: 'by-hand-2' }),
    );
    let status = '';
    while (status !== 'InService')
      status = (await (await loop.releaseScene('qa')).readLive())?.endpoint.EndpointStatus ?? '';
  });

  it('is told as not released by Warmstart, with all that it serves', async () => {
    const { releaseId, configName, targets, instances } = (
      await loop.done('inspect', 'flights', '--env', 'qa')
    ).one('inspect');
    assert.deepEqual(
      [releaseId, configName, instances],
      [null, 'by-hand-2', { type: 'ml.m5.xlarge', count: 2 }],
    );
    assert.deepEqual(
      targets.map((t) => [t.targetModel, t.marks]),
      [
        ['delay-atl.tar.gz', ['unmanaged']],
        ['delay-ord.tar.gz', ['missing']],
        ['delay-dfw.tar.gz', ['missing']],
        ['team/legacy.tar.gz', ['unmanaged']],
      ],
    );
    await loop.fails(3, 'release.not-managed', 'rollback', 'flights', '--env', 'qa');
  });

  it('gets its old config back when the first release of Warmstart fails, and what failed is not taken for a model', async () => {
    const wrong = await approved(loop, 'delay-atl', { file: other, claim: () => 0 });
    await loop.fails(1, 'release.rolled-back', ...release);
    await assertServes(loop, 'qa', 'delay-atl.tar.gz', file);
    await decided(loop, wrong, 'Rejected');
    // The release's folder stands below models/, which the endpoint reads again.
    const { targets } = (await loop.done('inspect', 'flights', '--env', 'qa')).one('inspect');
    assert.deepEqual(
      targets.map((t) => t.targetModel),
      ['delay-atl.tar.gz', 'delay-ord.tar.gz', 'delay-dfw.tar.gz', 'team/legacy.tar.gz'],
    );
  });

  it('keeps its config, its Model’s settings and its models when Warmstart releases to it', async () => {
    await approved(loop, 'delay-ord', { file: other });
    const answer = await loop.done(...release);
    const { configName, modelName, targets } =
      (await listManifests(await loop.store('qa'), 'flights', 1))[0] ?? assert.fail();
    assert.deepEqual(
      targets.map((t) => t.targetModel),
      ['delay-atl.tar.gz', 'delay-ord.tar.gz', 'team/legacy.tar.gz'],
    );
    assert.deepEqual(
      answer.one('release.plan').targets.map((t) => t.action),
      ['keep', 'add', 'absent', 'carry'],
    );
    const sagemaker = (await loop.session('qa')).sagemaker();
    const config = await sagemaker.send(
      new DescribeEndpointConfigCommand({ EndpointConfigName: configName }),
    );
    const [variant, ...more] = config.ProductionVariants ?? [];
    assert.deepEqual(
      [
        more.length,
        config.KmsKeyId,
        variant?.VariantName,
        variant?.InstanceType,
        variant?.InitialInstanceCount,
      ],
      [0, kmsKeyId, 'Everything', 'ml.m5.xlarge', 2],
    );
    assert.deepEqual([variant?.VolumeSizeInGB, variant?.ModelName], [64, modelName]);
    const { Tags = [] } = await sagemaker.send(
      new ListTagsCommand({ ResourceArn: config.EndpointConfigArn }),
    );
    assert.deepEqual(Object.fromEntries(Tags.map((tag) => [tag.Key, tag.Value])), {
      team: 'delays',
      'warmstart:release': configName.slice('flights-'.length),
      'warmstart:endpoint': 'flights',
    });
    const model = await sagemaker.send(new DescribeModelCommand({ ModelName: modelName }));
    assert.deepEqual(
      [model.PrimaryContainer?.Environment, model.EnableNetworkIsolation],
      [{ SAGEMAKER_CONTAINER_LOG_LEVEL: '20' }, true],
    );
    assert.deepEqual(model.PrimaryContainer?.MultiModelConfig, { ModelCacheSetting: 'Enabled' });
    await assertServes(loop, 'qa', 'delay-atl.tar.gz', file);
    await assertServes(loop, 'qa', 'delay-ord.tar.gz', other);
    await assertServes(loop, 'qa', 'team/legacy.tar.gz', file);
  });

  it('takes the project’s version of a model in place of the file that was there', async () => {
    await approved(loop, 'delay-atl', { file: other });
    (await loop.done(...release)).one('release.done');
    await assertServes(loop, 'qa', 'delay-atl.tar.gz', other);
    (await loop.done('rollback', 'flights', '--env', 'qa')).one('rollback.done');
    await assertServes(loop, 'qa', 'delay-atl.tar.gz', file);
  });
});
