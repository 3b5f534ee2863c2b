import assert from 'node:assert/strict';
import { expf, logf } from '../../../src/xgboost/expf';

const { fround } = Math;

describe('expf and logf', () => {
  it('are glibc’s, to the last bit', () => {
    // Arguments for which rounding Math.exp, or leaving out the fused multiplication, answers another float.
    const cases: [x: number, expected: number][] = [
      [-63.09946060180664, 3.946866735154823e-28],
      [0.3361460864543915, 1.3995434045791626],
    ];
    for (const [x, expected] of cases) assert.equal(expf(fround(x)), expected);
  });

  it('hold at the borders', () => {
    const { POSITIVE_INFINITY: infinity, NEGATIVE_INFINITY: minusInfinity, NaN: nan } = Number;
    const exponentials: [number, number][] = [
      [0, 1],
      [-0, 1],
      [infinity, infinity],
      [minusInfinity, 0],
      [nan, nan],
      [89, infinity],
      [-104, 0],
      [-103, fround(Math.exp(-103))],
    ];
    for (const [x, expected] of exponentials) assert.deepEqual(expf(x), expected, `expf(${x})`);
    const logarithms: [number, number][] = [
      [1, 0],
      [0, minusInfinity],
      [-0, minusInfinity],
      [-1, nan],
      [nan, nan],
      [infinity, infinity],
      [2 ** -149, fround(Math.log(2 ** -149))],
      [2, fround(Math.LN2)],
    ];
    for (const [x, expected] of logarithms) assert.deepEqual(logf(x), expected, `logf(${x})`);
  });

  it('stay within one float of the rounded double', () => {
    const one = new Float32Array(1);
    const bits = new Int32Array(one.buffer);
    const distance = (a: number, b: number): number => {
      one[0] = a;
      const first = bits[0]!;
      one[0] = b;
      return Math.abs(first - bits[0]!);
    };
    for (let i = -8000; i < 8000; i++) {
      const x = fround(i / 91);
      assert.ok(distance(expf(x), fround(Math.exp(x))) <= 1, `expf(${x})`);
      const y = fround(1.0017 ** i);
      assert.ok(distance(logf(y), fround(Math.log(y))) <= 1, `logf(${y})`);
    }
  });
});
