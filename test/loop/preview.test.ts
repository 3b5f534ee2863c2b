import assert from 'node:assert/strict';
import { holderOf, withLease } from '../../src/aws/lease';
import { logGroups, readLogs } from '../../src/aws/logs';
import { modelOf } from '../../src/project/project';
import { previewRetrain, type RetrainPreview } from '../../src/runs/preview';
import { quietTask } from '../../src/task';
import type { Events } from './events';
import { useLoop } from './harness';

const until = '2001-02-15';
const isWrite = (operation: string) => !/^(Get|List|Head|Describe|Search|AssumeRole)/.test(operation);

describe('What a run would do, and what it logged', function () {
  this.timeout(120_000);
  const loop = useLoop();

  async function preview(options: { testing?: boolean; until?: string } = {}): Promise<RetrainPreview> {
    const scene = await loop.runScene();
    return previewRetrain(scene, modelOf(scene.project, 'delay-atl'), {
      testing: false,
      until,
      ...options,
    });
  }

  let first: Events['retrain.done'];

  it('is foreseen without a write: the window, the jobs, and why it starts cold', async () => {
    const from = loop.requests().length;
    const seen = await preview();
    assert.deepEqual(seen.window, { from: '2001-01-01', until });
    assert.deepEqual([seen.parents, seen.warmStart], [[], null]);
    assert.match(seen.coldStartReason ?? '', /^Cold start: delay-atl has no tuning job yet\./);
    const model = modelOf(await loop.project(), 'delay-atl');
    assert.deepEqual(seen.jobs, {
      total: model.tuning.maxJobs,
      parallel: Math.min(model.tuning.maxParallelJobs, model.tuning.maxJobs),
      strategy: 'Bayesian',
      maxRuntimeSeconds: null,
    });
    assert.equal(seen.instance.type, model.training.instanceType);
    assert.deepEqual([seen.holder, seen.unfinished, seen.pending], [null, null, []]);
    assert.deepEqual(
      loop
        .requests(from)
        .map(({ operation }) => operation)
        .filter(isWrite),
      [],
    );
    assert.ok(loop.requests(from).length > 0);
  });

  it('then happens: the parents foreseen are those that the run takes', async () => {
    first = (await loop.done('retrain', 'delay-atl', '--until', until)).one('retrain.done');
    const seen = await preview();
    assert.deepEqual(
      seen.parents.map(({ name, metric, approval }) => [name, metric, approval]),
      [[first.tuningJob, 'validation:rmse', 'PendingManualApproval']],
    );
    assert.equal(seen.parents[0]?.value, first.best?.value);
    assert.deepEqual([seen.warmStart, seen.coldStartReason], ['TransferLearning', null]);
    assert.deepEqual(seen.pending, [1]);
    const second = (await loop.done('retrain', 'delay-atl', '--until', until)).one('retrain.done');
    assert.deepEqual(second.parents, [first.tuningJob]);
  });

  it('tells why a parent would be turned down', async () => {
    await loop.done('reject', 'flights-delay-atl/2', '--comment', 'too eager');
    const seen = await preview();
    assert.deepEqual(
      seen.parents.map(({ name }) => name),
      [first.tuningJob],
    );
    assert.equal(seen.refused.length, 1);
    assert.match(seen.refused[0]?.reason ?? '', /led to a version that was rejected/);
  });

  it('foresees one cold job when testing', async () => {
    const seen = await preview({ testing: true });
    assert.deepEqual([seen.jobs.total, seen.jobs.parallel, seen.parents.length], [1, 1, 0]);
    assert.match(seen.coldStartReason ?? '', /testing/);
  });

  it('refuses a window without a day', async () => {
    await assert.rejects(preview({ until: '2000-01-01' }), { code: 'warehouse.window' });
  });

  it('names who retrains the model already, and a run that could be resumed instead', async () => {
    const store = await loop.store();
    await withLease(store, 'run-delay-atl', 'run r9', quietTask(), async () => {
      const { holder } = await preview();
      assert.deepEqual([holder?.pid, holder?.work], [process.pid, 'run r9']);
    });
    assert.equal(await holderOf(store, 'run-delay-atl', new Date()), undefined, 'given back');
    await loop.killedAt(/training jobs done/, 'retrain', 'delay-atl', '--until', until);
    const { holder, unfinished } = await preview();
    assert.equal(holder, null, 'it died here, so nobody holds its lease');
    assert.equal(unfinished?.status, 'running');
    await loop.done('stop', 'delay-atl');
    assert.equal((await preview()).unfinished, null);
  });

  it('of a tuning job are the logs of its training jobs, oldest first, the newest kept', async () => {
    const session = await loop.session();
    const tuningJob = first.tuningJob ?? assert.fail();
    const all = await readLogs(session, logGroups.training, `${tuningJob}-`, { limit: 10_000 });
    const streams = new Set(all.map(({ stream }) => stream));
    assert.equal(streams.size, modelOf(await loop.project(), 'delay-atl').tuning.maxJobs);
    for (const stream of streams) assert.match(stream, new RegExp(`^${tuningJob}-\\d{3}-\\w+/algo-1-`));
    assert.ok(all.some(({ message }) => /validation-rmse/.test(message)));
    assert.deepEqual(
      all.map(({ at }) => at),
      all.map(({ at }) => at).sort(),
    );
    const tail = await readLogs(session, logGroups.training, `${tuningJob}-`, { limit: 5 });
    assert.deepEqual(
      tail.map(({ at }) => at),
      all.slice(-5).map(({ at }) => at),
    );
  });

  it('are no lines, and no error, where nothing was logged', async () => {
    const session = await loop.session();
    assert.deepEqual(await readLogs(session, logGroups.training, 'nobody/', { limit: 10 }), []);
    assert.deepEqual(await readLogs(session, logGroups.endpoint('nowhere'), '', { limit: 10 }), []);
  });
});
