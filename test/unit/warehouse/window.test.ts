import assert from 'node:assert/strict';
import { exportWindow } from '../../../src/warehouse/window';
import { dataOf } from './model';

const today = new Date('2024-03-01T23:59:00Z');

describe('the window of an export', () => {
  it('ends so many days before today, in UTC, across the end of a month', () => {
    const data = dataOf({ window: { from: '2000-01-01', pushbackDays: 1 } });
    assert.deepEqual(exportWindow(data, today), { from: '2000-01-01', until: '2024-02-29' });
  });

  it('ends today without a pushback', () => {
    const data = dataOf({ window: { from: '2000-01-01', pushbackDays: 0 } });
    assert.equal(exportWindow(data, today).until, '2024-03-01');
  });

  it('ends on the given date, whatever the pushback', () => {
    assert.equal(exportWindow(dataOf(), today, '2002-02-03').until, '2002-02-03');
  });

  for (const until of ['2002-02-30', '20020203', 'yesterday', "2002-02-03' OR 1=1"])
    it(`refuses ${until}`, () => {
      assert.throws(() => exportWindow(dataOf(), today, until), { code: 'warehouse.window', kind: 'usage' });
    });

  it('refuses to hold no day', () => {
    assert.throws(() => exportWindow(dataOf(), today, '2001-01-01'), { code: 'warehouse.window' });
  });
});
