import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsCli } from './aws-cli';
import type { Served } from './served';

/** What people ask `aws sagemaker`, `sagemaker-runtime`, `cloudwatch` and `logs` after a retraining and a release. */
export function cliSageMakerTests(served: Served): void {
  const aws = new AwsCli(served);
  const region = 'us-east-1';
  const groupArn = `arn:aws:sagemaker:${region}:111111111111:model-package-group/${served.group}`;
  const row = '18,7,432,39.71732917,-86.29438417,9,5.617';

  before(async function () {
    await aws.find(this);
  });

  const sagemaker = (query: string, ...args: string[]) => aws.query(query, 'sagemaker', ...args);
  const named = (name: unknown): string => {
    assert.equal(typeof name, 'string');
    return String(name);
  };

  it('finds the tuning job, its training jobs and their artifact', async () => {
    const list = ['list-hyper-parameter-tuning-jobs', '--name-contains', 'delay-atl'];
    const found = 'HyperParameterTuningJobSummaries[0].HyperParameterTuningJobName';
    const tuning = ['--hyper-parameter-tuning-job-name', named(await sagemaker(found, ...list))];
    const facts =
      '[HyperParameterTuningJobStatus, TrainingJobStatusCounters.Completed, BestTrainingJob.TrainingJobName]';
    const ofTuning = ['list-training-jobs-for-hyper-parameter-tuning-job', ...tuning];
    const byMetric = ['--sort-by', 'FinalObjectiveMetricValue', '--sort-order', 'Ascending'];
    const [described, jobs, all] = await Promise.all([
      sagemaker(facts, 'describe-hyper-parameter-tuning-job', ...tuning),
      sagemaker('TrainingJobSummaries[].TrainingJobName', ...ofTuning, ...byMetric, '--page-size', '4'),
      sagemaker('TrainingJobSummaries[].TrainingJobName', 'list-training-jobs', '--page-size', '4'),
    ]);
    assert.ok(Array.isArray(described) && Array.isArray(jobs) && Array.isArray(all));
    const best = named(jobs[0]);
    assert.deepEqual(described, ['Completed', 6, best]);
    assert.deepEqual([...jobs].sort(), [...all].sort());
    const artifact = '[TrainingJobStatus, ModelArtifacts.S3ModelArtifacts]';
    assert.deepEqual(await sagemaker(artifact, 'describe-training-job', '--training-job-name', best), [
      'Completed',
      `s3://${served.bucket}/output/${best}/output/model.tar.gz`,
    ]);
  });

  it('finds the approved version, by name and by ARN, also from another account', async () => {
    const list = ['sagemaker', 'list-model-packages', '--model-package-group-name'];
    const query = ['--query', 'ModelPackageSummaryList[].[ModelPackageVersion, ModelApprovalStatus]'];
    const version = `${groupArn.replace('model-package-group', 'model-package')}/1`;
    const url = 'InferenceSpecification.Containers[0].ModelDataUrl';
    const [byName, byArn, there, foreign, described, groups] = await Promise.all([
      aws.text(...list, served.group, ...query),
      aws.text(...list, groupArn, ...query),
      aws.textAs('sandbox-production', ...list, groupArn, ...query),
      aws.refusedAs('sandbox-production', ...list, served.group),
      sagemaker(url, 'describe-model-package', '--model-package-name', version),
      sagemaker('ModelPackageGroupSummaryList[].ModelPackageGroupArn', 'list-model-package-groups'),
    ]);
    for (const each of [byName, byArn, there]) assert.deepEqual(JSON.parse(each), [[1, 'Approved']]);
    assert.match(foreign, /^ValidationException: /);
    assert.match(named(described), /^s3:\/\/.*\/output\/model\.tar\.gz$/);
    assert.deepEqual(groups, [groupArn]);
  });

  it('finds the endpoint, its configuration and its model', async () => {
    const arn = `arn:aws:sagemaker:${region}:111111111111:endpoint/${served.endpointName}`;
    const listed = ['list-endpoints', '--status-equals', 'InService'];
    const [endpoints, config, tags] = await Promise.all([
      sagemaker('Endpoints[].[EndpointName, EndpointStatus]', ...listed),
      sagemaker('EndpointConfigName', 'describe-endpoint', '--endpoint-name', served.endpointName),
      sagemaker("Tags[?Key=='warmstart:endpoint'].Value", 'list-tags', '--resource-arn', arn),
    ]);
    assert.deepEqual(endpoints, [[served.endpointName, 'InService']]);
    assert.deepEqual(tags, [served.endpointName]);
    const variant = 'ProductionVariants[0].[VariantName, InstanceType, ModelName]';
    const [variants, [model]] = await Promise.all([
      sagemaker(variant, 'describe-endpoint-config', '--endpoint-config-name', named(config)),
      sagemaker('Models[].ModelName', 'list-models').then((names) => names as string[]),
    ]);
    assert.deepEqual(variants, ['AllTraffic', 'ml.m5.large', model]);
    const mode = sagemaker('PrimaryContainer.Mode', 'describe-model', '--model-name', named(model));
    assert.equal(await mode, 'MultiModel');
  });

  it('is told in AWS’s words what is not there', async () => {
    const refusals: [string[], RegExp][] = [
      [['describe-endpoint', '--endpoint-name', 'no'], /^ValidationException: Could not find endpoint/],
      [
        ['describe-hyper-parameter-tuning-job', '--hyper-parameter-tuning-job-name', 'no'],
        /^ResourceNotFound: Amazon SageMaker can't find a tuning job/,
      ],
      [['list-pipelines'], /^UnknownOperationException: The sandbox does not offer/],
    ];
    const refuse = async ([args, expected]: [string[], RegExp]) =>
      assert.match(await aws.refused('sagemaker', ...args), expected);
    await Promise.all(refusals.map(refuse));
  });

  it('is answered by the endpoint in the container’s formats', async () => {
    const body = join(served.folder, 'row.csv');
    const out = join(served.folder, 'answer');
    writeFileSync(body, `${row}\n${row}`);
    const invoke = (...args: string[]) => {
      const target = ['--target-model', served.targetModel, '--content-type', 'text/csv'];
      const own = ['--endpoint-name', served.endpointName, '--body', `fileb://${body}`, ...target];
      return ['sagemaker-runtime', 'invoke-endpoint', ...own, ...args, out];
    };
    const type = '[ContentType, InvokedProductionVariant]';
    assert.deepEqual(await aws.query(type, ...invoke('--accept', 'text/csv')), ['text/csv', 'AllTraffic']);
    const csv = readFileSync(out, 'utf8').split(',').map(Number);
    assert.equal(csv.length, 2);
    assert.ok(csv.every((each) => Number.isFinite(each)));
    assert.deepEqual(await aws.query(type, ...invoke()), ['application/json', 'AllTraffic']);
    assert.deepEqual(JSON.parse(readFileSync(out, 'utf8')), csv);
    assert.match(
      await aws.refused(...invoke('--target-model', 'no.tar.gz')),
      /^ValidationError: Failed to download/,
    );
    writeFileSync(body, '1,2');
    assert.match(await aws.refused(...invoke()), /^ModelError: Received client error \(400\) from model/);
  });

  it('reads what the endpoint counted', async () => {
    const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const dimensions = { EndpointName: served.endpointName, VariantName: 'AllTraffic' };
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const Metric = { Namespace: 'AWS/SageMaker', MetricName: 'Invocations', Dimensions };
    const queries = JSON.stringify([{ Id: 'm', MetricStat: { Metric, Period: 3600, Stat: 'Sum' } }]);
    const times = ['--start-time', at(-2), '--end-time', at(1)];
    const counts = await aws.query(
      'MetricDataResults[0].Values',
      ...['cloudwatch', 'get-metric-data', '--metric-data-queries', queries, ...times],
    );
    assert.ok(Array.isArray(counts));
    // The probe of the release and five calls of the test before; an hour may have passed between them.
    const asked = served.recorded().filter((each) => each.operation === 'InvokeEndpoint');
    const counted = asked.filter(
      (each) => each.error !== 'ValidationError' || each.params.TargetModel === 'no.tar.gz',
    );
    assert.equal(
      counts.reduce((sum, each) => sum + each, 0),
      counted.length,
    );
  });

  it('reads the training log', async () => {
    const group = ['--log-group-name', '/aws/sagemaker/TrainingJobs'];
    const newest = [...group, '--order-by', 'LastEventTime', '--descending', '--limit', '1'];
    const streams = ['logs', 'describe-log-streams', ...newest];
    const stream = named(await aws.query('logStreams[0].logStreamName', ...streams));
    const events = ['logs', 'get-log-events', ...group, '--log-stream-name', stream, '--start-from-head'];
    const lines = await aws.query('events[].message', ...events);
    assert.ok(Array.isArray(lines));
    assert.ok(lines.some((line) => /#011validation-rmse:\d/.test(line)));
    const none = ['logs', 'get-log-events', '--log-group-name', '/none', '--log-stream-name', 'x'];
    assert.match(await aws.refused(...none), /^ResourceNotFoundException: /);
  });
}
