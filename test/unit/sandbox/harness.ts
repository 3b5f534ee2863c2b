import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { type AccountName, administrators } from '../../../src/sandbox/accounts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox';

/** A sandbox with a home of its own, and the real SDK pointed at it. */
export interface TestSandbox extends Sandbox {
  home: string;
  s3(account?: AccountName): S3Client;
  sts(account?: AccountName): STSClient;
  /** Stops and starts it again over the same home. */
  restart(): Promise<void>;
  /** Stops it and deletes its home. */
  end(): Promise<void>;
}

export async function testSandbox(options: { record?: string } = {}): Promise<TestSandbox> {
  const home = mkdtempSync(join(tmpdir(), 'warmstart-sandbox-'));
  const start = (): Promise<Sandbox> => startSandbox({ port: 0, home, speed: 1000, ...options });
  let sandbox = await start();
  const clients: { destroy(): void }[] = [];
  const client = <T extends { destroy(): void }>(made: T): T => {
    clients.push(made);
    return made;
  };
  const config = (account: AccountName) => ({
    endpoint: sandbox.url,
    region: 'us-east-1',
    credentials: administrators[account],
  });
  const stop = async (): Promise<void> => {
    for (const each of clients.splice(0)) each.destroy();
    await sandbox.close();
  };
  const self: TestSandbox = {
    ...sandbox,
    home,
    s3: (account = 'training') => client(new S3Client(config(account))),
    sts: (account = 'training') => client(new STSClient(config(account))),
    restart: async () => {
      await stop();
      sandbox = await start();
      Object.assign(self, sandbox);
    },
    end: async () => {
      await stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return self;
}
