import { Accounts } from './accounts';
import { Clock } from './clock';
import { createS3 } from './s3/s3';
import type { Handler } from './service';
import { createSts } from './sts';

export interface ComposeOptions {
  /** Folder of everything that survives a restart. */
  home: string;
  /** By how much AWS's durations are shortened. */
  speed: number;
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
export async function compose({ home, speed }: ComposeOptions): Promise<Parts> {
  const clock = new Clock(speed);
  const accounts = new Accounts(home);
  const s3 = createS3({ home });
  return {
    accounts,
    handlers: { s3: s3.handler, sts: createSts(accounts) },
    close: async () => clock.stop(),
  };
}
