import assert from 'node:assert/strict';
import { differenceSteps, differences } from '../../src/evaluation/bootstrap';
import { finish, inSlices, type Steps } from '../../src/steps';
import { predictions, regressionLabels, regressionPredictions } from './evaluation/examples';

function* busy(steps: number, milliseconds: number): Steps<number> {
  for (let i = 0; i < steps; i++) {
    yield;
    const until = performance.now() + milliseconds;
    while (performance.now() < until);
  }
  return steps;
}

describe('a computation in steps', () => {
  it('has the same result at a stretch and in slices', async () => {
    const scored = (shift: number) => ({
      predictions: predictions(regressionPredictions.map((p) => p + shift)),
      metrics: { mae: shift, rmse: shift },
    });
    const request = ['regression', regressionLabels, scored(0), scored(2), { seed: 7 }] as const;
    assert.deepEqual(await inSlices(differenceSteps(...request), 1), differences(...request));
    assert.equal(finish(busy(3, 0)), 3);
  });

  it('leaves room for everything else between slices', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await inSlices(busy(50, 2), 10);
    clearInterval(timer);
    assert.ok(turns >= 5, `${turns} turns of the event loop`);
  });

  it('fails as it would at a stretch', async () => {
    function* failing(): Steps<void> {
      yield;
      throw new Error('no');
    }
    assert.throws(() => finish(failing()), /no/);
    await assert.rejects(inSlices(failing()), /no/);
  });
});
