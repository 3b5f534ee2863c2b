import assert from 'node:assert/strict';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { UpdateEndpointInput } from '@aws-sdk/client-sagemaker';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListTagsCommand,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
  waitUntilEndpointDeleted,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import type { Harness } from './sagemaker-harness';
import { artifact, bucket, image, put, role, settled, startHarness } from './sagemaker-harness';

describe('sandbox endpoints', () => {
  let harness: Harness;

  before(async () => {
    harness = await startHarness();
    await put(harness, 'models/v1/a.tar.gz', await artifact(2));
    await put(harness, 'models/v1/b.tar.gz', await artifact(3));
    await put(harness, 'models/v2/a.tar.gz', await artifact(20));
    await put(harness, 'models/v2/b.tar.gz', await artifact(30));
    await createModel('v1');
    await createModel('v2');
    await createModel('bad-tag', image.replace('1.7-1', '9.9-9'), 'v1');
  });
  after(() => harness.stop());

  async function createModel(name: string, Image = image, prefix = name): Promise<void> {
    await harness.sagemaker.send(
      new CreateModelCommand({
        ModelName: name,
        ExecutionRoleArn: role,
        PrimaryContainer: { Image, Mode: 'MultiModel', ModelDataUrl: `s3://${bucket}/models/${prefix}/` },
      }),
    );
  }

  async function createConfig(
    name: string,
    ModelName: string,
    InstanceType: 'ml.t2.medium' | 'ml.p4d.24xlarge' = 'ml.t2.medium',
    count = 2,
  ): Promise<void> {
    await harness.sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: name,
        ProductionVariants: [
          { VariantName: 'AllTraffic', ModelName, InstanceType, InitialInstanceCount: count },
        ],
        Tags: [{ Key: 'team', Value: 'flights' }],
      }),
    );
  }

  async function createEndpoint(name: string, config: string): Promise<void> {
    await harness.sagemaker.send(
      new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: config }),
    );
    assert.equal(await settled(harness, name), 'InService');
  }

  async function invoke(EndpointName: string, TargetModel: string): Promise<number> {
    const answer = await harness.runtime.send(
      new InvokeEndpointCommand({
        EndpointName,
        TargetModel,
        ContentType: 'text/csv',
        Accept: 'text/csv',
        Body: '1',
      }),
    );
    return Number(Buffer.from(answer.Body).toString());
  }

  function update(EndpointName: string, config: string, more: Partial<UpdateEndpointInput> = {}) {
    return harness.sagemaker.send(
      new UpdateEndpointCommand({ EndpointName, EndpointConfigName: config, ...more }),
    );
  }

  const describe_ = (EndpointName: string) =>
    harness.sagemaker.send(new DescribeEndpointCommand({ EndpointName }));

  it('serves after Creating, and shows its variants', async () => {
    await createConfig('c1', 'v1');
    const created = await harness.sagemaker.send(
      new CreateEndpointCommand({ EndpointName: 'Flights', EndpointConfigName: 'c1' }),
    );
    assert.equal(created.EndpointArn, 'arn:aws:sagemaker:us-east-1:111111111111:endpoint/flights');
    assert.equal((await describe_('Flights')).EndpointStatus, 'Creating');
    await assert.rejects(invoke('Flights', 'a.tar.gz'), { name: 'ValidationError', message: /not found/ });
    await assert.rejects(
      harness.sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'Flights' })),
      /Cannot update in-progress endpoint/,
    );
    assert.equal(await settled(harness, 'Flights'), 'InService');
    const described = await describe_('Flights');
    assert.equal(described.ProductionVariants?.[0]?.CurrentInstanceCount, 2);
    assert.ok(described.CreationTime instanceof Date);
    assert.equal(await invoke('Flights', 'a.tar.gz'), 2);
    assert.equal(await invoke('Flights', 'b.tar.gz'), 3);
  });

  it('keeps answering from the old fleet during an update, then from the new one', async () => {
    await createConfig('gap-1', 'v1');
    await createConfig('gap-2', 'v2');
    await createEndpoint('gap', 'gap-1');
    await update('gap', 'gap-2');
    const seen: number[] = [];
    for (;;) {
      seen.push(await invoke('gap', 'a.tar.gz'));
      const { EndpointStatus, EndpointConfigName } = await describe_('gap');
      if (EndpointStatus === 'InService') {
        assert.equal(EndpointConfigName, 'gap-2');
        break;
      }
      assert.equal(EndpointStatus, 'Updating');
    }
    seen.push(await invoke('gap', 'a.tar.gz'));
    assert.deepEqual([...new Set(seen)], [2, 20]);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
  });

  it('refuses a second change while one is under way, and an update to the config in use', async () => {
    await createConfig('busy-1', 'v1');
    await createConfig('busy-2', 'v2');
    await createEndpoint('busy', 'busy-1');
    await assert.rejects(update('busy', 'busy-1'), { name: 'ValidationException' });
    await update('busy', 'busy-2');
    await assert.rejects(update('busy', 'busy-1'), {
      name: 'ValidationException',
      message: 'Cannot update in-progress endpoint "arn:aws:sagemaker:us-east-1:111111111111:endpoint/busy".',
    });
    const pending = (await describe_('busy')).PendingDeploymentSummary;
    assert.equal(pending?.EndpointConfigName, 'busy-2');
    assert.equal(pending?.ProductionVariants?.[0]?.VariantStatus?.[0]?.Status, 'Creating');
    await settled(harness, 'busy');
  });

  it('returns to the old config when the new fleet does not come up, and says why', async () => {
    await createConfig('roll-1', 'v1');
    await createConfig('roll-2', 'bad-tag');
    await createEndpoint('roll', 'roll-1');
    await update('roll', 'roll-2');
    assert.equal(await settled(harness, 'roll'), 'InService');
    const described = await describe_('roll');
    assert.equal(described.EndpointConfigName, 'roll-1');
    assert.match(described.FailureReason ?? '', /9\.9-9" of production variant AllTraffic does not exist/);
    assert.equal(await invoke('roll', 'a.tar.gz'), 2);
  });

  it('fails when the first fleet does not come up, and can then only be deleted', async () => {
    await createConfig('fail-1', 'bad-tag');
    await harness.sagemaker.send(
      new CreateEndpointCommand({ EndpointName: 'fail', EndpointConfigName: 'fail-1' }),
    );
    assert.equal(await settled(harness, 'fail'), 'Failed');
    await assert.rejects(update('fail', 'c1'), { name: 'ValidationException' });
    await harness.sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'fail' }));
    await waitUntilEndpointDeleted(
      { client: harness.sagemaker, maxWaitTime: 5, minDelay: 1, maxDelay: 1 },
      { EndpointName: 'fail' },
    );
    await assert.rejects(describe_('fail'), { message: /^Could not find endpoint "/ });
  });

  it('demands quota for a fleet', async () => {
    await createConfig('quota', 'v1', 'ml.p4d.24xlarge', 1);
    await assert.rejects(
      harness.sagemaker.send(
        new CreateEndpointCommand({ EndpointName: 'quota', EndpointConfigName: 'quota' }),
      ),
      { name: 'ResourceLimitExceeded', message: /'ml.p4d.24xlarge for endpoint usage' is 0 Instances/ },
    );
  });

  it('keeps the instance count of a running variant only when asked to', async () => {
    await createConfig('keep-1', 'v1', 'ml.t2.medium', 1);
    await createConfig('keep-2', 'v2', 'ml.t2.medium', 1);
    await createEndpoint('keep', 'keep-1');
    await harness.sagemaker.send(
      new UpdateEndpointWeightsAndCapacitiesCommand({
        EndpointName: 'keep',
        DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', DesiredInstanceCount: 3 }],
      }),
    );
    await settled(harness, 'keep');
    await update('keep', 'keep-2', { RetainAllVariantProperties: true });
    await settled(harness, 'keep');
    assert.equal((await describe_('keep')).ProductionVariants?.[0]?.CurrentInstanceCount, 3);
    await update('keep', 'keep-1');
    await settled(harness, 'keep');
    assert.equal((await describe_('keep')).ProductionVariants?.[0]?.CurrentInstanceCount, 1);
  });

  it('shifts traffic in stages with a canary, and refuses guardrails without their size', async () => {
    await createConfig('canary-1', 'v1');
    await createConfig('canary-2', 'v2');
    await createEndpoint('canary', 'canary-1');
    const policy = (CanarySize?: { Type: 'CAPACITY_PERCENT'; Value: number }) => ({
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'CANARY' as const, WaitIntervalInSeconds: 600, CanarySize },
      },
    });
    await assert.rejects(update('canary', 'canary-2', { DeploymentConfig: policy() }), /CanarySize/);
    await update('canary', 'canary-2', {
      DeploymentConfig: policy({ Type: 'CAPACITY_PERCENT', Value: 50 }),
    });
    const seen = new Set<string>();
    for (;;) {
      const described = await describe_('canary');
      if (described.EndpointStatus === 'InService') break;
      const status = described.PendingDeploymentSummary?.ProductionVariants?.[0]?.VariantStatus?.[0]?.Status;
      if (status === 'Baking') seen.add(String(await invoke('canary', 'a.tar.gz')));
    }
    assert.deepEqual([...seen].sort(), ['2', '20']);
    assert.ok((await describe_('canary')).LastDeploymentConfig?.BlueGreenUpdatePolicy);
  });

  it('answers missing and duplicate resources as AWS does', async () => {
    const { sagemaker } = harness;
    await assert.rejects(sagemaker.send(new DescribeModelCommand({ ModelName: 'none' })), {
      name: 'ValidationException',
      message: 'Could not find model "arn:aws:sagemaker:us-east-1:111111111111:model/none".',
    });
    await assert.rejects(
      sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: 'none' })),
      /Could not find endpoint configuration "arn:/,
    );
    await createConfig('twice', 'v1');
    await assert.rejects(
      createConfig('twice', 'v1'),
      /Cannot create already existing endpoint configuration/,
    );
    await assert.rejects(createModel('v1'), /Cannot create already existing model/);
    await assert.rejects(createModel('none', image, 'no-such-prefix'), /Could not find model data at s3:/);
    const { Tags } = await sagemaker.send(
      new ListTagsCommand({
        ResourceArn: 'arn:aws:sagemaker:us-east-1:111111111111:endpoint-config/twice',
      }),
    );
    assert.deepEqual(Tags, [{ Key: 'team', Value: 'flights' }]);
  });

  it('words violated constraints as AWS does, all of them at once', async () => {
    await assert.rejects(
      harness.sagemaker.send(
        new CreateEndpointCommand({ EndpointName: 'no_underscore', EndpointConfigName: '' }),
      ),
      {
        name: 'ValidationException',
        message:
          "2 validation errors detected: Value 'no_underscore' at 'endpointName' failed to satisfy constraint: " +
          'Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}; ' +
          "Value '' at 'endpointConfigName' failed to satisfy constraint: Member must satisfy regular expression " +
          'pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}',
      },
    );
  });

  it('pages and filters lists, newest first', async () => {
    const all = await harness.sagemaker.send(new ListEndpointConfigsCommand({ NameContains: 'canary' }));
    assert.deepEqual(
      all.EndpointConfigs?.map((each) => each.EndpointConfigName),
      ['canary-2', 'canary-1'],
    );
    const first = await harness.sagemaker.send(
      new ListEndpointsCommand({ SortBy: 'Name', SortOrder: 'Ascending', MaxResults: 2 }),
    );
    const second = await harness.sagemaker.send(
      new ListEndpointsCommand({
        SortBy: 'Name',
        SortOrder: 'Ascending',
        MaxResults: 2,
        NextToken: first.NextToken,
      }),
    );
    assert.equal(first.Endpoints?.length, 2);
    assert.ok((first.Endpoints?.[1]?.EndpointName ?? '') < (second.Endpoints?.[0]?.EndpointName ?? ''));
  });

  it('goes on with an update after a restart', async () => {
    await createConfig('again-1', 'v1');
    await createConfig('again-2', 'v2');
    await createEndpoint('again', 'again-1');
    await update('again', 'again-2');
    await harness.restart();
    assert.equal(await invoke('again', 'a.tar.gz'), 2);
    await settled(harness, 'again');
    assert.equal((await describe_('again')).EndpointConfigName, 'again-2');
    assert.equal(await invoke('again', 'a.tar.gz'), 20);
  });

  it('serves what it loaded although the object is gone, and a new fleet does not', async () => {
    await put(harness, 'models/gone/a.tar.gz', await artifact(5));
    await put(harness, 'models/gone/b.tar.gz', await artifact(6));
    await createModel('gone');
    await createConfig('gone-1', 'gone', 'ml.t2.medium', 1);
    await createConfig('gone-2', 'gone', 'ml.t2.medium', 1);
    await createEndpoint('gone', 'gone-1');
    assert.equal(await invoke('gone', 'a.tar.gz'), 5);
    await harness.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'models/gone/a.tar.gz' }));
    assert.equal(await invoke('gone', 'a.tar.gz'), 5);
    await update('gone', 'gone-2');
    await settled(harness, 'gone');
    await assert.rejects(invoke('gone', 'a.tar.gz'), {
      name: 'ValidationError',
      message: /Failed to download model data/,
    });
  });
});
