import assert from 'node:assert/strict';
import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { listManifests } from '../../src/release/manifest';
import { useLoop } from './harness';
import { answersOf, approved, archiveOf, assertServes, decided, fixture } from './publishing';

const first = '1.7.4/squarederror.bin';
const second = '1.7.4/gamma.bin';
const third = '1.7.4/poisson.bin';
const release = ['release', 'flights', '--env', 'qa'];

describe('Releases in place', () => {
  const loop = useLoop();

  async function versioning(Status: 'Enabled' | 'Suspended'): Promise<void> {
    const { bucket } = await loop.store('qa');
    const session = await loop.session('qa');
    await session
      .s3()
      .send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }));
  }

  async function etagOf(target: string): Promise<string | undefined> {
    return (await (await loop.store('qa')).head(`models/${target}.tar.gz`))?.etag;
  }

  before(async () => {
    loop.edit((file) => {
      Object.assign(file.endpoints.flights ?? {}, { refresh: 'in-place' });
    });
    await approved(loop, 'delay-atl', { file: first });
  });

  it('are refused for a bucket that keeps no versions', async () => {
    await versioning('Suspended');
    const from = loop.requests().length;
    const error = await loop.fails(3, 'release.refused', ...release);
    assert.match(error.message, /bucket versioning/);
    assert.deepEqual(
      loop.requests(from).filter((r) => /^(Put|Create|Update|Copy)/.test(r.operation)),
      [],
    );
  });

  it('begin on the prefix that the project names, and leave alone what else stands there', async () => {
    await (await loop.store('qa')).put('models/delay-ord.tar.gz', await archiveOf(fixture(third)));
    await versioning('Enabled');
    (await loop.done(...release)).one('release.done');
    await assertServes(loop, 'qa', 'delay-atl.tar.gz', first);
  });

  it('that fail bring back also what stood there before the bucket kept versions', async () => {
    const before = await etagOf('delay-ord');
    const wrong = await approved(loop, 'delay-ord', { file: first, claim: () => 0 });
    await loop.fails(1, 'release.rolled-back', ...release);
    assert.equal(await etagOf('delay-ord'), before);
    await assertServes(loop, 'qa', 'delay-ord.tar.gz', third);
    await decided(loop, wrong, 'Rejected');
  });

  it('keep the Model, replace the fleet, and have no mark', async () => {
    await approved(loop, 'delay-atl', { file: second });
    await approved(loop, 'delay-ord', { file: second });
    (await loop.done(...release)).one('release.done');
    await assertServes(loop, 'qa', 'delay-atl.tar.gz', second);
    await assertServes(loop, 'qa', 'delay-ord.tar.gz', second);
    const manifests = await listManifests(await loop.store('qa'), 'flights');
    assert.deepEqual(
      manifests.map((m) => [m.kind, m.prefix, m.modelName]),
      manifests.map(() => ['in-place', 'models/', manifests[0]?.modelName]),
    );
    const { targets } = (await loop.done('inspect', 'flights', '--env', 'qa')).one('inspect');
    assert.deepEqual(
      targets.map((t) => t.marks),
      [[], [], ['missing']],
    );
    (await loop.done(...release)).one('release.unchanged');
  });

  it('that fail put the earlier object versions back', async () => {
    const before = [await etagOf('delay-atl'), await etagOf('delay-ord'), await etagOf('delay-dfw')];
    const wrong = await approved(loop, 'delay-atl', { file: third, claim: () => 0 });
    const added = await approved(loop, 'delay-dfw', { file: third });
    await loop.fails(1, 'release.rolled-back', ...release);
    assert.deepEqual(
      [await etagOf('delay-atl'), await etagOf('delay-ord'), await etagOf('delay-dfw')],
      before,
    );
    await assertServes(loop, 'qa', 'delay-atl.tar.gz', second);
    await assert.rejects(answersOf(loop, 'qa', 'delay-dfw.tar.gz'));
    await decided(loop, wrong, 'Rejected');
    await decided(loop, added, 'Rejected');
  });

  it('that are killed half-way can still be undone', async () => {
    const before = await etagOf('delay-atl');
    const fine = await approved(loop, 'delay-atl', { file: third });
    const wrong = await approved(loop, 'delay-ord', { file: third, claim: () => 0 });
    await loop.killedAt(/"done":1/, ...release);
    assert.notEqual(await etagOf('delay-atl'), before, 'it was killed after the first file was overwritten');
    const [killed] = await listManifests(await loop.store('qa'), 'flights', 1);
    await loop.fails(1, 'release.rolled-back', ...release, '--resume', killed?.releaseId ?? '');
    assert.equal(await etagOf('delay-atl'), before);
    await assertServes(loop, 'qa', 'delay-atl.tar.gz', second);
    await assertServes(loop, 'qa', 'delay-ord.tar.gz', second);
    await decided(loop, fine, 'Rejected');
    await decided(loop, wrong, 'Rejected');
  });

  it('are rolled back one by one, or straight to any of them', async () => {
    const [second_, first_] = (await listManifests(await loop.store('qa'), 'flights')).filter(
      (m) => m.status === 'released',
    );
    await approved(loop, 'delay-atl', { file: third });
    (await loop.done(...release)).one('release.done');
    await assertServes(loop, 'qa', 'delay-atl.tar.gz', third);
    const rollback = ['rollback', 'flights', '--env', 'qa'];
    assert.equal((await loop.done(...rollback)).one('rollback.done').rolledBackTo, second_?.releaseId);
    await assertServes(loop, 'qa', 'delay-atl.tar.gz', second);
    assert.equal((await loop.done(...rollback)).one('rollback.done').rolledBackTo, first_?.releaseId);
    await assertServes(loop, 'qa', 'delay-atl.tar.gz', first);
    (await loop.done(...rollback, '--to', second_?.releaseId ?? '')).one('rollback.done');
    await assertServes(loop, 'qa', 'delay-atl.tar.gz', second);
    await assertServes(loop, 'qa', 'delay-ord.tar.gz', second);
  });

  it('take a model away when it is left out, and a rollback brings it back', async () => {
    (await loop.done(...release, '--without', 'delay-ord')).one('release.done');
    await assert.rejects(answersOf(loop, 'qa', 'delay-ord.tar.gz'));
    assert.equal(await etagOf('delay-ord'), undefined);
    (await loop.done('rollback', 'flights', '--env', 'qa')).one('rollback.done');
    await assertServes(loop, 'qa', 'delay-ord.tar.gz', second);
  });

  it('never overwrite the prefix of a release, nor put another container’s models before this one', async () => {
    const newer = await approved(loop, 'delay-atl', { file: '3.0.5/squarederror.ubj' });
    const without = ['--without', 'delay-ord'];
    const container = await loop.fails(3, 'release.refused', ...release, ...without);
    assert.match(container.message, /keeps its container/);
    await decided(loop, newer, 'Rejected');
    await loop.editedFor(
      (file) => {
        Object.assign(file.endpoints.flights ?? {}, { refresh: 'release' });
      },
      async () => {
        await approved(loop, 'delay-ord', { file: first });
        (await loop.done(...release)).one('release.done');
      },
    );
    await assertServes(loop, 'qa', 'delay-ord.tar.gz', first);
    await approved(loop, 'delay-ord', { file: second });
    const prefix = await loop.fails(3, 'release.refused', ...release);
    assert.match(prefix.message, /never overwritten/);
    // Back across the change of ways: the prefix of old serves again.
    (await loop.done('rollback', 'flights', '--env', 'qa')).one('rollback.done');
    await assertServes(loop, 'qa', 'delay-ord.tar.gz', second);
  });
});
