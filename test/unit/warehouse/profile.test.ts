import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ColumnProfiler, percentilesOf } from '../../../src/warehouse/profile';

function profileOf(values: (number | undefined)[]) {
  const profiler = new ColumnProfiler('c');
  for (const value of values) value === undefined ? profiler.missing() : profiler.add(value);
  return profiler.profile();
}

const close = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not about ${expected}`);

describe('the profile of a column', () => {
  it('counts each of a few values, in ascending order', () => {
    assert.deepEqual(profileOf([5, -1, undefined, 5]), {
      name: 'c',
      rows: 4,
      missing: 1,
      min: -1,
      max: 5,
      mean: 3,
      stdev: Math.sqrt(12),
      values: [
        [-1, 1],
        [5, 2],
      ],
    });
  });

  it('gives counts up to 50 distinct values, and percentiles from 51 on', () => {
    const upTo = (n: number) => profileOf(Array.from({ length: n }, (_, i) => i));
    assert.equal(upTo(50).values?.length, 50);
    assert.equal(upTo(50).percentiles, undefined);
    assert.equal(upTo(51).values, undefined);
    assert.deepEqual(
      upTo(101).percentiles,
      Array.from({ length: 101 }, (_, i) => i),
    );
  });

  it('has zeros when every value is missing', () => {
    assert.deepEqual(profileOf([undefined, undefined]), {
      name: 'c',
      rows: 2,
      missing: 2,
      min: 0,
      max: 0,
      mean: 0,
      stdev: 0,
      values: [],
    });
  });

  it('agrees with two passes over the values', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 2 }), (values) => {
        const { mean, stdev, min, max } = profileOf(values);
        const expected = values.reduce((a, b) => a + b) / values.length;
        const variance = values.reduce((sum, v) => sum + (v - expected) ** 2, 0) / (values.length - 1);
        close(mean, expected, 1e-6);
        close(stdev, Math.sqrt(variance), 1e-6 * (1 + Math.sqrt(variance)));
        assert.equal(min, Math.min(...values));
        assert.equal(max, Math.max(...values));
      }),
    );
  });

  it('stays exact in the mean where a sum of squares would not', () => {
    const { stdev } = profileOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
    close(stdev, Math.sqrt(30), 1e-9);
  });

  it('knows the percentiles of many values to about a percentile', () => {
    const n = 300_000;
    // Sorted input is the hard case for a sample that must not prefer early values.
    const { percentiles, min, max } = profileOf(Array.from({ length: n }, (_, i) => i));
    assert.equal(percentiles?.[0], min);
    assert.equal(percentiles?.[100], max);
    for (const [percent, value] of percentiles!.entries()) close((100 * value) / n, percent, 1.7);
  });

  it('is the same in every run', () => {
    const values = Array.from({ length: 30_000 }, (_, i) => Math.sin(i));
    assert.deepEqual(profileOf(values), profileOf(values));
  });

  it('interpolates between ranks', () => {
    assert.equal(percentilesOf(Float64Array.from([0, 10]))[25], 2.5);
  });
});
