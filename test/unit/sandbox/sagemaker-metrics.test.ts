import assert from 'node:assert/strict';
import type { Statistic } from '@aws-sdk/client-cloudwatch';
import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import type { Harness } from './sagemaker-harness';
import { artifact, bucket, image, put, role, settled, startHarness } from './sagemaker-harness';

describe('sandbox CloudWatch', () => {
  let harness: Harness;
  const group = '/aws/sagemaker/Endpoints/flights';
  const Dimensions = [
    { Name: 'EndpointName', Value: 'flights' },
    { Name: 'VariantName', Value: 'AllTraffic' },
  ];
  const range = { StartTime: new Date(Date.now() - 600_000), EndTime: new Date(Date.now() + 600_000) };

  before(async () => {
    harness = await startHarness();
    const { sagemaker } = harness;
    await put(harness, 'models/a.tar.gz', await artifact(2));
    await put(harness, 'models/b.tar.gz', await artifact(3));
    await sagemaker.send(
      new CreateModelCommand({
        ModelName: 'flights',
        ExecutionRoleArn: role,
        PrimaryContainer: { Image: image, Mode: 'MultiModel', ModelDataUrl: `s3://${bucket}/models/` },
      }),
    );
    await sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: 'flights',
        ProductionVariants: [
          {
            VariantName: 'AllTraffic',
            ModelName: 'flights',
            InstanceType: 'ml.t2.medium',
            InitialInstanceCount: 1,
          },
        ],
      }),
    );
    await sagemaker.send(
      new CreateEndpointCommand({ EndpointName: 'flights', EndpointConfigName: 'flights' }),
    );
    await settled(harness, 'flights');
    for (const TargetModel of ['a.tar.gz', 'a.tar.gz', 'b.tar.gz', 'a.tar.gz'])
      await invoke(TargetModel, '1');
    await assert.rejects(invoke('a.tar.gz', '1,2'));
  });
  after(() => harness.stop());

  const invoke = (TargetModel: string, Body: string) =>
    harness.runtime.send(
      new InvokeEndpointCommand({ EndpointName: 'flights', TargetModel, ContentType: 'text/csv', Body }),
    );

  async function total(MetricName: string, Stat: string, Namespace = 'AWS/SageMaker'): Promise<number[]> {
    const { MetricDataResults } = await harness.cloudwatch.send(
      new GetMetricDataCommand({
        ...range,
        MetricDataQueries: [
          { Id: 'm', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 3600, Stat } },
        ],
      }),
    );
    return MetricDataResults?.[0]?.Values ?? [];
  }

  const sum = (values: number[]) => values.reduce((all, each) => all + each, 0);

  it('counts invocations, errors and cache hits', async () => {
    assert.equal(sum(await total('Invocations', 'Sum')), 5);
    assert.equal(sum(await total('Invocation4XXErrors', 'Sum')), 1);
    assert.equal(sum(await total('ModelCacheHit', 'Sum')), 3);
    assert.equal(sum(await total('ModelCacheHit', 'SampleCount')), 5);
    assert.equal(sum(await total('ModelLoadingTime', 'SampleCount')), 2);
    const loaded = await total('LoadedModelCount', 'Maximum', '/aws/sagemaker/Endpoints');
    assert.equal(loaded[0], 2);
    assert.ok((await total('ModelLatency', 'p90')).every((value) => value > 0));
    assert.deepEqual(await total('NoSuchMetric', 'Sum'), []);
  });

  it('holds one sample of the loaded models per instance and minute', async () => {
    const { MetricDataResults } = await harness.cloudwatch.send(
      new GetMetricDataCommand({
        ...range,
        MetricDataQueries: ['Average', 'SampleCount'].map((Stat) => ({
          Id: Stat.toLowerCase(),
          MetricStat: {
            Metric: { Namespace: '/aws/sagemaker/Endpoints', MetricName: 'LoadedModelCount', Dimensions },
            Period: 60,
            Stat,
          },
        })),
      }),
    );
    const [average, samples] = MetricDataResults?.map((each) => each.Values?.[0]) ?? [];
    assert.deepEqual([average, samples], [2, 1]);
  });

  it('answers statistics and lists metrics', async () => {
    const { Datapoints } = await harness.cloudwatch.send(
      new GetMetricStatisticsCommand({
        ...range,
        Namespace: 'AWS/SageMaker',
        MetricName: 'Invocations',
        Dimensions,
        Period: 3600,
        Statistics: ['Sum', 'Average'] satisfies Statistic[],
      }),
    );
    assert.equal(sum(Datapoints?.map((each) => each.Sum ?? 0) ?? []), 5);
    const { Metrics } = await harness.cloudwatch.send(
      new ListMetricsCommand({ Namespace: 'AWS/SageMaker', Dimensions: [{ Name: 'EndpointName' }] }),
    );
    assert.ok(Metrics?.some((each) => each.MetricName === 'OverheadLatency'));
  });

  it('keeps a log stream per instance, without the names of target models', async () => {
    const { logGroups } = await harness.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/sagemaker/Endpoints' }),
    );
    assert.deepEqual(
      logGroups?.map((each) => each.logGroupName),
      [group],
    );
    const { logStreams } = await harness.logs.send(new DescribeLogStreamsCommand({ logGroupName: group }));
    assert.match(logStreams?.[0]?.logStreamName ?? '', /^AllTraffic\/i-0[0-9a-f]{16}$/);
    const loaded = await harness.logs.send(
      new FilterLogEventsCommand({ logGroupName: group, filterPattern: '"ModelManager - Model" loaded.' }),
    );
    assert.equal(loaded.events?.length, 2);
    assert.doesNotMatch(loaded.events?.map((each) => each.message).join() ?? '', /a\.tar\.gz/);
    await assert.rejects(harness.logs.send(new DescribeLogStreamsCommand({ logGroupName: 'none' })), {
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
  });

  it('reads a stream from its end, and pages it from its head', async () => {
    const { logStreams } = await harness.logs.send(new DescribeLogStreamsCommand({ logGroupName: group }));
    const logStreamName = logStreams?.[0]?.logStreamName;
    const read = (more: object) =>
      harness.logs.send(new GetLogEventsCommand({ logGroupName: group, logStreamName, ...more }));
    const all = (await read({})).events?.map((each) => each.message);
    const paged: (string | undefined)[] = [];
    let token: string | undefined;
    for (;;) {
      const { events, nextForwardToken } = await read({ startFromHead: true, limit: 3, nextToken: token });
      paged.push(...(events ?? []).map((each) => each.message));
      if (nextForwardToken === token) break;
      token = nextForwardToken;
    }
    assert.deepEqual(paged, all);
    assert.deepEqual(
      (await read({ limit: 2 })).events?.map((each) => each.message),
      all?.slice(-2),
    );
  });

  it('keeps metrics and logs over a restart', async () => {
    const before = await total('Invocations', 'Sum');
    await harness.restart();
    assert.deepEqual(await total('Invocations', 'Sum'), before);
    assert.ok(
      (await harness.logs.send(new DescribeLogStreamsCommand({ logGroupName: group }))).logStreams?.length,
    );
  });
});
