import assert from 'node:assert/strict';
import { beginStatement } from '../../../src/warehouse/postgres';
import { partQuery, requireNumericTypes, unloadStatement } from '../../../src/warehouse/redshift';
import { dataOf } from './model';

const columns = [
  { name: 'y', type: 'number' as const },
  { name: 'flag', type: 'boolean' as const },
];
const role = 'arn:aws:iam::111111111111:role/Unload';

describe('the SQL of a Redshift export', () => {
  it('unloads a query as one CSV without a header, its quotes doubled', () => {
    assert.equal(
      unloadStatement("SELECT 'a'", 's3://bucket/train.csv', role, 'us-east-1'),
      "UNLOAD ('SELECT ''a''') TO 's3://bucket/train.csv' IAM_ROLE 'arn:aws:iam::111111111111:role/Unload' " +
        "REGION 'us-east-1' FORMAT AS CSV NULL AS '' PARALLEL OFF MAXFILESIZE 6.2 GB ALLOWOVERWRITE",
    );
  });

  it('doubles backslashes too', () => {
    assert.match(
      unloadStatement("SELECT E'\\\\'", 's3://b/k', role, 'us-east-1'),
      /^UNLOAD \(E'SELECT E''\\\\\\\\'''\)/,
    );
  });

  it('splits by the hash of all values, with booleans as integers', () => {
    const { split } = dataOf({ split: { test: 0.1, validation: 0.2 } });
    const share =
      `((fnv_hash(coalesce(q."flag"::int::varchar, ''), fnv_hash(coalesce(q."y"::varchar, '')))) ` +
      '% 1000000 + 1000000) % 1000000';
    const rows = 'WITH q AS (\nSELECT 1\n) SELECT q."y" AS "y", q."flag"::int AS "flag" FROM q WHERE';
    const where = (part: 'train' | 'validation' | 'test') =>
      partQuery('SELECT 1', { columns, splitColumn: undefined }, split, part);
    assert.equal(where('test'), `${rows} (${share}) < 100000`);
    assert.equal(where('validation'), `${rows} (${share}) BETWEEN 100000 AND 299999`);
    assert.equal(where('train'), `${rows} (${share}) >= 300000`);
  });

  it('splits by the hash of a column', () => {
    const { split } = dataOf({ split: { column: 'k' } });
    assert.match(
      partQuery('SELECT 1', { columns, splitColumn: 'k' }, split, 'test'),
      /fnv_hash\(coalesce\(q\."k"::varchar, ''\)\)\)/,
    );
  });

  it('splits by time at cuts of the same statement', () => {
    const { split } = dataOf({ split: { by: 'time', column: 'day', test: 0.1, validation: 0.2 } });
    const sql = partQuery('SELECT 1', { columns, splitColumn: 'day' }, split, 'validation');
    assert.match(sql, /percentile_disc\(0\.7\) WITHIN GROUP \(ORDER BY q\."day"\) AS validation_cut/);
    assert.match(sql, /WHERE q\."day" > cuts\.validation_cut AND q\."day" <= cuts\.test_cut$/);
  });

  it('takes numbers and booleans only, since no value is seen on its way', () => {
    requireNumericTypes({ columns, splitColumn: undefined });
    assert.throws(
      () =>
        requireNumericTypes({ columns: [...columns, { name: 't', type: 'text' }], splitColumn: undefined }),
      { code: 'warehouse.not-numeric', message: /"t"/ },
    );
  });
});

describe('the transaction of an export', () => {
  const base = {
    host: 'h',
    port: 1,
    database: 'd',
    user: 'u',
    ssl: 'disable' as const,
    statementTimeoutSeconds: 30,
    password: { from: 'none' as const },
  };

  it('only reads, in one snapshot, with settings of its own', () => {
    assert.equal(
      beginStatement({ kind: 'postgres', ...base, searchPath: `a, "b'"` }),
      'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_backend_pid() AS backend, ' +
        "set_config('statement_timeout', '30000', true), set_config('timezone', 'UTC', true), " +
        `set_config('search_path', 'a, "b''"', true)`,
    );
  });

  it('may unload on Redshift', () => {
    assert.match(beginStatement({ kind: 'redshift', ...base, unloadRoleArn: role }), /^BEGIN; SELECT/);
  });
});
