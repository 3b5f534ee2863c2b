import assert from 'node:assert/strict';
import fc from 'fast-check';
import { newRun, newRunId, resultOf, runKey, runStopped } from '../../../src/runs/record';
import { tuningJobName } from '../../../src/tuning/definition';

const run = () =>
  newRun(
    { name: 'delay-atl', layer: 'flights' },
    { testing: true, window: { from: '2001-01-01', until: '2001-02-01' } },
    new Date('2026-11-22T15:30:01.999Z'),
  );

describe('The record of a run', () => {
  it('is named by its time in UTC and something random, so that names sort as runs began', () => {
    assert.equal(newRunId(new Date('2026-11-22T15:30:01.999Z'), 'ab12cd34'), '20261122-153001-ab12cd34');
    const at = fc.date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(at, at, (a, b) => {
        const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
        if (seconds(a) < seconds(b)) assert.ok(newRunId(a) < newRunId(b));
      }),
    );
  });

  it('gives its tuning job one name for every attempt, and another run another', () => {
    const model = { name: 'delay-atl', layer: 'flights' };
    const { runId } = run();
    assert.equal(tuningJobName(model, runId), tuningJobName(model, runId));
    assert.notEqual(tuningJobName(model, runId), tuningJobName(model, `${runId}0`));
    assert.ok(tuningJobName({ ...model, name: 'x'.repeat(41) }, runId).length <= 32);
  });

  it('begins with nothing done', () => {
    const { status, testing, steps, startedAt, updatedAt } = run();
    assert.deepEqual([status, testing, steps, startedAt === updatedAt], ['running', true, {}, true]);
    assert.equal(runKey('delay-atl', 'r'), 'warmstart/runs/delay-atl/r.json');
  });

  it('answers the result of a step, and says which run is broken where there is none', () => {
    const record = run();
    const result = { packageArn: 'arn', version: 3 };
    record.steps.register = { status: 'done', startedAt: record.startedAt, result };
    assert.equal(resultOf(record, 'register'), result);
    assert.throws(() => resultOf(record, 'tune'), { code: 'run.broken', message: new RegExp(record.runId) });
  });

  it('of a stopped run refuses whoever resumes it and ends whoever drives it', () => {
    const kinds = (['refused', 'cancelled'] as const).map((kind) => runStopped(run(), kind));
    assert.deepEqual(
      kinds.map(({ code, kind }) => [code, kind]),
      [
        ['run.stopped', 'refused'],
        ['run.stopped', 'cancelled'],
      ],
    );
    assert.match(kinds[0]?.remedy ?? '', /warmstart retrain delay-atl/);
  });
});
