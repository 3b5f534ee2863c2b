import assert from 'node:assert/strict';
import fc from 'fast-check';
import { partOfKey, requireShares, splitQuery, timeShares } from '../../../src/warehouse/split';
import { dataOf } from './model';

const shares = { test: 0.1, validation: 0.2 };
const split = (own: Record<string, unknown>) => dataOf({ split: own }).split;

describe('the split by hash', () => {
  it('gives a row the part that it had in every version before', () => {
    const parts = Array.from({ length: 20 }, (_, i) => partOfKey(`row ${i}`, shares));
    const rowsOf = (part: string) => parts.flatMap((p, i) => (p === part ? [i] : []));
    assert.deepEqual(rowsOf('test'), [4, 9, 14, 15, 16, 19]);
    assert.deepEqual(rowsOf('validation'), [13, 17]);
  });

  it('keeps the shares, even for short and consecutive keys', () => {
    const count = { train: 0, validation: 0, test: 0 };
    for (let i = 0; i < 100_000; i++) count[partOfKey(String(i), shares)]++;
    assert.ok(Math.abs(count.test / 1e5 - 0.1) < 0.005, String(count.test));
    assert.ok(Math.abs(count.validation / 1e5 - 0.2) < 0.005, String(count.validation));
  });

  it('moves no row out of test when the share of validation changes', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0.01, max: 0.8, noNaN: true }), (key, validation) => {
        const before = partOfKey(key, shares) === 'test';
        assert.equal(partOfKey(key, { test: 0.1, validation }) === 'test', before);
      }),
    );
  });
});

describe('the split in SQL', () => {
  const layout = {
    columns: [
      { name: 'y', type: 'number' as const },
      { name: 'a"b', type: 'number' as const },
    ],
    splitColumn: undefined,
  };

  it('asks for the columns alone when the content decides', () => {
    assert.deepEqual(splitQuery('SELECT 1', layout, split({})), {
      sql: 'WITH q AS (\nSELECT 1\n) SELECT q."y", q."a""b" FROM q',
      routing: 'content',
    });
  });

  it('adds the key in hexadecimal', () => {
    const { sql, routing } = splitQuery('SELECT 1', { ...layout, splitColumn: 'k' }, split({ column: 'k' }));
    assert.equal(routing, 'key');
    assert.match(sql, /encode\(convert_to\(q\."k"::text, 'UTF8'\), 'hex'\) FROM q$/);
  });

  it('cuts time where the shares begin', () => {
    const by = split({ by: 'time', column: 'k', test: 0.1, validation: 0.2 });
    assert.deepEqual(timeShares(by), [0.7, 0.9]);
    const { sql, routing } = splitQuery('SELECT 1', { ...layout, splitColumn: 'k' }, by);
    assert.equal(routing, 'part');
    assert.match(sql, /percentile_disc\(ARRAY\[0\.7, 0\.9\]::float8\[\]\)/);
  });

  it('refuses shares that leave nothing to train on', () => {
    assert.throws(() => requireShares(split({ test: 0.5, validation: 0.5 })), {
      code: 'warehouse.split-shares',
    });
  });
});
