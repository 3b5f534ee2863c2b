import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holderOf, withLease } from '../../src/aws/lease';
import { diedHere, markAlive, newHolder, unmark } from '../../src/aws/lease-holder';
import { openSession, type Session } from '../../src/aws/session';
import { Store } from '../../src/aws/store';
import { Cancelled, WarmstartError } from '../../src/errors';
import type { Environment } from '../../src/project/project';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox';
import { quietTask, sleep, type Task } from '../../src/task';

const isHeld = (error: unknown) =>
  error instanceof WarmstartError && error.code === 'lease.held' && error.kind === 'refused';
const key = 'warmstart/leases/run-a.json';
const environment: Environment = {
  name: 'training',
  accountId: '111111111111',
  region: 'us-east-1',
  profile: 'sandbox-training',
  bucket: 'lease-test',
  executionRoleArn: 'arn:aws:iam::111111111111:role/SageMaker',
  protected: false,
  promote: { requires: 'approved' },
  tags: {},
};

describe('A lease', () => {
  let home: string;
  let sandbox: Sandbox;
  let session: Session;
  let store: Store;
  const before_ = { ...process.env };

  before(async () => {
    home = mkdtempSync(join(tmpdir(), 'warmstart-lease-test-'));
    sandbox = await startSandbox({ port: 0, home, speed: 1000 });
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
    process.env.AWS_CONFIG_FILE = sandbox.configFile;
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(home, 'none');
    session = await openSession(environment);
    store = new Store(session);
    await store.ensureBucket();
  });

  after(async () => {
    session?.close();
    await sandbox?.close();
    rmSync(home, { recursive: true, force: true });
    for (const name of Object.keys(process.env)) if (!(name in before_)) delete process.env[name];
    Object.assign(process.env, before_);
  });

  afterEach(() => store.delete([key]));

  const hold = <T>(work: (task: Task) => Promise<T>, options = {}, task: Task = quietTask()) =>
    withLease(store, 'run-a', 'run 1', task, work, options);

  /** Leaves a lease behind, as a process that is gone does. */
  async function leave(expiresAt: number): Promise<ReturnType<typeof newHolder>> {
    const holder = { ...newHolder(), host: 'elsewhere' };
    const lease = { ...holder, work: 'run 0', expiresAt: new Date(expiresAt).toISOString() };
    await store.put(key, JSON.stringify(lease));
    return holder;
  }

  it('lets one work at a time, even within one process, and is given back', async () => {
    await hold(async () => {
      await assert.rejects(
        hold(async () => assert.fail('not two at once')),
        isHeld,
      );
      const holder = await holderOf(store, 'run-a', new Date());
      assert.deepEqual([holder?.pid, holder?.work], [process.pid, 'run 1']);
    });
    assert.equal(await store.get(key), undefined);
    assert.equal(await hold(async () => 'again'), 'again');
  });

  it('is given back by work that fails or is cancelled, whose error is told', async () => {
    await assert.rejects(
      hold(async () => {
        throw new Cancelled();
      }),
      Cancelled,
    );
    assert.equal(await store.get(key), undefined);
  });

  it('is asked for in the right account only, and the refusal says that', async () => {
    const stranger = await openSession(environment, { profile: 'sandbox-qa' });
    const attempt = withLease(new Store(stranger), 'run-a', 'run 1', quietTask(), async () => {});
    await assert.rejects(attempt, { code: 'aws.wrong-account', kind: 'refused' });
    stranger.close();
  });

  it('of many who want it at once, is given to one', async () => {
    let working = 0;
    const wanting = Array.from({ length: 8 }, () =>
      hold(async () => {
        working += 1;
        await sleep(300);
      }).catch((error) => assert.ok(isHeld(error))),
    );
    await Promise.all(wanting);
    assert.equal(working, 1);
  });

  it('names its holder to whoever is refused, and when it ends', async () => {
    const expires = Date.now() + 60_000;
    const { pid } = await leave(expires);
    await assert.rejects(
      hold(async () => {}),
      (error: WarmstartError) => {
        assert.match(error.message, new RegExp(`process ${pid} on elsewhere \\(run 0\\)`));
        assert.match(error.remedy ?? '', new RegExp(new Date(expires).toISOString()));
        return isHeld(error);
      },
    );
  });

  it('of a holder that died elsewhere is taken over once it expired', async () => {
    await leave(Date.now() + 5_000);
    let now = Date.now();
    const task = { ...quietTask(), now: () => new Date(now) };
    await assert.rejects(
      hold(async () => {}, {}, task),
      isHeld,
    );
    now += 6_000;
    assert.equal(await hold(async () => 'taken', {}, task), 'taken');
  });

  it('of a holder that died on this machine is taken over at once', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const holder = { ...newHolder(), pid };
    const lease = { ...holder, work: 'run 0', expiresAt: new Date(Date.now() + 60_000).toISOString() };
    await store.put(key, JSON.stringify(lease));
    assert.equal(diedHere(holder), false, 'the same host name and process id may be another machine’s');
    markAlive(holder);
    assert.equal(diedHere(holder), true);
    assert.equal(await hold(async () => 'taken'), 'taken');
    assert.equal(diedHere(holder), false, 'its mark is gone with it');
  });

  it('does not take a running process for a dead one', () => {
    const holder = newHolder();
    markAlive(holder);
    assert.equal(diedHere(holder), false);
    unmark(holder);
  });

  it('is renewed for as long as the work takes', async () => {
    await hold(
      async (task) => {
        await sleep(700);
        assert.equal(task.signal.aborted, false);
        await assert.rejects(
          hold(async () => {}),
          isHeld,
        );
      },
      { lifetimeMs: 300 },
    );
  });

  it('that somebody took over cancels the work, and is not given back by whoever lost it', async () => {
    await assert.rejects(
      hold(
        async (task) => {
          await leave(Date.now() + 60_000);
          await sleep(5_000, task.signal);
        },
        { lifetimeMs: 300 },
      ),
      { code: 'lease.lost' },
    );
    assert.match((await store.getText(key)) ?? '', /elsewhere/);
  });

  it('that expired unnoticed and is another’s by now is left to it', async () => {
    await hold(async () => {
      await leave(Date.now() + 60_000);
    });
    assert.match((await store.getText(key)) ?? '', /elsewhere/);
  });
});
