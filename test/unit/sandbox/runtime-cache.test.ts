import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LruCache } from '../../../src/sandbox/runtime/model-cache';
import { memoryOf, quotaOf } from '../../../src/sandbox/sagemaker/instances';

describe('sandbox model cache', () => {
  it('makes room by what was unused for longest', () => {
    const evicted: string[] = [];
    const cache = new LruCache<string>(10, (key) => evicted.push(key));
    cache.set('a', 'A', 4);
    cache.set('b', 'B', 4);
    assert.equal(cache.get('a'), 'A');
    cache.set('c', 'C', 4);
    assert.deepEqual(evicted, ['b']);
    assert.equal(cache.get('b'), undefined);
    assert.equal(cache.size, 2);
  });

  it('never holds more than its capacity, except for a single value that is larger', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 12 })));
    fc.assert(
      fc.property(steps, (sets) => {
        const sizes = new Map<string, number>();
        const cache = new LruCache<number>(10, (key) => sizes.delete(key));
        for (const [key, size] of sets) {
          cache.set(key, size, size);
          sizes.set(key, size);
          const used = [...sizes.values()].reduce((sum, each) => sum + each, 0);
          assert.ok(used <= 10 || sizes.size === 1);
          assert.equal(cache.size, sizes.size);
        }
      }),
    );
  });

  it('knows the memory and the quota of instance types', () => {
    const gib = (type: string) => memoryOf(type) / 1024 ** 3;
    assert.deepEqual(
      ['ml.t2.medium', 'ml.m5.large', 'ml.m5.4xlarge', 'ml.c5.xlarge', 'ml.r5.large'].map(gib),
      [4, 8, 64, 8, 16],
    );
    assert.equal(quotaOf('ml.p4d.24xlarge'), 0);
    assert.ok(quotaOf('ml.m5.large') > 0);
  });
});
