import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { createTrainingPool, type TrainingPool } from '../../../src/sandbox/training/pool';
import { train } from '../../../src/sandbox/training/train';
import { noisyData } from './training-data';

describe('The training pool', () => {
  const request = {
    version: '1.7-1',
    train: noisyData(500),
    validation: noisyData(200, 2),
    hyperparameters: { num_round: '30' },
  };
  const endless = { ...request, hyperparameters: { num_round: '1000000' } };
  let directory: string;
  let pool: TrainingPool;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'warmstart-training-'));
    const entryPoints = [join(__dirname, '../../../src/sandbox/training/worker.ts')];
    await build({
      entryPoints,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outdir: directory,
      logLevel: 'silent',
    });
    pool = createTrainingPool({ workers: 2, workerFile: join(directory, 'worker.js') });
  });

  after(async () => {
    await pool.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('gives the result that training here gives, for more jobs than threads', async () => {
    const here = train(request);
    const results = await Promise.all(Array.from({ length: 5 }, () => pool.train(request)));
    for (const result of results) assert.deepEqual(result, here);
    assert.equal(request.train.labels.length, 500, 'the data stays usable');
  });

  it('tells the metrics of every round, in order', async () => {
    const rounds: number[] = [];
    const errors: number[] = [];
    const { history } = await pool.train(request, (round, metrics) => {
      rounds.push(round);
      errors.push(metrics['validation:rmse']!);
    });
    assert.deepEqual(
      rounds,
      Array.from({ length: 30 }, (_, i) => i),
    );
    assert.deepEqual(errors, history['validation:rmse']);
  });

  it('stops where the caller says, to the round, however far the thread has got', async () => {
    for (const last of [0, 4, 28]) {
      const stopped = await pool.train({ ...request, stop: (round) => round === last });
      const { num_round: _, ...rest } = request.hyperparameters;
      const exact = train({ ...request, hyperparameters: { ...rest, num_round: String(last + 1) } });
      assert.deepEqual(stopped, exact);
    }
    const { rounds } = await pool.train({ ...endless, stop: (round) => round === 20 });
    assert.equal(rounds, 21);
  });

  it('passes errors on as they were thrown', async () => {
    const wrong = { ...request, hyperparameters: { num_round: '0' } };
    await assert.rejects(pool.train(wrong), {
      name: 'WarmstartError',
      code: 'training.client-error',
      message: 'ClientError: Hyperparameter num_round: value 0 not in range [1, +inf)',
      kind: 'usage',
    });
    assert.equal((await pool.train(request)).rounds, 30, 'the thread goes on');
  });

  it('rejects unfinished jobs when it is closed', async () => {
    const closing = createTrainingPool({ workers: 1, workerFile: join(directory, 'worker.js') });
    let start = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      start = resolve;
    });
    const jobs = [closing.train(endless, () => start()), closing.train(endless)];
    const ends = jobs.map((job) => assert.rejects(job, { code: 'cancelled' }));
    await started;
    await closing.close();
    await Promise.all(ends);
    await assert.rejects(closing.train(request), { code: 'cancelled' });
  });

  it('reports a thread that dies', async () => {
    const file = join(directory, 'dying.js');
    writeFileSync(file, "require('node:worker_threads').parentPort.on('message', () => process.exit(3));");
    const dying = createTrainingPool({ workers: 1, workerFile: file });
    await assert.rejects(dying.train(request), { code: 'training.worker-died' });
    await dying.close();
  });
});
