import assert from 'node:assert/strict';
import { ended, newsLine, type Operation, withProgress } from '../../../src/vscode/activity/entry';
import {
  isResumableRun,
  isStoppableRun,
  standingOfRelease,
  standingOfRun,
} from '../../../src/vscode/activity/standing';
import { throttle } from '../../../src/vscode/activity/throttle';
import { activity as activityNode } from './trees-fixtures';

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 12, 0, second));
const retraining: Operation = { kind: 'retrain', model: 'delay-ord', runId: null };
const entry = (operation: Operation | null = retraining) =>
  activityNode({ kind: 'retrain', subject: 'delay-ord', operation, startedAt: at(0).toISOString() }).entry;

describe('an activity', () => {
  it('has a step for each in turn, with its times and latest news', () => {
    let now = withProgress(entry(), { step: 'export', message: 'query' }, at(1));
    now = withProgress(now, { step: 'export', message: '100 rows' }, at(2));
    now = withProgress(now, { step: 'tune', message: '1 of 6', done: 1, total: 6 }, at(5));
    assert.deepEqual(now.steps, [
      {
        name: 'export',
        message: '100 rows',
        startedAt: at(1).toISOString(),
        finishedAt: at(5).toISOString(),
        done: null,
        total: null,
      },
      {
        name: 'tune',
        message: '1 of 6',
        startedAt: at(5).toISOString(),
        finishedAt: null,
        done: 1,
        total: 6,
      },
    ]);
    assert.equal(now.message, '1 of 6');
  });

  it('begins a step anew when work comes back to it', () => {
    let now = withProgress(entry(), { step: 'update', message: 'there' }, at(1));
    now = withProgress(now, { step: 'verify', message: 'wrong' }, at(2));
    now = withProgress(now, { step: 'update', message: 'and back' }, at(3));
    assert.deepEqual(
      now.steps.map(({ name, finishedAt }) => [name, finishedAt !== null]),
      [
        ['update', true],
        ['verify', true],
        ['update', false],
      ],
    );
  });

  it('learns which run or release it drives from the first news', () => {
    const run = withProgress(
      entry(),
      { step: 'export', message: 'run r1', detail: { runId: 'r1', releaseId: 'no' } },
      at(1),
    );
    assert.deepEqual(run.operation, { ...retraining, runId: 'r1' });
    const releasing: Operation = {
      kind: 'release',
      environment: 'qa',
      endpoint: 'flights',
      releaseId: null,
    };
    const release = withProgress(
      entry(releasing),
      { step: 'copy', message: '…', detail: { releaseId: 'v1' } },
      at(1),
    );
    assert.deepEqual(release.operation, { ...releasing, releaseId: 'v1' });
    assert.equal(
      withProgress(entry(null), { step: 'x', message: '', detail: { runId: 'r' } }, at(1)).operation,
      null,
    );
  });

  it('keeps how it ended, and no step open', () => {
    const running = withProgress(entry(), { step: 'tune', message: 'waiting' }, at(1));
    const error = { code: 'aws.denied', message: 'no', remedy: null };
    const failed = ended(running, { status: 'failed', message: 'no', error }, at(9));
    assert.equal(failed.finishedAt, at(9).toISOString());
    assert.equal(failed.steps[0]?.finishedAt, at(9).toISOString());
    assert.deepEqual(failed.error, error);
    assert.equal(running.status, 'running', 'the entry before is left as it was');
  });

  it('says in a line whom the news is about and how far it is, once', () => {
    const news = { step: 'copy', message: 'copied', subject: 'delay-ord', done: 2, total: 3 };
    assert.equal(newsLine(news), 'delay-ord: copied (2 of 3)');
    assert.equal(
      newsLine({ ...news, message: '2 of 3 training jobs done' }),
      'delay-ord: 2 of 3 training jobs done',
    );
    assert.equal(newsLine({ step: 'x', message: 'alone' }), 'alone');
  });
});

describe('where a run stands', () => {
  const holder = { host: 'build-7', pid: 1, work: 'run r1', expiresAt: at(60).toISOString() };

  it('is told by its record and by who holds the lease', () => {
    const run = { runId: 'r1', status: 'running' as const };
    assert.equal(standingOfRun(run, holder), 'live');
    assert.equal(standingOfRun(run, undefined), 'interrupted');
    assert.equal(
      standingOfRun(run, { ...holder, work: 'run r2' }),
      'interrupted',
      'another run of the model',
    );
    assert.equal(standingOfRun({ ...run, status: 'failed' }, undefined), 'failed');
    assert.equal(standingOfRun({ ...run, status: 'failed' }, holder), 'live', 'it is being resumed');
    assert.equal(standingOfRun({ ...run, status: 'completed' }, holder), 'done');
    assert.equal(standingOfRun({ ...run, status: 'stopped' }, holder), 'stopped');
  });

  it('decides what can be done with it', () => {
    assert.deepEqual((['live', 'interrupted', 'failed', 'done', 'stopped'] as const).map(isResumableRun), [
      false,
      true,
      true,
      false,
      false,
    ]);
    assert.deepEqual((['live', 'interrupted', 'failed', 'done', 'stopped'] as const).map(isStoppableRun), [
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('is the same for a release', () => {
    assert.equal(standingOfRelease({ status: 'in-progress' }, holder), 'live');
    assert.equal(standingOfRelease({ status: 'in-progress' }, undefined), 'interrupted');
    assert.equal(standingOfRelease({ status: 'released' }, undefined), 'done');
    assert.equal(standingOfRelease({ status: 'rolled-back' }, undefined), 'failed');
  });
});

describe('throttling', () => {
  const pause = (milliseconds: number) => new Promise((wake) => setTimeout(wake, milliseconds));

  it('does the first at once, the latest after a while, and none of those between', async () => {
    const done: number[] = [];
    const throttled = throttle((n: number) => done.push(n), 20);
    for (const n of [1, 2, 3]) throttled(n);
    assert.deepEqual(done, [1]);
    await pause(60);
    assert.deepEqual(done, [1, 3]);
    await pause(30);
    throttled(4);
    assert.deepEqual(done, [1, 3, 4], 'after a silence it is the first again');
  });

  it('does what waits at once when flushed, and nothing twice', async () => {
    const done: number[] = [];
    const throttled = throttle((n: number) => done.push(n), 10);
    throttled(1);
    throttled(2);
    throttled.flush();
    throttled.flush();
    assert.deepEqual(done, [1, 2]);
    await pause(30);
    assert.deepEqual(done, [1, 2]);
  });
});
