import assert from 'node:assert/strict';
import { layoutOf, type ResultColumn } from '../../../src/warehouse/columns';
import { dataOf } from './model';

const columns = (...names: string[]): ResultColumn[] => names.map((name) => ({ name, type: 'number' }));
const refuses = (code: string, message: RegExp, result: ResultColumn[], data = {}) =>
  assert.throws(() => layoutOf(dataOf(data), result), { code: `warehouse.${code}`, message, kind: 'usage' });

describe('the columns of a dataset', () => {
  it('are those of the query', () => {
    assert.deepEqual(layoutOf(dataOf(), columns('y', 'a')), {
      columns: columns('y', 'a'),
      splitColumn: undefined,
    });
  });

  it('leave out the column to split by, which may be a date', () => {
    const day: ResultColumn = { name: 'day', type: 'date' };
    assert.deepEqual(
      layoutOf(dataOf({ split: { by: 'time', column: 'day' } }), [...columns('y'), day, ...columns('a')]),
      { columns: columns('y', 'a'), splitColumn: 'day' },
    );
  });

  it('begin with the label', () => {
    refuses('label-not-first', /"y" is not the first column; "a" is/, columns('a', 'y'));
    refuses('label-not-first', /no column "y"/, columns('a', 'b'));
  });

  it('differ in name', () => {
    refuses('duplicate-column', /two columns "a"/, columns('y', 'a', 'a'));
  });

  it('hold a feature', () => {
    refuses('no-features', /no feature/, columns('y', 'k'), { split: { column: 'k' } });
  });

  it('hold the column to split by, which is not the label', () => {
    refuses('split-column', /no column "k"/, columns('y', 'a'), { split: { column: 'k' } });
    refuses('split-column', /label "y" cannot/, columns('y', 'a'), { split: { column: 'y' } });
    refuses('split-column', /needs a column/, columns('y', 'a'), { split: { by: 'time' } });
  });

  it('are no dates', () => {
    assert.throws(() => layoutOf(dataOf(), [...columns('y'), { name: 'day', type: 'date' }]), {
      code: 'warehouse.date-column',
      remedy: /extract\(epoch FROM day\)/,
    });
  });
});
