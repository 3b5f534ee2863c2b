import assert from 'node:assert/strict';
import { collect, type Page, pages } from '../../../src/aws/pages';
import { pauseAfter, waitFor } from '../../../src/aws/wait';
import { Cancelled, WarmstartError } from '../../../src/errors';
import { type Progress, quietTask } from '../../../src/task';

const options = { what: 'the job to end', deadlineSeconds: 10 };

describe('waiting', () => {
  it('answers the value that was waited for, and reports news once', async () => {
    const news: Progress[] = [];
    const task = { ...quietTask(), report: (p: Progress) => void news.push(p) };
    const states = ['Updating', 'Updating', 'InService'];
    const value = await waitFor(
      task,
      async () => states.shift(),
      (s) => s === 'InService' || `it is ${s}`,
      { ...options, step: 'update', maxSeconds: 0.01 },
    );
    assert.equal(value, 'InService');
    assert.deepEqual(news, [{ step: 'update', message: 'it is Updating' }]);
  });

  it('looks often at first, and ever more seldom, never less than every 30 s', () => {
    const steady = () => 0.5;
    assert.deepEqual(
      [0, 1, 4, 60, 10_000].map((elapsed) => pauseAfter(elapsed, undefined, steady)),
      [0.25, 0.25, 1, 15, 30],
    );
    assert.equal(pauseAfter(10_000, 60, steady), 60);
    assert.ok(pauseAfter(4, undefined, () => 0) < pauseAfter(4, undefined, () => 1));
  });

  it('gives up at the deadline and says how to go on', async () => {
    const wait = waitFor(
      quietTask(),
      async () => 1,
      () => 'still 1',
      {
        what: 'the job to end',
        deadlineSeconds: 0.05,
        resume: 'Run warmstart resume x.',
      },
    );
    await assert.rejects(wait, (error: unknown) => {
      assert.ok(error instanceof WarmstartError);
      assert.equal(error.code, 'wait.deadline');
      assert.match(error.message, /the job to end.*still 1/);
      assert.equal(error.remedy, 'Run warmstart resume x.');
      return true;
    });
  });

  it('stops at once when cancelled, while pausing and while looking', async () => {
    for (const look of [async () => 1, () => new Promise<number>(() => {})]) {
      const controller = new AbortController();
      const started = performance.now();
      setTimeout(() => controller.abort(), 20);
      await assert.rejects(
        waitFor(quietTask(controller.signal), look, () => false, options),
        Cancelled,
      );
      assert.ok(performance.now() - started < 200);
    }
    await assert.rejects(
      waitFor(
        quietTask(AbortSignal.abort()),
        async () => 1,
        () => true,
        options,
      ),
      Cancelled,
    );
  });

  it('bears a few transient failures in a row, not many, and no other failure', async () => {
    const throttled = () =>
      Promise.reject(Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' }));
    let looks = 0;
    const quick = { ...options, maxSeconds: 0.001 };
    assert.equal(
      await waitFor(
        quietTask(),
        () => (++looks <= 5 ? throttled() : Promise.resolve(looks)),
        () => true,
        quick,
      ),
      6,
    );
    await assert.rejects(
      waitFor(quietTask(), throttled, () => true, quick),
      /Rate exceeded/,
    );
    looks = 0;
    await assert.rejects(
      waitFor(
        quietTask(),
        () => Promise.reject(new Error(`look ${++looks}`)),
        () => true,
        quick,
      ),
      /look 1/,
    );
  });
});

describe('paging', () => {
  const book: Record<string, Page<number>> = {
    first: { items: [1, 2], next: 'empty' },
    empty: { items: [], next: 'last' },
    last: { items: [3], next: '' },
  };
  let fetched: string[] = [];
  const read = async (token = 'first') => {
    fetched.push(token);
    return book[token] ?? { items: [] };
  };
  beforeEach(() => {
    fetched = [];
  });

  it('goes on after an empty page and ends at an empty token', async () => {
    assert.deepEqual(await collect(pages(read)), [1, 2, 3]);
    assert.deepEqual(fetched, ['first', 'empty', 'last']);
  });

  it('fetches no more than it is asked for', async () => {
    assert.deepEqual(await collect(pages(read), 2), [1, 2]);
    assert.deepEqual(fetched, ['first']);
    assert.deepEqual(await collect(pages(read), 0), []);
  });
});
