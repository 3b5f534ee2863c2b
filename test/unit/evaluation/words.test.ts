import assert from 'node:assert/strict';
import { comparison, show } from '../../../src/evaluation/words';

describe('the comparison in words', () => {
  it('says which way, by how much, and in percent of the champion', () => {
    assert.equal(comparison('mae', 31.88, 32.3), 'better by 0.42 (1.3 %)');
    assert.equal(comparison('auc', 0.88, 0.9), 'worse by 0.02 (2.2 %)');
    assert.equal(comparison('mae', 1, 1), 'the same');
    assert.equal(comparison('mae', 1, 0), 'worse by 1');
    assert.equal(comparison('bias', 0.5, -0.7), 'closer to zero by 0.2');
    assert.equal(comparison('bias', 1, -0.7), 'farther from zero by 0.3');
    assert.equal(comparison('r2', -0.5, -1), 'better by 0.5 (50 %)');
    assert.equal(comparison('r2', Number.NaN, 1), 'cannot be compared');
    assert.equal(comparison('mae', 31.88, 32.3, 'min'), 'better by 0.42 min (1.3 %)');
    assert.equal(comparison('bias', 0.5, -0.7, 'min'), 'closer to zero by 0.2 min');
  });

  it('shows numbers with four significant digits and whole ones in full', () => {
    assert.deepEqual(
      [1.23456, 1234567, 0.000012346, 0, -2.5, Number.NaN].map((x) => show(x)),
      ['1.235', '1234567', '0.00001235', '0', '-2.5', 'unknown'],
    );
  });
});
