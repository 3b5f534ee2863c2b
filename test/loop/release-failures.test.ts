import assert from 'node:assert/strict';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { DeleteEndpointCommand } from '@aws-sdk/client-sagemaker';
import { listManifests, type Manifest } from '../../src/release/manifest';
import { useLoop } from './harness';
import { approved, assertServes, decided, publish } from './publishing';

const good = '1.7.4/squarederror.bin';
const better = '1.7.4/gamma.bin';
const release = ['release', 'flights', '--env', 'training'];

describe('Releases that fail', () => {
  const loop = useLoop();

  const newest = async (environment = 'training'): Promise<Manifest> =>
    (await listManifests(await loop.store(environment), 'flights', 1))[0] ?? assert.fail('no manifest');

  /** Puts the loop back to where the good version is the highest one admitted. */
  async function rejected(file: string, flaw: object): Promise<() => Promise<unknown>> {
    const version = await approved(loop, 'delay-atl', { file, ...flaw });
    return () => decided(loop, version, 'Rejected');
  }

  it('for the first time on an endpoint say so, and pretend nothing', async () => {
    // No such tag of the image: the fleet never comes up.
    const reject = await rejected(good, { image: '9.9-9' });
    const error = await loop.fails(1, 'release.failed', ...release);
    assert.match(error.message, /image/i);
    const manifest = await newest();
    assert.deepEqual([manifest.status, manifest.previousConfig], ['failed', null]);
    assert.ok(manifest.reason && !manifest.verified);
    const { status, targets } = (await loop.done('inspect', 'flights', '--env', 'training')).one('inspect');
    assert.deepEqual([status, targets[0]?.marks], ['Failed', ['unverified']]);
    await reject();
    await approved(loop, 'delay-atl', { file: good });
    const refused = await loop.fails(3, 'release.refused', ...release);
    assert.match(refused.message, /can only be deleted/);
    const session = await loop.session();
    await session.sagemaker().send(new DeleteEndpointCommand({ EndpointName: 'flights' }));
    while ((await loop.releaseScene('training').then((scene) => scene.readLive())) !== null);
    (await loop.done(...release)).one('release.done');
    await assertServes(loop, 'training', 'delay-atl.tar.gz', good);
    await approved(loop, 'delay-ord', { file: good });
    (await loop.done(...release)).one('release.done');
  });

  it('because a probe is not answered as expected go back, and callers keep their answers', async () => {
    const before = await newest();
    const reject = await rejected(better, { claim: (prediction: number) => prediction + 1 });
    const from = loop.requests().length;
    const error = await loop.fails(1, 'release.rolled-back', ...release);
    assert.match(error.message, /delay-atl\.tar\.gz answered .* where .* was expected/);
    const manifest = await newest();
    assert.deepEqual(
      [manifest.status, manifest.previousConfig, manifest.previousRelease],
      ['rolled-back', before.configName, before.releaseId],
    );
    assert.match(manifest.reason ?? '', /was expected/);
    await assertServes(loop, 'training', 'delay-atl.tar.gz', good);
    await assertServes(loop, 'training', 'delay-ord.tar.gz', good);
    const updates = loop.requests(from).filter((r) => r.operation === 'UpdateEndpoint');
    assert.equal(updates.length, 2, 'there and back');
    const { releaseId, targets } = (await loop.done('inspect', 'flights', '--env', 'training')).one(
      'inspect',
    );
    assert.equal(releaseId, before.releaseId);
    assert.deepEqual(targets.find((t) => t.model === 'delay-ord')?.marks, []);
    await reject();
  });

  it('because the container cannot read the artifact go back', async () => {
    const reject = await rejected('3.0.5/squarederror.ubj', { image: '1.7-1' });
    const error = await loop.fails(1, 'release.rolled-back', ...release);
    assert.match(error.message, /delay-atl\.tar\.gz did not answer/);
    await assertServes(loop, 'training', 'delay-atl.tar.gz', good);
    await reject();
  });

  it('because SageMaker takes the update back say what SageMaker says', async () => {
    const model = await approved(loop, 'delay-atl', { file: better, image: '9.9-9' });
    const other = await approved(loop, 'delay-ord', { file: better, image: '9.9-9' });
    const error = await loop.fails(1, 'release.rolled-back', ...release);
    assert.match(error.message, /image .*9\.9-9.* does not exist/i);
    assert.equal((await newest()).status, 'rolled-back');
    await assertServes(loop, 'training', 'delay-ord.tar.gz', good);
    await decided(loop, model, 'Rejected');
    await decided(loop, other, 'Rejected');
  });

  it('because the artifact is not the one that was registered touch nothing', async () => {
    const version = await approved(loop, 'delay-atl', { file: better });
    const store = await loop.store();
    await store.put(version.artifact.s3Uri.replace(/^s3:\/\/[^/]+\//, ''), 'something else');
    const error = await loop.fails(1, 'release.failed', ...release);
    assert.match(error.message, /not what was meant/);
    await assertServes(loop, 'training', 'delay-atl.tar.gz', good);
    await decided(loop, version, 'Rejected');
  });

  it('do not hide that a rollback failed', async () => {
    const version = await approved(loop, 'delay-atl', { file: better });
    (await loop.done(...release)).one('release.done');
    const live = await newest();
    const previous = (await listManifests(await loop.store(), 'flights')).find(
      (m) => m.releaseId === live.previousRelease,
    );
    const [copy] = previous?.targets ?? [];
    await (await loop.store()).delete([copy?.copy?.key ?? '']);
    await loop.fails(1, 'release.rollback-failed', 'rollback', 'flights', '--env', 'training');
    const record = await newest();
    assert.deepEqual([record.kind, record.status], ['rollback', 'failed']);
    await decided(loop, version, 'Rejected');
    (await loop.done(...release)).one('release.done');
    await assertServes(loop, 'training', 'delay-atl.tar.gz', good);
  });
});

describe('Releases that are killed', () => {
  const loop = useLoop();

  /** How often each key of the release's folder was written. */
  async function versionsOf(manifest: Manifest): Promise<Record<string, number>> {
    const session = await loop.session(manifest.environment);
    const { Versions = [] } = await session
      .s3()
      .send(new ListObjectVersionsCommand({ Bucket: manifest.bucket, Prefix: manifest.prefix }));
    const keys = Versions.map((version) => (version.Key ?? '').slice(manifest.prefix.length));
    return Object.fromEntries(keys.map((key) => [key, keys.filter((k) => k === key).length]));
  }

  const points: [when: string, what: RegExp][] = [
    ['while the endpoint is created', /endpoint flights: Creating/],
    ['in the middle of copying', /"step":"copy".*"done":1/],
    ['while the endpoint updates', /endpoint flights: Updating/],
    ['before they are verified', /"step":"verify"/],
  ];
  for (const [when, what] of points) {
    it(`${when} go on where they were, and write no artifact twice`, async () => {
      const store = await loop.store();
      const earlier = (await listManifests(store, 'flights')).length;
      const file = [good, better][earlier % 2] ?? good;
      await approved(loop, 'delay-atl', { file });
      await approved(loop, 'delay-ord', { file });
      await loop.killedAt(what, ...release);
      const [killed] = await listManifests(store, 'flights');
      assert.equal(killed?.status, 'in-progress');
      const resumed = await loop.done(...release, '--resume', killed?.releaseId ?? '');
      assert.equal(resumed.one('release.done').releaseId, killed?.releaseId);
      await assertServes(loop, 'training', 'delay-atl.tar.gz', file);
      const [done, ...others] = await listManifests(store, 'flights');
      assert.deepEqual([done?.status, others.length], ['released', earlier]);
      assert.deepEqual(await versionsOf(done ?? assert.fail()), {
        'delay-atl.tar.gz': 1,
        'delay-ord.tar.gz': 1,
      });
      // Once more changes nothing.
      await loop.done(...release, '--resume', killed?.releaseId ?? '');
    });
  }

  it('and are not resumed stay failed, and what serves unproven is told and released anew', async () => {
    await publishApproved(good);
    await loop.killedAt(/"step":"verify"/, ...release);
    const store = await loop.store();
    const [killed] = await listManifests(store, 'flights', 1);
    const { targets } = (await loop.done('inspect', 'flights', '--env', 'training')).one('inspect');
    assert.deepEqual(targets[0]?.marks, ['unverified']);
    const answer = await loop.done(...release);
    const plan = answer.one('release.plan');
    assert.equal(plan.nothingToDo, false);
    assert.match(plan.notes.join(), new RegExp(`--resume ${killed?.releaseId}`));
    answer.one('release.done');
    const [next, superseded] = await listManifests(store, 'flights', 2);
    assert.deepEqual([next?.status, superseded?.status], ['released', 'failed']);
    assert.match(superseded?.reason ?? '', /interrupted/);
    await loop.fails(1, 'release.not-released', ...release, '--resume', killed?.releaseId ?? '');
    await loop.fails(2, 'release.unknown', ...release, '--resume', '20010101-000000-0000');
  });

  async function publishApproved(file: string): Promise<void> {
    await decided(loop, await publish(loop, 'delay-atl', { file }), 'Approved');
  }

  it('let Ctrl-C say how to go on', async function () {
    if (process.platform === 'win32') this.skip();
    await publishApproved(better);
    const running = loop.begin(release);
    await running.until(({ message }) => message === 'endpoint flights: Updating');
    running.child.kill('SIGINT');
    const answer = await running.answer;
    assert.equal(answer.code, 130);
    const [, resume] = /--resume (\S+)"/.exec(answer.one('interrupted').message) ?? [];
    (await loop.done(...release, '--resume', resume ?? '')).one('release.done');
    await assertServes(loop, 'training', 'delay-atl.tar.gz', better);
  });
});
