import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Warehouse } from '../../src/project/schema';
import { quietTask } from '../../src/task';
import { layoutOf } from '../../src/warehouse/columns';
import { describe as describeQuery } from '../../src/warehouse/postgres';
import { renderQuery } from '../../src/warehouse/sql';
import { type Run, type UnloadBucket, unload } from '../../src/warehouse/unload';
import { modelWith } from '../unit/warehouse/model';
import { manyRows, useExporting, window } from './exporting';

const warehouse: Extract<Warehouse, { kind: 'redshift' }> = {
  kind: 'redshift',
  host: 'h',
  port: 5439,
  database: 'd',
  user: 'u',
  ssl: 'disable',
  statementTimeoutSeconds: 60,
  password: { from: 'none' },
  unloadRoleArn: 'arn:aws:iam::111111111111:role/Unload',
};

/** A bucket in memory. */
class Bucket implements UnloadBucket {
  readonly bucket = 'bucket';
  readonly objects = new Map<string, Buffer>();
  uri = (key: string) => `s3://bucket/${key}`;
  async *list(prefix: string) {
    for (const [key, { length }] of this.objects) if (key.startsWith(prefix)) yield { key, size: length };
  }
  async copy({ source, key }: { source: { key: string }; key: string }) {
    this.objects.set(key, this.objects.get(source.key)!);
    return { etag: '"etag"' };
  }
  async stream(key: string) {
    return { body: Readable.from([this.objects.get(key)!]) };
  }
  async delete(keys: readonly string[]) {
    for (const key of keys) this.objects.delete(key);
  }
}

/** PostgreSQL in Redshift's place: UNLOAD becomes a COPY into the bucket; everything else is run as it is. */
function redshiftOn(client: Client, bucket: Bucket, files = 1): Run {
  let count = 0;
  return async (sql) => {
    if (sql === 'SELECT pg_last_unload_count() AS rows') return [{ rows: String(count) }];
    const unloading = /^UNLOAD \((.*)\) TO (E?'.*?') IAM_ROLE /s.exec(sql);
    if (!unloading) return (await client.query<Record<string, unknown>>(sql)).rows;
    const { rows } = await client.query<{ query: string; target: string }>(
      `SELECT ${unloading[1]} AS query, ${unloading[2]} AS target`,
    );
    const { query, target } = rows[0]!;
    const csv = await buffer(client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT csv)`)));
    count = csv.toString().split('\n').length - 1;
    const key = target.replace('s3://bucket/', '');
    for (let i = 0; i < files; i++) bucket.objects.set(`${key}00${i}`, csv);
    return [];
  };
}

describe('an export by UNLOAD', function () {
  this.timeout(60_000);
  const at = useExporting();
  let bucket: Bucket;

  before(async () => {
    // Any hash of 64 bits does; PostgreSQL has one that takes a seed.
    await at.admin.query(`
      CREATE FUNCTION fnv_hash(varchar) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT hashtextextended($1, 0)';
      CREATE FUNCTION fnv_hash(varchar, bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT hashtextextended($1, $2)'`);
  });

  beforeEach(() => {
    bucket = new Bucket();
  });

  async function run(text: string, data = {}, files = 1) {
    const model = modelWith(data);
    const query = renderQuery('q.sql', text, {}, window);
    const layout = layoutOf(model.data, await describeQuery(at.admin, query));
    const target = { store: bucket, region: 'us-east-1' };
    return unload(
      { model, warehouse },
      layout,
      redshiftOn(at.admin, bucket, files),
      target,
      query,
      'p',
      quietTask(),
    );
  }

  const lines = (part: string) =>
    String(bucket.objects.get(`p/${part}.csv`))
      .trimEnd()
      .split('\n');

  it('writes every row to one part, and names the files as a dataset does', async () => {
    const { parts } = await run(manyRows(20_000));
    assert.deepEqual([...bucket.objects.keys()], ['p/train.csv', 'p/validation.csv', 'p/test.csv']);
    const numbers = ['train', 'validation', 'test'].flatMap(lines).map((line) => Number(line.split(',')[1]));
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      Array.from({ length: 20_000 }, (_, i) => i + 1),
    );
    assert.match(lines('test')[0]!, /^[\d.]+,\d+,[01],[-\d.e]+,[\d.]*$/);
    assert.ok(Math.abs(parts.test.rows - 2000) < 200 && Math.abs(parts.validation.rows - 2000) < 200);
    const bytes = bucket.objects.get('p/test.csv')!;
    assert.deepEqual(parts.test, {
      s3Uri: 's3://bucket/p/test.csv',
      rows: lines('test').length,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      etag: '"etag"',
    });
  });

  it('profiles the columns as COPY does', async () => {
    const { columns } = await run(manyRows(9000));
    const { columns: expected } = await at.run(manyRows(9000));
    for (const [i, column] of columns.entries()) {
      const other = expected[i]!;
      assert.deepEqual(
        { ...column, mean: 0, stdev: 0, percentiles: 0 },
        { ...other, mean: 0, stdev: 0, percentiles: 0 },
      );
      assert.ok(Math.abs(column.mean - other.mean) < 1e-9 * (1 + Math.abs(other.mean)));
      assert.ok(Math.abs(column.stdev - other.stdev) < 1e-9 * other.stdev);
      for (const [percent, value] of (column.percentiles ?? []).entries())
        assert.ok(
          Math.abs(value - other.percentiles![percent]!) <= (column.max - column.min) / 500,
          `${column.name} ${percent}`,
        );
    }
  });

  it('splits by time', async () => {
    await run(
      `SELECT extract(epoch FROM day)::int / 86400 AS y, 1 AS a, day
       FROM generate_series(DATE '2001-01-01', DATE '2001-04-10', INTERVAL '1 day') AS day WHERE {{from}} < {{until}}`,
      { split: { by: 'time', column: 'day', test: 0.1, validation: 0.2 } },
    );
    const range = (part: string) => {
      const days = lines(part)
        .map(Number.parseFloat)
        .sort((a, b) => a - b);
      return [days.length, days[0], days.at(-1)];
    };
    const first = Date.UTC(2001, 0, 1) / 86_400_000;
    assert.deepEqual(['train', 'validation', 'test'].map(range), [
      [70, first, first + 69],
      [20, first + 70, first + 89],
      [10, first + 90, first + 99],
    ]);
  });

  it('leaves nothing behind when a part is empty or too large', async () => {
    await assert.rejects(run('SELECT 1 AS y, 2 AS a WHERE {{from}} < {{until}}'), {
      code: 'warehouse.empty-part',
    });
    await assert.rejects(run(manyRows(100), {}, 2), { code: 'warehouse.too-large' });
    assert.equal(bucket.objects.size, 0);
  });

  it('unloads nothing when labels are missing, or there are no rows', async () => {
    const query =
      'SELECT nullif(i, 7) AS y, i AS a FROM generate_series(1, 9) AS i WHERE {{from}} < {{until}}';
    await assert.rejects(run(query), {
      code: 'warehouse.label-missing',
      message: '1 rows have no label "y".',
    });
    await assert.rejects(run(`${query} AND false`), { code: 'warehouse.empty-result' });
    assert.equal(bucket.objects.size, 0);
  });
});
