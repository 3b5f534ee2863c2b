import assert from 'node:assert/strict';
import { checkGates } from '../../../src/evaluation/gates';
import type { Gate } from '../../../src/project/schema';

function check(gate: Gate, candidate: Record<string, number>, champion: Record<string, number> | null) {
  return checkGates([gate], candidate, champion)[0]!;
}

describe('gates', () => {
  it('let a metric get worse by so many percent of the champion and no more', () => {
    const gate = { metric: 'rmse', maxRegressionPercent: 2 };
    assert.equal(check(gate, { rmse: 10.2 }, { rmse: 10 }).passed, true);
    assert.equal(check(gate, { rmse: 10.21 }, { rmse: 10 }).passed, false);
    assert.equal(check(gate, { rmse: 5 }, { rmse: 10 }).passed, true);
  });

  it('know which direction is worse', () => {
    const gate = { metric: 'auc', maxRegressionPercent: 1 };
    assert.equal(check(gate, { auc: 0.95 }, { auc: 0.9 }).passed, true);
    assert.equal(check(gate, { auc: 0.88 }, { auc: 0.9 }).passed, false);
    assert.equal(check({ metric: 'bias', maxRegression: 0.5 }, { bias: -1.4 }, { bias: 1 }).passed, true);
    assert.equal(check({ metric: 'bias', maxRegression: 0.5 }, { bias: -1.6 }, { bias: 1 }).passed, false);
  });

  it('compare in percent of the size of a negative value', () => {
    const gate = { metric: 'r2', maxRegressionPercent: 10 };
    assert.equal(check(gate, { r2: -1.05 }, { r2: -1 }).passed, true);
    assert.equal(check(gate, { r2: -1.2 }, { r2: -1 }).passed, false);
  });

  it('are not undone by binary fractions: exactly two percent is two percent', () => {
    for (const champion of [1, 0.1, 3, 7, 1e9]) {
      assert.equal(
        check({ metric: 'mae', maxRegressionPercent: 2 }, { mae: champion * 1.02 }, { mae: champion }).passed,
        true,
      );
    }
  });

  it('hold absolute limits, all of them', () => {
    const gate = { metric: 'mae', min: 1, max: 5, maxRegression: 0.5 };
    assert.equal(check(gate, { mae: 4 }, { mae: 3.8 }).passed, true);
    assert.equal(check(gate, { mae: 0.5 }, { mae: 3.8 }).passed, false);
    assert.equal(check(gate, { mae: 5.1 }, { mae: 5 }).passed, false);
    assert.equal(check(gate, { mae: 4.5 }, { mae: 3.8 }).passed, false);
  });

  it('compare with nothing while nothing serves, but still hold absolute limits', () => {
    const regression = check({ metric: 'rmse', maxRegressionPercent: 2 }, { rmse: 10 }, null);
    assert.equal(regression.passed, true);
    assert.match(regression.reason, /nothing serves yet/);
    assert.equal(regression.champion, null);
    assert.equal(
      check({ metric: 'rmse', max: 9, maxRegressionPercent: 2 }, { rmse: 10 }, null).passed,
      false,
    );
  });

  it('fail when the candidate lacks the metric or does not know it', () => {
    for (const metrics of [{}, { auc: Number.NaN }] as Record<string, number>[]) {
      const result = check({ metric: 'auc', min: 0.5 }, metrics, { auc: 0.9 });
      assert.deepEqual([result.passed, result.candidate], [false, null]);
      assert.match(result.reason, /candidate has no auc/);
    }
    assert.equal(check({ metric: 'no-such-metric', max: 1 }, { auc: 1 }, null).passed, false);
  });

  it('fail a comparison with a champion that serves but was not measured', () => {
    for (const champion of [{}, { rmse: Number.NaN }] as Record<string, number>[]) {
      const result = check({ metric: 'rmse', maxRegression: 1 }, { rmse: 10 }, champion);
      assert.equal(result.passed, false);
      assert.match(result.reason, /champion has no rmse/);
    }
    assert.equal(check({ metric: 'rmse', max: 11 }, { rmse: 10 }, {}).passed, true);
  });

  it('say what was asked and what was found', () => {
    assert.equal(
      check({ metric: 'rmse', maxRegressionPercent: 2 }, { rmse: 10.5 }, { rmse: 10 }).reason,
      "rmse is 10.5 against the champion's 10, worse by 0.5 (5 %), but at most 2 % worse is allowed.",
    );
    assert.equal(
      check({ metric: 'auc', min: 0.8 }, { auc: 0.75 }, null).reason,
      'auc is 0.75, but it must be at least 0.8.',
    );
    assert.equal(
      check({ metric: 'auc', min: 0.7 }, { auc: 0.75 }, null).reason,
      'auc is 0.75, as asked at least 0.7.',
    );
  });

  it('that set no limit pass and say so', () => {
    const result = check({ metric: 'mae' }, { mae: 1 }, { mae: 2 });
    assert.deepEqual([result.passed, result.reason], [true, 'mae is 1; the gate sets no limit.']);
  });
});
