import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { type Progress, quietTask } from '../../src/task';
import type { Upload } from '../../src/warehouse/part';
import { withTransaction } from '../../src/warehouse/postgres';
import { renderQuery } from '../../src/warehouse/sql';
import { inWindow, manyRows, useExporting, window } from './exporting';

describe('an export', function () {
  this.timeout(60_000);
  const at = useExporting();

  it('streams a manyRows(1_000_000) rows in little memory', async () => {
    const news: Progress[] = [];
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 20);
    // The bytes are counted, not kept.
    let bytes = 0;
    const count: Upload = async (key, body) => {
      for await (const chunk of body) bytes += chunk.length;
      return { s3Uri: `s3://bucket/${key}`, etag: '""' };
    };
    const started = performance.now();
    const dataset = await at.run(
      manyRows(1_000_000),
      {},
      { upload: count },
      { ...quietTask(), report: (p) => news.push(p) },
    );
    const seconds = (performance.now() - started) / 1000;
    clearInterval(watch);
    const { train, validation, test } = dataset.parts;
    assert.equal(train.rows + validation.rows + test.rows, 1_000_000);
    assert.ok(bytes > 40_000_000, `${bytes} bytes`);
    assert.ok(peak - before < 150e6, `grew by ${Math.round((peak - before) / 1e6)} MB`);
    assert.ok(Math.abs(test.rows - 100_000) < 1500 && Math.abs(validation.rows - 100_000) < 1500);
    assert.ok(news.length <= 4 * seconds + 2, `${news.length} reports in ${seconds} s`);
    assert.deepEqual(
      { ...news.at(-1), message: '' },
      { step: 'export', subject: 'm', done: 1_000_000, message: '' },
    );
  });

  it('describes what it wrote', async () => {
    const query = manyRows(20000);
    const dataset = await at.run(query, { parameters: {} });
    assert.deepEqual(JSON.parse(String(at.file('dataset.json'))), dataset);
    assert.deepEqual(JSON.parse(String(at.objects.get('datasets/l/m/run-1/dataset.json'))), dataset);
    assert.equal([...at.objects.keys()].at(-1), 'datasets/l/m/run-1/dataset.json');
    for (const [name, part] of Object.entries(dataset.parts)) {
      const bytes = at.objects.get(`datasets/l/m/run-1/${name}.csv`)!;
      assert.ok(bytes.equals(at.file(`${name}.csv`)));
      assert.equal(part.bytes, bytes.length);
      assert.equal(part.rows, String(bytes).split('\n').length - 1);
      assert.equal(part.sha256, createHash('sha256').update(bytes).digest('hex'));
      assert.match(String(bytes), /^[-\d.e]+,\d+,[01],[-\d.e]+,[\d.]*$/m);
    }
    const sql = renderQuery('q.sql', query, {}, window);
    for (const column of dataset.columns) {
      const value = column.name === 'flag' ? 'flag::int' : column.name;
      const { rows } = await at.admin.query(
        `SELECT count(*)::int AS rows, (count(*) - count(${value}))::int AS missing, min(${value})::float8,
                max(${value})::float8, avg(${value})::float8 AS mean, stddev_samp(${value})::float8 AS stdev
         FROM (${sql}) AS q`,
      );
      const expected: Record<string, number> = rows[0];
      for (const [name, number] of Object.entries(expected)) {
        const actual: unknown = Object.entries(column).find(([key]) => key === name)?.[1];
        assert.ok(
          typeof actual === 'number' && Math.abs(actual - number) < 1e-9 * (1 + Math.abs(number)),
          name,
        );
      }
    }
    assert.deepEqual(dataset.columns.find((c) => c.name === 'flag')?.values, [
      [0, 10_000],
      [1, 10_000],
    ]);
  });

  it('splits by time: the newest rows are the test part, those before them the validation part', async () => {
    await at.run(
      `SELECT extract(epoch FROM day) / 86400 AS y, 1 AS a, day
       FROM generate_series(DATE '2001-01-01', DATE '2001-04-10', INTERVAL '1 day') AS day ${inWindow} ORDER BY random()`,
      { split: { by: 'time', column: 'day', test: 0.1, validation: 0.2 } },
    );
    const sorted = (part: string) =>
      at
        .lines(part)
        .map(Number.parseFloat)
        .sort((a, b) => a - b);
    const first = Date.UTC(2001, 0, 1) / 86_400_000;
    const days = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => first + from + i);
    assert.deepEqual(sorted('train'), days(0, 70));
    assert.deepEqual(sorted('validation'), days(70, 90));
    assert.deepEqual(sorted('test'), days(90, 100));
  });

  it('sends a row to the same part when other rows come and go', async () => {
    const rows = (from: number, to: number) =>
      `SELECT i AS y, i AS a FROM generate_series(${from}, ${to}) AS i ${inWindow}`;
    await at.run(rows(1, 5000));
    const before = at.lines('test').filter((line) => Number.parseInt(line, 10) > 1000);
    await at.run(rows(1001, 9000));
    assert.deepEqual(
      at.lines('test').filter((line) => Number.parseInt(line, 10) <= 5000),
      before,
    );
  });

  it('keeps rows of one key together', async () => {
    await at.run(
      `SELECT i AS y, i % 50 AS a, 'key ' || i % 50 AS k FROM generate_series(1, 5000) AS i ${inWindow}`,
      {
        split: { column: 'k', test: 0.3, validation: 0.3 },
      },
    );
    const keys = ['train', 'validation', 'test'].map(
      (part) => new Set(at.lines(part).map((l) => l.split(',')[1])),
    );
    assert.equal(keys[0]!.size + keys[1]!.size + keys[2]!.size, 50);
  });

  it('brings every parameter back unchanged', async () => {
    const connection = { warehouse: at.warehouse, password: at.postgres.password, root: at.root };
    await withTransaction(connection, quietTask(), async (client) => {
      const string = fc.string({
        unit: fc.oneof(fc.constantFrom("'", '\\', '"', '$$', ';', '--', '\n'), fc.string()),
      });
      await fc.assert(
        fc.asyncProperty(
          string,
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          async (text, number) => {
            fc.pre(!text.includes('\0'));
            const sql = renderQuery(
              'q.sql',
              `SELECT {{text}} AS text, -{{number}} AS number ${inWindow}`,
              { text, number },
              window,
            );
            const { rows } = await client.query(sql);
            assert.equal(rows[0].text, text);
            assert.equal(Number(rows[0].number), -number + 0);
          },
        ),
        { numRuns: 300 },
      );
    });
  });

  it('looks for tables in the search path, whatever its name', async () => {
    await at.admin.query(
      `CREATE SCHEMA "Odd, 'schema'"; CREATE TABLE "Odd, 'schema'".t AS SELECT i AS y, i AS a FROM generate_series(1, 500) AS i`,
    );
    const dataset = await at.run(
      `SELECT y, a FROM t ${inWindow}`,
      {},
      { warehouse: { ...at.warehouse, searchPath: `"Odd, 'schema'", public` } },
    );
    assert.equal(dataset.columns[0]?.rows, 500);
    await assert.rejects(at.run(`SELECT y, a FROM t ${inWindow}`), {
      code: 'warehouse.query',
      message: /"t" does not exist/,
      remedy: /searchPath/,
    });
    const searchPath = `public', true); DROP SCHEMA "Odd, 'schema'" CASCADE; --`;
    await assert.rejects(
      at.run(`SELECT y, a FROM t ${inWindow}`, {}, { warehouse: { ...at.warehouse, searchPath } }),
      { code: 'warehouse.query' },
    );
    await at.admin.query(`SELECT 1 FROM "Odd, 'schema'".t`);
  });
  it('waits for S3 instead of reading ahead', async () => {
    const news: number[] = [];
    const slow: Upload = async (key, body) => {
      await wait(700);
      return at.keep(key, body);
    };
    const task = { ...quietTask(), report: (p: Progress) => news.push(p.done ?? 0) };
    const promise = at.run(manyRows(300000), {}, { upload: slow }, task);
    await wait(600);
    const seen = news.at(-1) ?? 0;
    await promise;
    assert.ok(seen < 100_000, `${seen} rows read before S3 took one`);
  });
});
