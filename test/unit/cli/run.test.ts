import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { tolerateClosedPipes } from '../../../src/cli/closed-pipe';
import type { Context } from '../../../src/cli/context';
import { runner } from '../../../src/cli/run';
import { Cancelled, type ErrorKind, WarmstartError } from '../../../src/errors';

describe('The end of a command', () => {
  /** Runs a command whose action is `work`: its exit code and what it printed. */
  async function endOf(
    work: (context: Context) => Promise<void>,
    interrupted?: string,
  ): Promise<{ code: number | undefined; events: Record<string, unknown>[] }> {
    const program = new Command('warmstart').option('--json').exitOverride();
    program.command('try').action(runner(program)(work, interrupted));
    const { write } = process.stdout;
    const before = process.exitCode;
    let text = '';
    process.exitCode = undefined;
    process.stdout.write = (part: string | Uint8Array) => {
      text += part;
      return true;
    };
    try {
      await program.parseAsync(['node', 'warmstart', '--json', 'try']);
      const code = process.exitCode as number | undefined;
      return {
        code,
        events: text.trim()
          ? text
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line))
          : [],
      };
    } finally {
      process.stdout.write = write;
      process.exitCode = before;
    }
  }

  const throwing = (error: unknown) => async () => {
    throw error;
  };

  it('leaves the exit code alone when all is well', async () => {
    assert.deepEqual(await endOf(async () => {}), { code: undefined, events: [] });
  });

  for (const [kind, code] of [
    ['failed', 1],
    ['usage', 2],
    ['refused', 3],
    ['cancelled', 130],
  ] as [ErrorKind, number][]) {
    it(`is exit code ${code} for an error that is ${kind}, which is told once`, async () => {
      const end = await endOf(throwing(new WarmstartError('x.y', 'No.', { kind, remedy: 'Do it.' })));
      assert.deepEqual(end, {
        code,
        events: [{ event: 'error', code: 'x.y', kind, message: 'No.', remedy: 'Do it.' }],
      });
    });
  }

  it('is 130 when it was interrupted, with how to go on, and no error', async () => {
    const plain = await endOf(throwing(new Cancelled()));
    assert.deepEqual(plain, { code: 130, events: [{ event: 'interrupted', message: 'Interrupted.' }] });
    const hinted = await endOf(throwing(new Cancelled()), 'Go on with resume.');
    assert.deepEqual(hinted.events, [{ event: 'interrupted', message: 'Go on with resume.' }]);
    const own = await endOf(throwing(new Cancelled('Go on with --resume 1.')), 'Go on with resume.');
    assert.deepEqual(own.events, [{ event: 'interrupted', message: 'Go on with --resume 1.' }]);
  });

  for (const code of ['EPIPE', 'EOF']) {
    it(`is as by Ctrl-C when nobody reads any more (${code})`, async () => {
      const end = await endOf(async ({ task }) => {
        process.stdout.once('error', () => undefined);
        process.stdout.emit('error', Object.assign(new Error(`write ${code}`), { code }));
        assert.ok(task.signal.aborted);
        throw new Cancelled();
      });
      assert.equal(end.code, 130);
    });
  }

  it('is not changed by another failure of the output, which is told by whoever listens', async () => {
    await endOf(async ({ task }) => {
      process.stdout.once('error', () => undefined);
      process.stdout.emit('error', Object.assign(new Error('disk full'), { code: 'ENOSPC' }));
      assert.ok(!task.signal.aborted);
    });
    const stream = new PassThrough();
    tolerateClosedPipes([stream]);
    stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    assert.throws(() => stream.emit('error', new Error('disk full')), /disk full/);
  });

  it('owns up to a fault of its own', async () => {
    const { code, events } = await endOf(throwing(new TypeError('x is not a function')));
    assert.deepEqual([code, events[0]?.code, events[0]?.message], [1, 'internal', 'x is not a function']);
  });

  it('leaves no listener behind', async () => {
    const count = () => [process.listenerCount('SIGINT'), process.stdout.listenerCount('error')];
    const before = count();
    await endOf(throwing(new Cancelled()));
    assert.deepEqual(count(), before);
  });
});
