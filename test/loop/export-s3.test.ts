import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { collect } from '../../src/aws/pages';
import { openSession, type Session } from '../../src/aws/session';
import { Store } from '../../src/aws/store';
import { Cancelled } from '../../src/errors';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox';
import { quietTask } from '../../src/task';
import type { Upload } from '../../src/warehouse/part';
import { inWindow, manyRows, useExporting } from './exporting';

describe('an export to S3', function () {
  this.timeout(60_000);
  const at = useExporting();
  const environmentBefore = { ...process.env };
  let home: string;
  let sandbox: Sandbox;
  let session: Session;
  let store: Store;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), 'warmstart-export-s3-'));
    sandbox = await startSandbox({ port: 0, home, speed: 1000 });
    for (const name of Object.keys(process.env))
      if (name.startsWith('AWS_') && !name.startsWith('AWS_SDK_JS_')) delete process.env[name];
    process.env.AWS_CONFIG_FILE = sandbox.configFile;
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(home, 'none');
    session = await openSession({
      name: 'training',
      accountId: '111111111111',
      region: 'us-east-1',
      profile: 'sandbox-training',
      bucket: 'export-test',
      executionRoleArn: 'arn:aws:iam::111111111111:role/SageMakerExecution',
      protected: false,
      promote: { requires: 'approved' },
      tags: {},
    });
    store = new Store(session);
    await store.ensureBucket();
  });

  after(async () => {
    session.close();
    await sandbox.close();
    rmSync(home, { recursive: true, force: true });
    for (const name of Object.keys(process.env)) if (!(name in environmentBefore)) delete process.env[name];
    Object.assign(process.env, environmentBefore);
  });

  const upload =
    (signal?: AbortSignal): Upload =>
    (key, body) =>
      store.upload(key, body, signal ? { signal } : {});

  async function everythingThere(): Promise<string[]> {
    const objects = await collect(store.list('datasets/'));
    const { Uploads = [] } = await session
      .s3()
      .send(new ListMultipartUploadsCommand({ Bucket: store.bucket }));
    return [...objects.map(({ key }) => key), ...Uploads.map(({ Key }) => `upload of ${Key}`)];
  }

  it('leaves neither objects nor uploads when it is cancelled', async () => {
    const controller = new AbortController();
    const task = {
      ...quietTask(controller.signal),
      // Late enough that the train part, of more than one piece, is on its way.
      report: ({ done = 0 }) => done > 400_000 && controller.abort(),
    };
    await assert.rejects(
      at.run(manyRows(1_000_000), {}, { upload: upload(controller.signal) }, task),
      Cancelled,
    );
    // The SDK tells of an abort before it has taken back the pieces.
    while ((await everythingThere()).length > 0) await wait(50);
  });

  it('leaves neither when a row is no number', async () => {
    const query = `SELECT i AS y, CASE i WHEN 800000 THEN 'n/a' ELSE i || '.123456789' END AS a
                   FROM generate_series(1, 1000000) AS i ${inWindow}`;
    await assert.rejects(at.run(query, {}, { upload: upload() }), { code: 'warehouse.not-numeric' });
    assert.deepEqual(await everythingThere(), []);
  });

  it('puts the bytes there that dataset.json tells of', async () => {
    const { parts } = await at.run(manyRows(300_000), {}, { upload: upload() });
    for (const [name, part] of Object.entries(parts)) {
      const key = `datasets/l/m/run-1/${name}.csv`;
      const object = await store.get(key);
      assert.equal(part.s3Uri, `s3://export-test/${key}`);
      assert.equal(part.etag, object?.etag);
      assert.equal(part.sha256, createHash('sha256').update(object!.body).digest('hex'));
    }
    assert.deepEqual(
      await store.getJson('datasets/l/m/run-1/dataset.json'),
      JSON.parse(String(at.file('dataset.json'))),
    );
  });
});
