import assert from 'node:assert/strict';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
} from '@aws-sdk/client-sagemaker';
import type { InvokeEndpointInput } from '@aws-sdk/client-sagemaker-runtime';
import { InvokeEndpointCommand, ModelError } from '@aws-sdk/client-sagemaker-runtime';
import type { Harness } from './sagemaker-harness';
import { artifact, bucket, image, put, role, settled, startHarness } from './sagemaker-harness';

describe('sandbox runtime', () => {
  let harness: Harness;

  before(async () => {
    harness = await startHarness();
    await put(harness, 'models/team/a.tar.gz', await artifact(2));
    await put(harness, 'models/new.tar.gz', await artifact(2, '3.0-5'));
    await put(harness, 'models/junk.tar.gz', 'not a tar');
    await serve('many', 'MultiModel', 'models/');
    await serve('one', 'SingleModel', 'models/team/a.tar.gz');
  });
  after(() => harness.stop());

  async function serve(
    name: string,
    Mode: 'MultiModel' | 'SingleModel',
    key: string,
    ModelCacheSetting?: 'Disabled',
  ): Promise<void> {
    const { sagemaker } = harness;
    await sagemaker.send(
      new CreateModelCommand({
        ModelName: name,
        ExecutionRoleArn: role,
        PrimaryContainer: {
          Image: image,
          Mode,
          ModelDataUrl: `s3://${bucket}/${key}`,
          MultiModelConfig: ModelCacheSetting && { ModelCacheSetting },
        },
      }),
    );
    await sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: name,
        ProductionVariants: [
          {
            VariantName: 'AllTraffic',
            ModelName: name,
            InstanceType: 'ml.t2.medium',
            InitialInstanceCount: 1,
          },
        ],
      }),
    );
    await sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
    assert.equal(await settled(harness, name), 'InService');
  }

  type Input = Omit<Partial<InvokeEndpointInput>, 'Body'> & { Body?: string | Uint8Array };

  async function invoke(input: Input): Promise<string> {
    const { Body } = await harness.runtime.send(
      new InvokeEndpointCommand({
        EndpointName: 'many',
        ContentType: 'text/csv',
        Body: '0\n1\n1',
        ...input,
      }),
    );
    return Buffer.from(Body).toString();
  }

  const modelError = (status: number, message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof ModelError);
    assert.equal(error.$metadata.httpStatusCode, 424);
    assert.equal(error.OriginalStatusCode, status);
    assert.match(error.OriginalMessage ?? '', message);
    assert.match(error.LogStreamArn ?? '', /\/aws\/sagemaker\/Endpoints\/many/);
    return true;
  };

  it('answers CSV on one line, and JSON as a bare array when nothing else was asked for', async () => {
    const TargetModel = 'team/a.tar.gz';
    assert.equal(await invoke({ TargetModel, Accept: 'text/csv' }), '0.0,2.0,2.0');
    assert.equal(await invoke({ TargetModel, Accept: 'application/json' }), '[0.0, 2.0, 2.0]');
    assert.equal(await invoke({ TargetModel }), '[0.0, 2.0, 2.0]');
    assert.equal(
      await invoke({ TargetModel, ContentType: 'text/libsvm', Body: '0 0:1\n', Accept: 'text/csv' }),
      '2.0',
    );
  });

  it('names the variant that answered', async () => {
    const answer = await harness.runtime.send(
      new InvokeEndpointCommand({
        EndpointName: 'many',
        TargetModel: 'team/a.tar.gz',
        ContentType: 'text/csv',
        Body: '1',
      }),
    );
    assert.equal(answer.InvokedProductionVariant, 'AllTraffic');
    assert.equal(answer.ContentType, 'application/json');
  });

  it('fails to load what the image cannot read: other versions, other files', async () => {
    await assert.rejects(invoke({ TargetModel: 'new.tar.gz' }), modelError(500, /^Unable to load model: /));
    await assert.rejects(invoke({ TargetModel: 'junk.tar.gz' }), modelError(500, /^Unable to load model: /));
  });

  it('refuses other columns, other content types and what is no number', async () => {
    const TargetModel = 'team/a.tar.gz';
    await assert.rejects(
      invoke({ TargetModel, Body: '1,2' }),
      modelError(
        400,
        /Feature size of csv inference data 2 is not consistent with feature size of trained model 1\./,
      ),
    );
    await assert.rejects(
      invoke({ TargetModel, ContentType: 'application/json', Body: '[1]' }),
      modelError(415, /application\/json is not supported/),
    );
    await assert.rejects(
      invoke({ TargetModel, Body: 'carrier\nUA' }),
      modelError(400, /Loading csv data failed with Exception, please ensure data is in csv format/),
    );
  });

  it('tells callers which header is wrong, and what does not exist', async () => {
    const validation = (message: RegExp) => ({ name: 'ValidationError', message });
    await assert.rejects(invoke({}), validation(/missing a target model header/));
    await assert.rejects(
      invoke({ EndpointName: 'one', TargetModel: 'team/a.tar.gz' }),
      validation(/^Endpoint one is not a multi-model endpoint and does not support target model header\.$/),
    );
    await assert.rejects(invoke({ TargetModel: 'none.tar.gz' }), validation(/Failed to download model data/));
    await assert.rejects(
      invoke({ TargetModel: '/team/a.tar.gz' }),
      validation(/Failed to download model data/),
    );
    await assert.rejects(
      invoke({ EndpointName: 'none', TargetModel: 'a' }),
      validation(/^Endpoint none of account 111111111111 not found\.$/),
    );
    await assert.rejects(
      invoke({ TargetModel: 'team/a.tar.gz', Body: Buffer.alloc(6_291_457, '1') }),
      validation(/less than or equal to 6291456/),
    );
    await assert.rejects(
      invoke({ TargetModel: 'team/a.tar.gz', TargetVariant: 'Other' }),
      validation(/Variant Other not found/),
    );
  });

  it('keeps serving an overwritten model; without a cache it reads S3 each time', async () => {
    await put(harness, 'stale/a.tar.gz', await artifact(2));
    await serve('stale', 'MultiModel', 'stale/');
    await serve('fresh', 'MultiModel', 'stale/', 'Disabled');
    const ask = (EndpointName: string) =>
      invoke({ EndpointName, TargetModel: 'a.tar.gz', Body: '1', Accept: 'text/csv' });
    assert.deepEqual([await ask('stale'), await ask('fresh')], ['2.0', '2.0']);
    await put(harness, 'stale/a.tar.gz', await artifact(7));
    assert.deepEqual([await ask('stale'), await ask('fresh')], ['2.0', '7.0']);
    await harness.restart();
    assert.equal(await ask('stale'), '2.0', 'instances keep their volumes');
  });

  it('serves a single model in the formats of the single-model server', async () => {
    const EndpointName = 'one';
    assert.equal(await invoke({ EndpointName }), '0.0,2.0,2.0');
    assert.equal(
      await invoke({ EndpointName, Body: '1', Accept: 'application/json' }),
      '{"predictions": [{"score": 2.0}]}',
    );
  });
});
