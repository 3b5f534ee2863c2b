import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { type AccountName, Accounts, administrators } from '../../../src/sandbox/accounts';
import { createS3 } from '../../../src/sandbox/s3/s3';
import { type RunningServer, startServer } from '../../../src/sandbox/server';
import type { Handler, Objects } from '../../../src/sandbox/service';
import { createSts } from '../../../src/sandbox/sts';

/** The sandbox's door with S3 and STS behind it, a home of its own, and the real SDK pointed at it. */
export interface TestSandbox {
  url: string;
  port: number;
  home: string;
  objects: Objects;
  s3(account?: AccountName): S3Client;
  sts(account?: AccountName): STSClient;
  /** Stops and starts it again over the same home. */
  restart(): Promise<void>;
  /** Stops it and deletes its home. */
  end(): Promise<void>;
}

interface TestOptions {
  record?: string;
  /** Services beside S3 and STS. */
  handlers?: Record<string, Handler>;
  onStop?: () => void;
}

export async function testSandbox(options: TestOptions = {}): Promise<TestSandbox> {
  const home = mkdtempSync(join(tmpdir(), 'warmstart-sandbox-'));
  const start = async (): Promise<{ server: RunningServer; objects: Objects }> => {
    const accounts = new Accounts(home);
    const { handler: s3, objects } = createS3({ home });
    const handlers = { s3, sts: createSts(accounts), ...options.handlers };
    return { server: await startServer({ ...options, port: 0, accounts, handlers }), objects };
  };
  let { server, objects } = await start();
  const clients: { destroy(): void }[] = [];
  const client = <T extends { destroy(): void }>(made: T): T => {
    clients.push(made);
    return made;
  };
  const stop = async (): Promise<void> => {
    for (const each of clients.splice(0)) each.destroy();
    await server.close();
  };
  return {
    home,
    get url() {
      return server.url;
    },
    get port() {
      return server.port;
    },
    get objects() {
      return objects;
    },
    s3: (account = 'training') => client(new S3Client(clientConfig(server.url, account))),
    sts: (account = 'training') => client(new STSClient(clientConfig(server.url, account))),
    restart: async () => {
      await stop();
      ({ server, objects } = await start());
    },
    end: async () => {
      await stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const ignore = (): void => undefined;
/** The SDK suspects a stream in every body without a length, an empty one included, and says so on the console. */
const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/** What any client of the SDK is given to act for an account. */
export function clientConfig(endpoint: string, account: AccountName) {
  const { accessKeyId, secretAccessKey } = administrators[account];
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey }, logger: silent };
}

/** Asserts that a call fails with this error of AWS and this HTTP status. */
export async function fails(call: Promise<unknown>, name: string, status: number): Promise<void> {
  await assert.rejects(call, (error: Error & { $metadata?: { httpStatusCode?: number } }) => {
    assert.equal(error.name, name, error.message);
    assert.equal(error.$metadata?.httpStatusCode, status);
    return true;
  });
}
