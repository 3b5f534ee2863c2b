import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sortSteps } from '../../../src/evaluation/sort';
import { finish } from '../../../src/steps';

describe('sorting in steps', () => {
  it('gives what a typed array gives that sorts itself, in parts of any size', () => {
    const values = fc.oneof(
      fc.float64Array({ maxLength: 40 }),
      fc
        .array(fc.constantFrom(1, 2, Number.NaN, Number.POSITIVE_INFINITY), { maxLength: 40 })
        .map((all) => Float64Array.from(all)),
    );
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 12 }), (array, part) => {
        // Which of two zeros comes first is all the same.
        const unsigned = array.map((value) => value + 0);
        assert.deepEqual(finish(sortSteps(unsigned.slice(), part)), unsigned.toSorted());
      }),
      { numRuns: 1000 },
    );
  });

  it('takes a step for each part, and never more than a part at a time', () => {
    const steps = sortSteps(
      Float32Array.from({ length: 1000 }, (_, i) => -i),
      100,
    );
    let count = 0;
    while (!steps.next().done) count++;
    assert.equal(count, 10 + 4 * 10);
  });
});
