import assert from 'node:assert/strict';
import { WarmstartError } from '../../src/errors';
import { describeVersion, type Version } from '../../src/registry/versions';
import { prepareRelease, release, underLease } from '../../src/release/release';
import type { PlanEvent } from './events';
import { useLoop } from './harness';
import { answersOf, approved, archiveOf, assertServes, decided, fixture, publish } from './publishing';

const first = '1.7.4/squarederror.bin';
const second = '1.7.4/gamma.bin';
const third = '1.7.4/poisson.bin';

describe('Releases', () => {
  const loop = useLoop();
  let atl: Version[] = [];

  const actions = (plan: PlanEvent) =>
    Object.fromEntries(plan.targets.map((t) => [t.targetModel.replace('.tar.gz', ''), t.action]));

  async function released(environment: string, ...options: string[]): Promise<PlanEvent> {
    const answer = await loop.done('release', 'flights', '--env', environment, '--yes', ...options);
    answer.one('release.done');
    return answer.one('release.plan');
  }

  async function marksIn(environment: string): Promise<Record<string, string[]>> {
    const { targets } = (await loop.done('inspect', 'flights', '--env', environment)).one('inspect');
    return Object.fromEntries(targets.map((t) => [t.targetModel.replace('.tar.gz', ''), t.marks]));
  }

  before(async () => {
    atl = [await approved(loop, 'delay-atl', { file: first })];
    await approved(loop, 'delay-ord', { file: first });
  });

  it('reach production only after qa, and only when somebody says yes', async () => {
    const early = await loop.cli('release', 'flights', '--env', 'production', '--yes');
    assert.deepEqual([early.code, early.one('error').code], [3, 'release.refused']);
    const [target] = early.one('release.plan').targets;
    assert.deepEqual(
      [target?.action, target?.notes],
      ['absent', ['version 1: it was not released to qa yet']],
    );
    await released('qa');
    await loop.fails(3, 'release.not-confirmed', 'release', 'flights', '--env', 'production');
    const from = loop.requests().length;
    const dry = await loop.done('release', 'flights', '--env', 'production', '--dry-run');
    assert.deepEqual(actions(dry.one('release.plan')), {
      'delay-atl': 'add',
      'delay-ord': 'add',
      'delay-dfw': 'absent',
    });
    const written = loop.requests(from).filter((r) => /^(Put|Create|Update|Copy|Delete)/.test(r.operation));
    assert.deepEqual(written, []);
    assert.equal((await released('production')).first, true);
    await assertServes(loop, 'production', 'delay-atl.tar.gz', first);
    await loop.fails(3, 'release.not-confirmed', 'rollback', 'flights', '--env', 'production');
  });

  it('of an environment that admits pending versions do not wait for approval', async () => {
    await publish(loop, 'delay-ord', { file: second });
    await loop.editedFor(
      (file) => {
        (file.environments.qa ?? assert.fail()).promote = { requires: 'pending' };
      },
      async () => {
        assert.equal(actions(await released('qa'))['delay-ord'], 'update');
        assert.deepEqual(await marksIn('qa'), { 'delay-atl': [], 'delay-ord': [], 'delay-dfw': ['missing'] });
      },
    );
    assert.deepEqual((await marksIn('qa'))['delay-ord'], ['not-approved']);
    // Approved by nobody, it stays out of production though qa has had it.
    const plan = (await loop.done('release', 'flights', '--env', 'production')).one('release.plan');
    assert.equal(plan.nothingToDo, true);
  });

  it('bring a higher version, and back the one before when it is rejected', async () => {
    await released('training');
    atl.push(await approved(loop, 'delay-atl', { file: second }));
    assert.deepEqual((await marksIn('training'))['delay-atl'], ['stale']);
    assert.equal(actions(await released('training'))['delay-atl'], 'update');
    await assertServes(loop, 'training', 'delay-atl.tar.gz', second);

    atl[1] = await decided(loop, atl[1] ?? assert.fail(), 'Rejected');
    assert.deepEqual((await marksIn('training'))['delay-atl'], ['not-approved']);
    const plan = await released('training');
    assert.deepEqual(actions(plan), { 'delay-atl': 'restore', 'delay-ord': 'keep', 'delay-dfw': 'absent' });
    assert.deepEqual([plan.targets[0]?.from, plan.targets[0]?.to], [2, 1]);
    await assertServes(loop, 'training', 'delay-atl.tar.gz', first);
  });

  it('keep or remove a model whose every version was rejected, as the endpoint says', async () => {
    atl[0] = await decided(loop, atl[0] ?? assert.fail(), 'Rejected');
    const kept = await loop.done('release', 'flights', '--env', 'training');
    assert.deepEqual(actions(kept.one('release.plan')), {
      'delay-atl': 'keep',
      'delay-ord': 'keep',
      'delay-dfw': 'absent',
    });
    kept.one('release.unchanged');
    await loop.editedFor(
      (file) => {
        Object.assign(file.endpoints.flights ?? {}, { whenNoneApproved: 'remove' });
      },
      async () => assert.equal(actions(await released('training'))['delay-atl'], 'remove'),
    );
    await assert.rejects(answersOf(loop, 'training', 'delay-atl.tar.gz'));
    await assertServes(loop, 'training', 'delay-ord.tar.gz', first);
    atl[0] = await decided(loop, atl[0], 'Approved');
  });

  it('leave out what is named', async () => {
    const plan = await released('training', '--without', 'delay-ord');
    assert.deepEqual(actions(plan), { 'delay-atl': 'add', 'delay-ord': 'remove', 'delay-dfw': 'absent' });
    await assert.rejects(answersOf(loop, 'training', 'delay-ord.tar.gz'));
    assert.equal(actions(await released('training'))['delay-ord'], 'add');
  });

  it('carry along what somebody put beside them, as it is then', async () => {
    const store = await loop.store();
    const upload = async (file: string) => {
      const { targets } = (await loop.done('inspect', 'flights', '--env', 'training')).one('inspect');
      const prefix = targets[0]?.artifact?.key.replace('delay-atl.tar.gz', '');
      await store.put(`${prefix}team/legacy.tar.gz`, await archiveOf(fixture(file)));
    };
    await upload(second);
    assert.deepEqual((await marksIn('training'))['team/legacy'], ['unmanaged']);
    await approved(loop, 'delay-atl', { file: second });
    assert.equal(actions(await released('training'))['team/legacy'], 'carry');
    await assertServes(loop, 'training', 'team/legacy.tar.gz', second);
    // Its owner replaces it; nobody released it, so that this is no drift to be repaired.
    await upload(third);
    await approved(loop, 'delay-atl', { file: third });
    assert.equal(actions(await released('training'))['team/legacy'], 'carry');
    await assertServes(loop, 'training', 'team/legacy.tar.gz', third);
  });

  it('repair an artifact that was overwritten behind their back', async () => {
    const { targets } = (await loop.done('inspect', 'flights', '--env', 'training')).one('inspect');
    const { artifact } = targets.find((t) => t.model === 'delay-ord') ?? assert.fail();
    const store = await loop.store();
    await store.put(artifact?.key ?? '', await archiveOf(fixture(third)));
    assert.deepEqual((await marksIn('training'))['delay-ord'], ['drifted']);
    const plan = await released('training');
    const ord = plan.targets.find((t) => t.model === 'delay-ord');
    assert.deepEqual([ord?.action, ord?.notes.length], ['update', 2]);
    await assertServes(loop, 'training', 'delay-ord.tar.gz', first);
    assert.deepEqual((await marksIn('training'))['delay-ord'], []);
  });

  it('repair it also when no version is admitted, from the object version that was released', async () => {
    const { targets } = (await loop.done('inspect', 'flights', '--env', 'training')).one('inspect');
    const ord = targets.find((t) => t.model === 'delay-ord') ?? assert.fail();
    const store = await loop.store();
    await store.put(ord.artifact?.key ?? '', await archiveOf(fixture(third)));
    const version = await describeVersion(await loop.session(), ord.packageArn ?? '');
    await decided(loop, version, 'Rejected');
    await approved(loop, 'delay-atl', { file: second });
    assert.equal(actions(await released('training'))['delay-ord'], 'keep');
    await assertServes(loop, 'training', 'delay-ord.tar.gz', first);
  });

  it('are refused for versions that need two containers', async () => {
    await approved(loop, 'delay-dfw', { file: '3.0.5/logistic.ubj' });
    const error = await loop.fails(3, 'release.refused', 'release', 'flights', '--env', 'training');
    assert.match(error.message, /1\.7-1.*3\.0-5/);
    const without = await loop.done('release', 'flights', '--env', 'training', '--without', 'delay-dfw');
    assert.equal(actions(without.one('release.plan'))['delay-dfw'], 'absent');
  });

  it('are refused while another one of the endpoint is under way', async () => {
    await underLease(await loop.releaseScene('training'), 'a test', async () => {
      const error = await loop.fails(3, 'lease.held', 'rollback', 'flights', '--env', 'training');
      assert.match(error.message, /endpoint-flights is being driven by process \d+ on .*a test/);
    });
  });

  it('carry out the plan that was seen, or nothing', async () => {
    const scene = await loop.releaseScene('training');
    const without = ['delay-dfw'];
    await approved(loop, 'delay-atl', { file: third });
    const seen = await prepareRelease(scene, { without });
    await approved(loop, 'delay-atl', { file: first });
    const before = await loop.done('status');
    await assert.rejects(
      release(scene, seen),
      (e) => e instanceof WarmstartError && e.code === 'release.stale-plan' && e.kind === 'refused',
    );
    assert.deepEqual((await loop.done('status')).events, before.events);
  });
});
