import assert from 'node:assert/strict';
import { Reader } from '../../../src/comparison/reader';
import { Cancelled, WarmstartError } from '../../../src/errors';
import { isUnreachable } from '../../../src/runs/champion';
import { quietTask, sleep } from '../../../src/task';

type Scene = ConstructorParameters<typeof Reader>[0];

/** What is read here touches no account. */
function reader(signal?: AbortSignal): Reader {
  const none = { project: {}, session: {}, store: {}, sessionOf: assert.fail };
  return new Reader({ ...none, task: quietTask(signal) } as object as Scene);
}

describe('reading for a comparison', () => {
  it('makes eight calls at a time and answers them all', async () => {
    const { read } = bound(reader());
    let now = 0;
    let most = 0;
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        read(async () => {
          most = Math.max(most, ++now);
          await sleep(2);
          now--;
          return i;
        }),
      ),
    );
    assert.deepEqual(
      answers,
      Array.from({ length: 40 }, (_, i) => i),
    );
    assert.equal(most, 8);
  });

  it('goes on after failures, and notes those that can be lived with', async () => {
    const notes: string[] = [];
    const made = reader();
    for (let i = 0; i < 20; i++) {
      const fail = () => Promise.reject(new WarmstartError('aws.not-found', 'It is gone.'));
      assert.equal(await made.attempt(notes, 'The dataset', fail), null);
    }
    assert.deepEqual([...new Set(notes)], ['The dataset could not be read: It is gone.']);
    // Of another bundle, whose class is another one.
    const foreign = Object.assign(new Error('No profile.'), { code: 'connection.no-profile', kind: 'usage' });
    assert.equal(await made.attempt(notes, 'It', () => Promise.reject(foreign)), null);
    assert.ok(isUnreachable(foreign));
    await assert.rejects(
      made.attempt(notes, 'It', () => Promise.reject(new TypeError('a fault of ours'))),
      TypeError,
    );
  });

  it('says once that something could not be read', async () => {
    const notes: string[] = [];
    const made = reader();
    for (const message of [
      'The evaluation cannot be read: it is not JSON.',
      'The history of evaluations cannot be read: the file is empty.',
      's3://b/k is not JSON: what cannot be read: x.',
    ])
      await made.attempt(notes, 'It', () => Promise.reject(new WarmstartError('x.y', message)));
    assert.deepEqual(notes, [
      'It could not be read: it is not JSON.',
      'It could not be read: the file is empty.',
      'It could not be read: s3://b/k is not JSON: what cannot be read: x.',
    ]);
  });

  it('ends at once when it is cancelled, whatever is under way, and begins nothing more', async () => {
    const abort = new AbortController();
    const made = reader(abort.signal);
    const notes: string[] = [];
    const hanging = Array.from({ length: 10 }, () => made.attempt(notes, 'It', () => new Promise(() => {})));
    abort.abort();
    for (const each of await Promise.allSettled(hanging))
      assert.ok(each.status === 'rejected' && each.reason instanceof Cancelled);
    await assert.rejects(
      made.read(() => assert.fail('it was called')),
      Cancelled,
    );
    assert.deepEqual(notes, []);
  });
});

function bound(made: Reader): { read: Reader['read'] } {
  return { read: (call) => made.read(call) };
}
