import assert from 'node:assert/strict';
import { runEvent } from '../../../src/cli/commands/runs';
import { newRun, type RunRecord } from '../../../src/runs/record';

const now = new Date('2026-11-22T15:30:01.234Z');
const fresh = (): RunRecord =>
  newRun(
    { name: 'delay-atl', layer: 'flights' },
    { testing: false, window: { from: '2001-01-01', until: '2001-02-01' } },
    now,
  );

describe('A run as programs see it', () => {
  it('has every member from the beginning, null where nothing is known', () => {
    const { runId, ...event } = runEvent(fresh()) as Record<string, unknown>;
    assert.match(String(runId), /^20261122-153001-[0-9a-f]{8}$/);
    assert.deepEqual(event, {
      model: 'delay-atl',
      status: 'running',
      step: 'export',
      testing: false,
      window: { from: '2001-01-01', until: '2001-02-01' },
      tuningJob: null,
      parents: [],
      refused: [],
      coldStartReason: null,
      best: null,
      metrics: null,
      championMetrics: null,
      gatesPassed: null,
      packageArn: null,
      version: null,
    });
  });

  it('stands at the first step that is not done', () => {
    const run = fresh();
    const startedAt = now.toISOString();
    run.steps.export = { status: 'done', startedAt };
    run.steps.tune = { status: 'failed', startedAt };
    assert.equal((runEvent(run) as { step: string }).step, 'tune');
  });

  it('of which nothing new came is done, though it skipped evaluation and registration', () => {
    const run = fresh();
    const startedAt = now.toISOString();
    run.status = 'completed';
    run.steps.export = { status: 'done', startedAt };
    run.steps.tune = { status: 'done', startedAt };
    run.steps.record = { status: 'done', startedAt };
    assert.equal((runEvent(run) as { step: string }).step, 'done');
  });
});
