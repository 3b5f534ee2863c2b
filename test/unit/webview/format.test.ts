import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  clip,
  formatCount,
  formatKnown,
  formatShare,
  formatShort,
  formatTime,
  unbroken,
  withUnit,
} from '../../../webview-ui/format';
import { setTranslations, t } from '../../../webview-ui/l10n';

describe('a number of the table', () => {
  it('has as many decimals as its row needs to show where the columns differ', () => {
    const row = [12.3, 11.2, 12.9];
    assert.deepEqual(
      row.map((value) => formatKnown(value, row)),
      ['12.3', '11.2', '12.9'],
    );
    const close = [0.87912, 0.87921];
    assert.deepEqual(
      close.map((value) => formatKnown(value, close)),
      ['0.87912', '0.87921'],
    );
    const three = [0.710164, 0.716421, 0.713522];
    assert.deepEqual(
      three.map((value) => formatKnown(value, three)),
      ['0.7102', '0.7164', '0.7135'],
    );
    assert.equal(formatKnown(12_345, [12_345, 12_346]), '12,345');
    assert.equal(formatKnown(1 / 3), '0.3333');
    assert.equal(formatKnown(-0.42, [-0.42, 0.11]), '−0.42');
  });

  it('says that it was not measured', () => {
    assert.equal(formatKnown(null, [1, null]), 'not measured');
  });

  it('is never as long as to hide what it says', () => {
    assert.equal(formatKnown(1.5e-9), '1.500e-9');
    assert.equal(formatKnown(0), '0');
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 4 }), (values) => {
        for (const value of values)
          assert.ok(formatKnown(value, values).length <= 22, formatKnown(value, values));
      }),
    );
  });
});

describe('other formats', () => {
  it('are short', () => {
    assert.equal(formatCount(1_234_567), '1,234,567');
    assert.equal(formatShare(0.6249), '62 %');
    assert.equal(formatShare(0.0123), '1.2 %');
    assert.equal(formatShare(0.0001), '< 0.1 %');
    assert.equal(formatShare(0.7946, 1), '79.5 %');
    assert.equal(unbroken('better by 0.1 (3 %)'), 'better by 0.1 (3\u00a0%)');
    assert.equal(withUnit('3', 'min'), '3 min');
    assert.equal(formatShort(-0.012345), '−0.0123');
    assert.equal(formatTime('2026-03-12T14:05:59Z'), '2026-03-12 14:05 UTC');
    assert.equal(formatTime('no time'), 'no time');
  });

  it('cut a long text between characters', () => {
    assert.deepEqual(clip('short', 10), { text: 'short', clipped: false });
    assert.deepEqual(clip('👩🏽👩🏽👩🏽', 2), { text: '👩🏽', clipped: true });
    assert.equal(clip('a'.repeat(10_000), 280).text.length, 280);
  });
});

describe('a translation', () => {
  afterEach(() => setTranslations({}));
  it('is used where there is one, with its values in its own order', () => {
    setTranslations({ '{0} of {1}': 'von {1} sind es {0}' });
    assert.equal(t('{0} of {1}', 2, 'x'), 'von x sind es 2');
    assert.equal(t('{0} only', 2), '2 only');
    assert.equal(t('toString'), 'toString');
  });
});
