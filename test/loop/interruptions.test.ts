import assert from 'node:assert/strict';
import {
  DescribeHyperParameterTuningJobCommand,
  ListHyperParameterTuningJobsCommand,
} from '@aws-sdk/client-sagemaker';
import { parse } from 'csv-parse/sync';
import { WarmstartError } from '../../src/errors';
import { modelOf } from '../../src/project/project';
import { groupArn } from '../../src/registry/groups';
import { listSummaries } from '../../src/registry/versions';
import { listRuns } from '../../src/runs/record';
import { retrain } from '../../src/runs/retrain';
import { stopRun } from '../../src/runs/stop';
import { sleep } from '../../src/task';
import { useLoop } from './harness';

const until = ['--until', '2001-02-15'];
const inTuning = ({ step, message }: { step?: string; message?: string }) =>
  step === 'tune' && /training jobs done/.test(message ?? '');

describe('Runs that are interrupted', () => {
  const loop = useLoop();

  async function tuningJobs(model: string): Promise<string[]> {
    const answer = await (await loop.session())
      .sagemaker()
      .send(new ListHyperParameterTuningJobsCommand({ NameContains: `ws-${model}-`, MaxResults: 100 }));
    return (answer.HyperParameterTuningJobSummaries ?? []).map(
      (job) => job.HyperParameterTuningJobName ?? '',
    );
  }

  async function statusOf(tuningJob: string): Promise<string> {
    const job = await (await loop.session())
      .sagemaker()
      .send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: tuningJob }));
    return job.HyperParameterTuningJobStatus ?? '';
  }

  /** Versions, tuning jobs and history rows of a model. */
  async function counts(model: string): Promise<Record<string, number>> {
    const store = await loop.store();
    const { registry } = await loop.project();
    const rows = async (key: string) => {
      const text = (await store.getText(key)) ?? '';
      const all: Record<string, string>[] = parse(text, { columns: true });
      return all.filter((row) => row.metric === undefined || row.metric === model).length;
    };
    return {
      jobs: (await tuningJobs(model)).length,
      versions: (await listSummaries(await loop.session(), groupArn(registry, `flights-${model}`))).length,
      tuningRows: await rows('logs/tuningjobhistory.csv'),
      evaluationRows: await rows(`flights/${model}/evaluationhistory.csv`),
    };
  }

  function tune(model: string, maxJobs: number): void {
    loop.edit((file) => {
      const { tuning } = file.models[model] ?? assert.fail();
      Object.assign(tuning, { maxJobs, maxParallelJobs: 1 });
    });
  }

  it('go on in another process with the same tuning job, after kill -9 at any point', async () => {
    const points = [
      /"step":"export","message":"[\d,]+ rows/,
      /"step":"tune","message":"Cold start/,
      /0 of 2 training jobs done/,
      /"step":"evaluate"/,
      /"step":"register"/,
    ];
    let job = '';
    await loop.killedAt(points[0] as RegExp, 'retrain', 'delay-atl', ...until);
    for (const point of points.slice(1)) {
      await loop.killedAt(point, 'resume', 'delay-atl');
      const [run, ...others] = await listRuns(await loop.store(), 'delay-atl');
      assert.deepEqual([run?.status, others], ['running', []]);
      job ||= run?.steps.tune?.result?.tuningJob ?? '';
    }
    // Killed between the registration and the histories.
    const between = await counts('delay-atl');
    assert.deepEqual(between, { jobs: 1, versions: 1, tuningRows: 0, evaluationRows: 0 });
    const run = (await loop.done('resume', 'delay-atl')).one('retrain.done');
    assert.deepEqual([run.status, run.version, run.tuningJob], ['completed', 1, job]);
    assert.deepEqual(await counts('delay-atl'), { jobs: 1, versions: 1, tuningRows: 1, evaluationRows: 1 });
  });

  it('are left as they are once they are finished', async () => {
    const store = await loop.store();
    const objects = async () => {
      const found: string[] = [];
      for await (const { key, etag } of store.list(''))
        if (!key.includes('/leases/')) found.push(`${key} ${etag}`);
      return found;
    };
    const before = await objects();
    const run = (await loop.done('resume', 'delay-atl')).one('retrain.done');
    assert.equal(run.status, 'completed');
    assert.deepEqual(await objects(), before);
    await loop.fails(3, 'run.finished', 'stop', 'delay-atl');
    await loop.fails(2, 'run.unknown', 'resume', 'delay-ord');
    await loop.fails(2, 'run.unknown', 'resume', 'delay-atl', '--run', '20010101-000000-00000000');
  });

  it('let Ctrl-C end the waiting and not the work, and say how to go on', async function () {
    if (process.platform === 'win32') this.skip();
    tune('delay-ord', 6);
    const running = loop.begin(['retrain', 'delay-ord', ...until]);
    await running.until(inTuning);
    running.child.kill('SIGINT');
    const answer = await running.answer;
    assert.equal(answer.code, 130);
    assert.match(answer.one('interrupted').message, /warmstart resume/);
    assert.deepEqual(answer.all('error'), []);
    const [job = ''] = await tuningJobs('delay-ord');
    assert.match(await statusOf(job), /InProgress|Completed/);
    const run = (await loop.done('resume', 'delay-ord')).one('retrain.done');
    assert.deepEqual([run.tuningJob, run.best?.succeeded], [job, 6]);
    assert.deepEqual(await counts('delay-ord'), { jobs: 1, versions: 1, tuningRows: 1, evaluationRows: 1 });
  });

  it('are driven by one process at a time, and stopped by any', async () => {
    tune('delay-dfw', 40);
    const running = loop.begin(['retrain', 'delay-dfw', ...until]);
    await running.until(inTuning);
    const held = await loop.fails(3, 'lease.held', 'resume', 'delay-dfw');
    assert.match(held.message, new RegExp(`process ${running.child.pid} on `));
    await loop.fails(3, 'lease.held', 'retrain', 'delay-dfw', ...until);

    const stopped = (await loop.done('stop', 'delay-dfw')).one('run.stopped');
    assert.equal(stopped.status, 'stopped');
    const driver = await running.answer;
    assert.deepEqual([driver.code, driver.one('error').code], [130, 'run.stopped']);
    const [job = ''] = await tuningJobs('delay-dfw');
    while ((await statusOf(job)) === 'Stopping') await sleep(50);
    assert.equal(await statusOf(job), 'Stopped');
    const [run] = await listRuns(await loop.store(), 'delay-dfw');
    assert.deepEqual([run?.status, run?.steps.register], ['stopped', undefined]);
    const refused = await loop.fails(3, 'run.stopped', 'resume', 'delay-dfw');
    assert.match(refused.remedy ?? '', /warmstart retrain delay-dfw/);
    await loop.done('stop', 'delay-dfw');
  });

  it('hear of being stopped before they start a tuning job', async () => {
    const scene = await loop.runScene();
    const { registry } = await loop.project();
    const before = await tuningJobs('delay-dfw');
    const model = modelOf(scene.project, 'delay-dfw');
    const attempt = retrain(
      {
        ...scene,
        // Asked for when the export begins: the moment at which somebody else stops the run.
        password: async () => {
          const [run] = await listRuns(scene.store, model.name);
          await stopRun(scene, run ?? assert.fail());
          return undefined;
        },
      },
      model,
      { testing: false, until: '2001-02-15' },
    );
    await assert.rejects(attempt, (e) => e instanceof WarmstartError && e.code === 'run.stopped');
    assert.deepEqual(await tuningJobs('delay-dfw'), before);
    const [run] = await listRuns(scene.store, model.name);
    assert.equal(run?.status, 'stopped');
    assert.deepEqual(await listSummaries(scene.session, groupArn(registry, 'flights-delay-dfw')), []);
  });
});
