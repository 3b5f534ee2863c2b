import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { EndpointStatus } from '@aws-sdk/client-sagemaker';
import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { build } from 'esbuild';
import type { AccountName } from '../../../src/sandbox/accounts';
import { Accounts, administrators } from '../../../src/sandbox/accounts';
import { Clock } from '../../../src/sandbox/clock';
import { LogStore } from '../../../src/sandbox/cloudwatch/log-store';
import { createLogs } from '../../../src/sandbox/cloudwatch/logs';
import { MetricStore } from '../../../src/sandbox/cloudwatch/metric-store';
import { createMonitoring } from '../../../src/sandbox/cloudwatch/monitoring';
import { createS3 } from '../../../src/sandbox/s3/s3';
import { createSageMaker } from '../../../src/sandbox/sagemaker/service';
import { startServer } from '../../../src/sandbox/server';
import { modelTarGz } from '../../../src/sandbox/training/artifact';
import { createTrainingPool } from '../../../src/sandbox/training/pool';
import { train } from '../../../src/sandbox/training/train';

export interface Clients {
  s3: S3Client;
  sagemaker: SageMakerClient;
  runtime: SageMakerRuntimeClient;
  cloudwatch: CloudWatchClient;
  logs: CloudWatchLogsClient;
}

/** A sandbox with S3, SageMaker and CloudWatch over real HTTP, and the SDK's clients of each account. */
export interface Harness extends Clients {
  home: string;
  url: string;
  as(account: AccountName): Clients;
  /** Ends the sandbox and starts it again on the same folder. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export const image = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1';
export const role = 'arn:aws:iam::111111111111:role/SageMakerExecution';
export const bucket = 'acme-ml';

export async function startHarness(speed = 2000): Promise<Harness> {
  const home = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const workerFile = await bundleWorker(home);
  let running = await serve(home, speed, workerFile);
  const clients = (account: AccountName): Clients => {
    const { accessKeyId, secretAccessKey } = administrators[account];
    const options = {
      endpoint: running.url,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey },
    };
    return {
      s3: new S3Client({ ...options, forcePathStyle: true }),
      sagemaker: new SageMakerClient(options),
      runtime: new SageMakerRuntimeClient(options),
      cloudwatch: new CloudWatchClient(options),
      logs: new CloudWatchLogsClient(options),
    };
  };
  const harness: Harness = {
    home,
    url: running.url,
    ...clients('training'),
    as: clients,
    restart: async () => {
      await running.stop();
      running = await serve(home, speed, workerFile);
      Object.assign(harness, { url: running.url, ...clients('training') });
    },
    stop: async () => {
      await running.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
  await harness.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return harness;
}

async function bundleWorker(outdir: string): Promise<string> {
  const entryPoints = [join(__dirname, '../../../src/sandbox/training/worker.ts')];
  await build({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outdir, logLevel: 'silent' });
  return join(outdir, 'worker.js');
}

async function serve(home: string, speed: number, workerFile: string) {
  const clock = new Clock(speed);
  const s3 = createS3({ home });
  const logs = new LogStore(home);
  const metrics = new MetricStore(home);
  const trainingPool = createTrainingPool({ workers: 2, workerFile });
  const sagemaker = createSageMaker({ home, clock, objects: s3.objects, logs, metrics, trainingPool });
  const server = await startServer({
    port: 0,
    accounts: new Accounts(home),
    handlers: {
      s3: s3.handler,
      sagemaker: sagemaker.handler,
      monitoring: createMonitoring(metrics),
      logs: createLogs(logs),
    },
  });
  return {
    url: server.url,
    stop: async () => {
      clock.stop();
      sagemaker.close();
      await trainingPool.close();
      await server.close();
    },
  };
}

export async function put(harness: Harness, key: string, body: Uint8Array | string): Promise<void> {
  await harness.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
}

export async function allowRead(harness: Harness, accountId: string): Promise<void> {
  const Principal = { AWS: `arn:aws:iam::${accountId}:root` };
  const Statement = [
    { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` },
    { Effect: 'Allow', Principal, Action: 's3:ListBucket', Resource: `arn:aws:s3:::${bucket}` },
  ];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await harness.s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
}

/** A model.tar.gz that answers `slope × x` for its one feature x ∈ {0, 1}. */
export function artifact(slope: number, version = '1.7-1'): Promise<Buffer> {
  const rows = 64;
  const values = Float32Array.from({ length: rows }, (_, i) => i % 2);
  const { model } = train({
    version,
    hyperparameters: {
      num_round: '1',
      eta: '1',
      lambda: '0',
      base_score: '0',
      min_child_weight: '0',
      objective: 'reg:squarederror',
    },
    train: { features: { rows, columns: 1, values }, labels: values.map((x) => x * slope) },
  });
  return modelTarGz(model);
}

/** Waits until the endpoint rests. */
export async function settled(harness: Harness, EndpointName: string): Promise<EndpointStatus | undefined> {
  for (;;) {
    const { EndpointStatus } = await harness.sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
    if (EndpointStatus === 'InService' || EndpointStatus === 'Failed') return EndpointStatus;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
