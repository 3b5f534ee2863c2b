import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Accounts } from './accounts';
import { Clock } from './clock';
import { LogStore } from './cloudwatch/log-store';
import { createLogs } from './cloudwatch/logs';
import { MetricStore } from './cloudwatch/metric-store';
import { createMonitoring } from './cloudwatch/monitoring';
import { createS3 } from './s3/s3';
import { createSageMaker } from './sagemaker/service';
import { layOutProject, sampleBuckets } from './sample-project';
import type { Handler } from './service';
import { createSts } from './sts';
import { createTrainingPool } from './training/pool';
import { startWarehouse } from './warehouse/start';

export interface ComposeOptions {
  /** Folder of everything that survives a restart. */
  home: string;
  /** By how much AWS's durations are shortened. */
  speed: number;
  /** The folder `media/sample`; without it there is no warehouse, no bucket and no project. */
  sample?: string;
}

/** Where the sandbox's warehouse listens; PostgreSQL protocol. */
export interface WarehouseAddress {
  host: string;
  port: number;
  database: string;
  user: string;
}

/** The parts of a sandbox, ready to be served. */
export interface Parts {
  accounts: Accounts;
  /** By SigV4 service name. */
  handlers: Record<string, Handler>;
  warehouse?: WarehouseAddress;
  /** `warmstart.json` of the sample project, where one was laid out. */
  projectFile?: string;
  /** Stops what runs beside requests: timers, jobs, the warehouse. */
  close(): Promise<void>;
}

/** Puts the parts together. A new service is one more handler here. */
export async function compose({ home, speed, sample }: ComposeOptions): Promise<Parts> {
  const state = join(home, 'state');
  const clock = new Clock(speed);
  const accounts = new Accounts(state);
  const s3 = createS3({ home: state });
  const logs = new LogStore(state);
  const metrics = new MetricStore(state);
  // Beside the bundle of the sandbox itself; see scripts/build.mjs.
  const workerFile = join(__dirname, 'training-worker.js');
  const trainingPool = createTrainingPool({ workers: Math.max(1, availableParallelism() - 1), workerFile });
  const sagemaker = createSageMaker({ home: state, clock, objects: s3.objects, logs, metrics, trainingPool });
  const parts: Parts = {
    accounts,
    handlers: {
      s3: s3.handler,
      sts: createSts(accounts),
      sagemaker: sagemaker.handler,
      monitoring: createMonitoring(metrics),
      logs: createLogs(logs),
    },
    close: async () => {
      sagemaker.close();
      clock.stop();
      await trainingPool.close();
    },
  };
  return sample === undefined ? parts : withSample(parts, s3, home, sample);
}

async function withSample(
  parts: Parts,
  s3: ReturnType<typeof createS3>,
  home: string,
  sample: string,
): Promise<Parts> {
  const { close, ...address } = await startWarehouse({ port: 0, sample });
  for (const bucket of sampleBuckets(new Date())) s3.ensureBucket(bucket);
  return {
    ...parts,
    warehouse: address,
    projectFile: layOutProject(home, sample, address.port),
    close: async () => {
      await parts.close();
      await close();
    },
  };
}
