import assert from 'node:assert/strict';
import { mutated, outcomeOf, randomOf, seeds, someRows } from './mutations';

const MUTATIONS = 4000;

describe('broken models', () => {
  it(`are refused by name or still score, quickly: ${MUTATIONS} mutations over all formats`, () => {
    const random = randomOf(20260112);
    const files = seeds();
    let slowest = 0;
    const outcomes = new Map<string, number>();
    for (let i = 0; i < MUTATIONS; i++) {
      const { name, bytes } = files[i % files.length]!;
      const broken = mutated(bytes, random);
      const start = performance.now();
      let outcome = '';
      assert.doesNotThrow(() => {
        outcome = outcomeOf(broken, someRows);
      }, `mutation ${i} of ${name}`);
      slowest = Math.max(slowest, performance.now() - start);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    assert.ok(slowest < 1000, `the slowest took ${slowest} ms`);
    assert.ok((outcomes.get('xgboost.malformed') ?? 0) > MUTATIONS / 5);
    assert.ok((outcomes.get('read') ?? 0) > MUTATIONS / 20);
  });
});
