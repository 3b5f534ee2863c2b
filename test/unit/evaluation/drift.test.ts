import assert from 'node:assert/strict';
import fc from 'fast-check';
import { drift, levelOf, stabilityIndex } from '../../../src/evaluation/drift';
import type { ColumnProfile } from '../../../src/warehouse/dataset';
import { ColumnProfiler } from '../../../src/warehouse/profile';
import { dataset, profile } from './examples';

function profiled(values: (number | null)[]): ColumnProfile {
  const profiler = new ColumnProfiler('x');
  for (const value of values) {
    if (value === null) profiler.missing();
    else profiler.add(value);
  }
  return profiler.profile();
}

const even = (n: number, from: number, to: number) =>
  Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));
const values = fc.array(
  fc.option(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: -100, max: 100, noNaN: true })), {
    freq: 6,
  }),
  { minLength: 1, maxLength: 200 },
);

describe('the population stability index', () => {
  it('follows the textbook: shares 0.5/0.5 that become 0.7/0.3', () => {
    const before = profile('x', [
      [0, 50],
      [1, 50],
    ]);
    const after = profile('x', [
      [0, 70],
      [1, 30],
    ]);
    const expected = 0.2 * Math.log(0.7 / 0.5) + -0.2 * Math.log(0.3 / 0.5);
    assert.ok(Math.abs(stabilityIndex(after, before) - expected) < 1e-12);
  });

  it('counts missing values as a bin of their own', () => {
    const before = profile('x', [[0, 100]]);
    const after = profile('x', [[0, 80]], 20);
    const expected = (0.2 - 1e-4) * Math.log(0.2 / 1e-4) + (0.8 - 1) * Math.log(0.8 / 1);
    assert.ok(Math.abs(stabilityIndex(after, before) - expected) < 1e-12);
  });

  it('counts values that the champion never had as one bin', () => {
    const before = profile('x', [[0, 100]]);
    const after = profile('x', [
      [0, 50],
      [7, 25],
      [8, 25],
    ]);
    const expected = (0.5 - 1) * Math.log(0.5) + (0.5 - 1e-4) * Math.log(0.5 / 1e-4);
    assert.ok(Math.abs(stabilityIndex(after, before) - expected) < 1e-12);
  });

  it('sees a shift of a continuous feature about as a direct count does', () => {
    const before = even(5000, 0, 100);
    const after = even(5000, 10, 110);
    // Tenths of 0 … 100: the first is empty now, those between keep 10 %, the last holds 20 %.
    const expected = (1e-4 - 0.1) * Math.log(1e-4 / 0.1) + (0.2 - 0.1) * Math.log(0.2 / 0.1);
    assert.ok(Math.abs(stabilityIndex(profiled(after), profiled(before)) - expected) < 0.02);
  });

  it('keeps a value that fills several tenths in one bin', () => {
    const before = profiled([...new Array(700).fill(0), ...even(300, 1, 100)]);
    const after = profiled([...new Array(400).fill(0), ...even(600, 1, 100)]);
    const half = (0.4 - 0.7) * Math.log(0.4 / 0.7);
    const psi = stabilityIndex(after, before);
    assert.ok(psi > half && psi < half + 0.35, String(psi));
    assert.equal(levelOf(psi), 'strong');
  });

  it('compares exact counts with percentiles, either way round', () => {
    const few = profiled(Array.from({ length: 1000 }, (_, i) => i % 40));
    const many = profiled(even(1000, 0, 39.9));
    assert.ok(stabilityIndex(few, many) < 0.05, String(stabilityIndex(few, many)));
    assert.ok(stabilityIndex(many, few) < 0.05, String(stabilityIndex(many, few)));
  });

  it('is 0 for a column and itself, and never negative or unknown', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        assert.equal(stabilityIndex(profiled(a), profiled(a)), 0);
        assert.ok(stabilityIndex(profiled(a), profiled(b)) >= 0);
      }),
    );
  });

  it('is finite for columns that are missing altogether', () => {
    const nothing = profiled([null, null]);
    assert.equal(stabilityIndex(nothing, nothing), 0);
    assert.ok(stabilityIndex(nothing, profiled(even(100, 0, 1))) > 0.25);
    assert.ok(stabilityIndex(profiled(even(100, 0, 1)), nothing) > 0.25);
  });

  it('reads as is customary', () => {
    assert.deepEqual([0, 0.0999, 0.1, 0.2499, 0.25].map(levelOf), [
      'none',
      'none',
      'moderate',
      'moderate',
      'strong',
    ]);
  });
});

describe('drift between two datasets', () => {
  it('covers the columns that both have, label included, in the order of the candidate', () => {
    const now = dataset(['delay', 'wind', 'hour', 'gate']);
    const then = dataset(['delay', 'hour', 'wind', 'runway']);
    assert.deepEqual(
      drift(now, then).map((d) => [d.feature, d.psi, d.level]),
      [
        ['delay', 0, 'none'],
        ['wind', 0, 'none'],
        ['hour', 0, 'none'],
      ],
    );
  });
});
