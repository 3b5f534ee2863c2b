import assert from 'node:assert/strict';
import { ListEndpointConfigsCommand, ListModelsCommand } from '@aws-sdk/client-sagemaker';
import { listManifests } from '../../src/release/manifest';
import { prepareRelease, release } from '../../src/release/release';
import { useLoop } from './harness';
import { approved, assertServes, decided } from './publishing';

const files = ['1.7.4/squarederror.bin', '1.7.4/gamma.bin', '1.7.4/poisson.bin', '1.7.4/tweedie.bin'];

describe('What is kept of old releases', () => {
  const loop = useLoop();

  async function releaseNext(file: string, claim?: () => number): Promise<string> {
    const version = await approved(loop, 'delay-atl', { file, ...(claim ? { claim } : {}) });
    const scene = await loop.releaseScene('training');
    const attempt = release(scene, await prepareRelease(scene));
    if (!claim) return (await attempt).releaseId;
    await assert.rejects(attempt, { code: 'release.rolled-back' });
    await decided(loop, version, 'Rejected');
    return (await listManifests(scene.store, 'flights', 1))[0]?.releaseId ?? '';
  }

  /** The releases of which something is left, by kind of thing. */
  async function left(): Promise<Record<'configs' | 'models' | 'artifacts', string[]>> {
    const sagemaker = (await loop.session()).sagemaker();
    const { EndpointConfigs = [] } = await sagemaker.send(
      new ListEndpointConfigsCommand({ MaxResults: 100 }),
    );
    const { Models = [] } = await sagemaker.send(new ListModelsCommand({ MaxResults: 100 }));
    const artifacts: string[] = [];
    for await (const { key } of (await loop.store()).list('models/')) artifacts.push(key.split('/')[2] ?? '');
    const idsOf = (names: (string | undefined)[]) =>
      names.map((name = '') => name.slice('flights-'.length)).sort();
    return {
      configs: idsOf(EndpointConfigs.map((config) => config.EndpointConfigName)),
      models: idsOf(Models.map((model) => model.ModelName)),
      artifacts: artifacts.sort(),
    };
  }

  it('is as many as the endpoint says, and every manifest', async () => {
    loop.edit((file) => {
      Object.assign(file.endpoints.flights ?? {}, { retain: 2 });
    });
    const releases: string[] = [];
    for (const file of files) releases.push(await releaseNext(file));
    const [, , previous = '', live = ''] = releases;
    assert.deepEqual(await left(), {
      configs: [previous, live],
      models: [previous, live],
      artifacts: [previous, live],
    });
    const manifests = await listManifests(await loop.store(), 'flights');
    assert.deepEqual(
      manifests.map((m) => [m.releaseId, m.prunedAt !== undefined]),
      releases.map((id, i) => [id, i < 2]).reverse(),
    );
    const pruned = await loop.fails(
      3,
      'release.pruned',
      ...['rollback', 'flights', '--env', 'training', '--to', releases[0] ?? ''],
    );
    assert.match(pruned.message, /retention/);
    await loop.fails(2, 'release.unknown', 'rollback', 'flights', '--env', 'training', '--to', 'nothing');
    (await loop.done('rollback', 'flights', '--env', 'training')).one('rollback.done');
    await assertServes(loop, 'training', 'delay-atl.tar.gz', files[2] ?? '');
  });

  it('is also what serves and what served before it, however old, and nothing of what failed long ago', async () => {
    const serving = (await listManifests(await loop.store(), 'flights', 1))[0]?.rolledBackTo ?? '';
    loop.edit((file) => {
      Object.assign(file.endpoints.flights ?? {}, { retain: 1 });
    });
    const failed = await releaseNext(files[0] ?? '', () => 0);
    const next = await releaseNext(files[1] ?? '');
    const { artifacts } = await left();
    assert.ok(artifacts.includes(serving), 'the release that served until now can be gone back to');
    assert.ok(artifacts.includes(next));
    await releaseNext(files[2] ?? '');
    const after = await left();
    assert.ok(!after.artifacts.includes(failed) && !after.configs.includes(failed));
    assert.equal(after.artifacts.length, 2);
  });
});
