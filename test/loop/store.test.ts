import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ListMultipartUploadsCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { copyInParts, sha256Of } from '../../src/aws/copy';
import { isAccessDenied, isNotFound, isPrecondition } from '../../src/aws/errors';
import { collect } from '../../src/aws/pages';
import { openSession, type Session } from '../../src/aws/session';
import { copyBetween, Store } from '../../src/aws/store';
import { waitFor } from '../../src/aws/wait';
import type { Environment } from '../../src/project/project';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox';
import { quietTask } from '../../src/task';

const MiB = 1024 * 1024;

describe('a store', function () {
  this.timeout(60_000);
  let home: string;
  let sandbox: Sandbox;
  let training: Session;
  let production: Session;
  let store: Store;
  let target: Store;
  const environmentBefore = { ...process.env };

  before(async () => {
    home = mkdtempSync(join(tmpdir(), 'warmstart-store-'));
    sandbox = await startSandbox({ port: 0, home, speed: 1000 });
    for (const name of Object.keys(process.env))
      if (name.startsWith('AWS_') && !name.startsWith('AWS_SDK_JS_')) delete process.env[name];
    process.env.AWS_CONFIG_FILE = sandbox.configFile;
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(home, 'none');
    training = await openSession(environment('training', '111111111111'));
    production = await openSession(environment('production', '333333333333'));
    store = new Store(training);
    target = new Store(production);
    await store.ensureBucket({ versioning: true });
    await store.ensureBucket({ versioning: true });
    await target.ensureBucket();
  });

  after(async () => {
    training.close();
    production.close();
    await sandbox.close();
    rmSync(home, { recursive: true, force: true });
    for (const name of Object.keys(process.env)) if (!(name in environmentBefore)) delete process.env[name];
    Object.assign(process.env, environmentBefore);
  });

  it('reads what it wrote, and nothing where there is nothing', async () => {
    const written = await store.put('a/b c+ü.json', '{"x":1}', { contentType: 'application/json' });
    const read = await store.get('a/b c+ü.json');
    assert.equal(read?.etag, written.etag);
    assert.equal(read?.versionId, written.versionId);
    assert.ok(written.versionId);
    assert.deepEqual(await store.getJson('a/b c+ü.json'), { x: 1 });
    assert.deepEqual(await store.head('a/b c+ü.json').then((h) => h?.size), 7);
    assert.equal(await store.get('nothing'), undefined);
    assert.equal(await store.head('nothing'), undefined);
    assert.equal(await store.getText('nothing'), undefined);
  });

  it('never takes a missing bucket or a refusal for a missing object', async () => {
    await assert.rejects(new Store(training, 'no-such-bucket-here').get('x'), (e) => isNotFound(e));
    await assert.rejects(new Store(production, store.bucket).get('a'), (e) => isAccessDenied(e));
    await assert.rejects(
      new Store(training, store.bucket, { owner: '333333333333' }).put('a', 'b'),
      (e) => isAccessDenied(e),
      'a bucket of another owner than expected is not written to',
    );
  });

  it('writes on condition only', async () => {
    const first = await store.put('conditional', '1', { ifNoneMatch: '*' });
    await assert.rejects(store.put('conditional', '2', { ifNoneMatch: '*' }), (e) => isPrecondition(e));
    const second = await store.put('conditional', '2', { ifMatch: first.etag });
    await assert.rejects(store.put('conditional', '3', { ifMatch: first.etag }), {
      code: 'aws.precondition',
    });
    assert.equal(await store.getText('conditional'), '2');
    assert.notEqual(second.versionId, first.versionId);
  });

  it('loses nothing when twenty write one object at once', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    await Promise.all(
      lines.map((line) => store.update('history.csv', (old) => `${old ?? 'head\n'}${line}\n`)),
    );
    const written = (await store.getText('history.csv'))?.trimEnd().split('\n') ?? [];
    assert.equal(written[0], 'head');
    assert.deepEqual(written.slice(1).sort(), [...lines].sort());
  });

  it('leaves an object alone when the change says so, and gives up after the attempts it was given', async () => {
    assert.equal(await store.update('absent', () => null), undefined);
    assert.equal(await store.head('absent'), undefined);
    let rounds = 0;
    const racing = store.update(
      'raced',
      async () => {
        await store.put('raced', `somebody else ${rounds++}`);
        return 'mine';
      },
      { attempts: 3 },
    );
    await assert.rejects(racing, (e) => isPrecondition(e));
    assert.equal(rounds, 3);
  });

  it('streams up and down, in parts when it is long', async () => {
    const bytes = randomBytes(20 * MiB);
    const up = await store.upload('long', Readable.from(slices(bytes, 64 * 1024)));
    assert.equal(up.s3Uri, `s3://${store.bucket}/long`);
    const down = await store.stream('long');
    assert.equal(down.size, bytes.length);
    assert.deepEqual(await sha256Of(down.body), await sha256Of(Readable.from([bytes])));
    const again = store.upload('long', Readable.from(slices(bytes, 64 * 1024)), { ifNoneMatch: '*' });
    await assert.rejects(again, (e) => isPrecondition(e));
    const short = await store.upload('short', Readable.from(['abc']), { ifNoneMatch: '*' });
    assert.ok(short.etag && short.versionId);
    await assert.rejects(store.upload('short', Readable.from(['d']), { ifNoneMatch: '*' }), (e) =>
      isPrecondition(e),
    );
  });

  it('leaves nothing behind when the body fails or the upload is cancelled', async () => {
    async function* failing() {
      yield randomBytes(9 * MiB);
      throw new Error('the warehouse went away');
    }
    await assert.rejects(store.upload('broken', Readable.from(failing())), /warehouse went away/);
    const cancel = new AbortController();
    async function* endless() {
      for (;;) {
        yield randomBytes(MiB);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    const upload = store.upload('endless', Readable.from(endless()), { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 100);
    await assert.rejects(upload, { code: 'cancelled' });
    assert.equal(await store.head('broken'), undefined);
    assert.equal(await store.head('endless'), undefined);
    await waitFor(
      quietTask(),
      () => training.s3().send(new ListMultipartUploadsCommand({ Bucket: store.bucket })),
      (answer) => (answer.Uploads ?? []).length === 0,
      { what: 'the parts to be given up', deadlineSeconds: 5 },
    );
  });

  it('lists and deletes more than a page of keys', async () => {
    const keys = Array.from({ length: 1050 }, (_, i) => `many/${String(i).padStart(4, '0')}`);
    for (let i = 0; i < keys.length; i += 50)
      await Promise.all(keys.slice(i, i + 50).map((key) => store.put(key, '')));
    const listed = await collect(store.list('many/'));
    assert.deepEqual(
      listed.map((o) => o.key),
      keys,
    );
    assert.equal((await collect(store.list('many/'), 3)).length, 3);
    await store.delete([...keys, 'many/never-there']);
    assert.deepEqual(await collect(store.list('many/')), []);
  });

  it('copies inside S3: a version, on condition, in parts', async () => {
    const first = await store.put('source é', 'one');
    await store.put('source é', 'two');
    await store.copy({
      source: { bucket: store.bucket, key: 'source é', versionId: first.versionId },
      key: 'copy',
    });
    assert.equal(await store.getText('copy'), 'one');
    await assert.rejects(
      store.copy({ source: { bucket: store.bucket, key: 'source é', etag: first.etag }, key: 'copy2' }),
      (e) => isPrecondition(e),
    );
    await assert.rejects(
      store.copy({ source: { bucket: store.bucket, key: 'source é' }, key: 'copy', ifNoneMatch: '*' }),
      (e) => isPrecondition(e),
    );
    const bytes = randomBytes(12 * MiB);
    await store.upload('big', Readable.from([bytes]));
    const request = { source: { bucket: store.bucket, key: 'big' }, key: 'big-copy' };
    await copyInParts(store, request, bytes.length, 5 * MiB);
    assert.deepEqual(
      await sha256Of((await store.stream('big-copy')).body),
      await sha256Of(Readable.from([bytes])),
    );
  });

  it('copies to another account through this machine, and server-side as soon as a policy allows it', async () => {
    const { etag } = await store.put('output/model.tar.gz', 'weights');
    const request = { sourceKey: 'output/model.tar.gz', sourceEtag: etag.replaceAll('"', '') };
    const streamed = await copyBetween(store, target, { ...request, key: 'm1', ifNoneMatch: '*' });
    assert.deepEqual([streamed.via, streamed.size], ['stream', 7]);
    await training.s3().send(
      new PutBucketPolicyCommand({
        Bucket: store.bucket,
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: 'arn:aws:iam::333333333333:root' },
              Action: ['s3:GetObject', 's3:GetObjectVersion'],
              Resource: `arn:aws:s3:::${store.bucket}/output/*`,
            },
          ],
        }),
      }),
    );
    const copied = await copyBetween(store, target, { ...request, key: 'm2', ifNoneMatch: '*' });
    assert.equal(copied.via, 'server');
    assert.deepEqual([await target.getText('m1'), await target.getText('m2')], ['weights', 'weights']);
    await assert.rejects(copyBetween(store, target, { ...request, key: 'm2', ifNoneMatch: '*' }), (e) =>
      isPrecondition(e),
    );
    await store.put('output/model.tar.gz', 'other');
    await assert.rejects(copyBetween(store, target, { ...request, key: 'm3' }), (e) => isPrecondition(e));
    await assert.rejects(copyBetween(store, target, { sourceKey: 'output/none', key: 'm3' }), (e) =>
      isNotFound(e),
    );
    assert.equal(await target.head('m3'), undefined);
  });

  it('is reached through a role whose MFA code is asked for once, at the endpoint of the profile', async () => {
    const config = join(home, 'roles');
    const source = readFileSync(sandbox.configFile, 'utf8');
    writeFileSync(
      config,
      `${source}[profile role]\nrole_arn = arn:aws:iam::111111111111:role/Deployer\nsource_profile = sandbox-training\n` +
        `mfa_serial = arn:aws:iam::111111111111:mfa/me\nendpoint_url = ${sandbox.url}\n`,
    );
    process.env.AWS_CONFIG_FILE = config;
    const asked: string[] = [];
    const session = await openSession(environment('training', '111111111111'), {
      profile: 'role',
      mfaCode: async (serial) => {
        asked.push(serial);
        return '123456';
      },
    });
    try {
      await new Store(session).put('by-role', 'x');
      assert.match((await session.whoAmI()).arn, /^arn:aws:sts::111111111111:assumed-role\/Deployer\//);
      assert.deepEqual(asked, ['arn:aws:iam::111111111111:mfa/me']);
      const silent = await openSession(environment('training', '111111111111'), { profile: 'role' });
      await assert.rejects(silent.whoAmI(), { code: 'aws.mfa-required' });
      silent.close();
    } finally {
      session.close();
      process.env.AWS_CONFIG_FILE = sandbox.configFile;
    }
  });

  it('knows whether its bucket keeps versions', async () => {
    assert.equal(await store.versioning(), 'Enabled');
    assert.equal(await target.versioning(), 'Off');
    assert.equal((await target.put('x', 'y')).versionId, undefined);
    assert.equal(await text((await target.stream('x')).body), 'y');
  });
});

function environment(name: string, accountId: string): Environment {
  return {
    name,
    accountId,
    region: 'us-east-1',
    profile: `sandbox-${name}`,
    bucket: `store-test-${name}`,
    executionRoleArn: `arn:aws:iam::${accountId}:role/SageMaker`,
    protected: false,
    promote: { requires: 'approved' },
    tags: {},
  };
}

function* slices(bytes: Buffer, size: number) {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}
