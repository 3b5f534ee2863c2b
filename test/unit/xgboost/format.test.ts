import assert from 'node:assert/strict';
import fc from 'fast-check';
import { float32Text, pythonFloat } from '../../../src/xgboost/format';

const { fround } = Math;
const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });

describe('numbers as text', () => {
  it('float32Text is exact', () => {
    fc.assert(
      fc.property(float32, (x) => Object.is(fround(Number(float32Text(x))), x)),
      { numRuns: 2000 },
    );
  });

  it('float32Text is shortest', () => {
    const cases: [number, string][] = [
      [0.1, '0.1'],
      [1 / 3, '0.33333334'],
      [16777216, '16777216'],
      [2 ** -149, '1e-45'],
      [2 ** 127 * (2 - 2 ** -23), '3.4028235e+38'],
      [-0, '-0'],
      [Number.NaN, 'NaN'],
    ];
    for (const [x, text] of cases) assert.equal(float32Text(fround(x)), text);
  });

  it('float32Text takes the digits that std::to_chars takes where the nearest decimal fails, and the even one of a tie', () => {
    const cases: [number, string][] = [
      [2 ** -96, '1.2621775e-29'],
      [2 ** 87, '1.5474251e+26'],
      [2 ** 90, '1.2379401e+27'],
      [2 ** -12, '0.00024414062'],
    ];
    for (const [x, text] of cases) assert.equal(float32Text(x), text);
  });

  it('pythonFloat writes what Python’s str(float) writes', () => {
    const cases: [number, string][] = [
      [1, '1.0'],
      [-0, '-0.0'],
      [0.1, '0.10000000149011612'],
      [1e-5, '9.999999747378752e-06'],
      [2 ** -13, '0.0001220703125'],
      [2 ** -14, '6.103515625e-05'],
      [2 ** 53, '9007199254740992.0'],
      [2 ** 54, '1.8014398509481984e+16'],
      [2 ** 100, '1.2676506002282294e+30'],
      [Number.NaN, 'nan'],
      [Number.NEGATIVE_INFINITY, '-inf'],
    ];
    for (const [x, text] of cases) assert.equal(pythonFloat(fround(x)), text);
    fc.assert(fc.property(float32, (x) => Object.is(Number(pythonFloat(x)), x)));
  });
});
