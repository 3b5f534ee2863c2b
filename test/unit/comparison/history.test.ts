import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toSevenDigits } from '../../../src/comparison/history';

describe('a metric of the history', () => {
  it('has seven significant digits, whatever its size', () => {
    assert.equal(toSevenDigits(27.748123456789), 27.74812);
    assert.equal(toSevenDigits(-0.0029512345678), -0.002951235);
    assert.equal(toSevenDigits(123456789012), 123456800000);
    assert.equal(toSevenDigits(0), 0);
    assert.equal(toSevenDigits(5e-324), 5e-324);
    assert.ok(Number.isNaN(toSevenDigits(Number.NaN)));
  });

  it('is the nearest such number', () => {
    const known = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(known, (value) => {
        assert.ok(Math.abs(toSevenDigits(value) - value) <= 5.01e-7 * Math.abs(value));
      }),
    );
  });
});
