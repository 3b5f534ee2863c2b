import assert from 'node:assert/strict';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Cancelled, type WarmstartError } from '../../src/errors';
import { quietTask } from '../../src/task';
import type { Upload } from '../../src/warehouse/part';
import { inWindow, manyRows, useExporting } from './exporting';

describe('an export that fails', function () {
  this.timeout(60_000);
  const at = useExporting();

  async function activeQueries(): Promise<number> {
    const { rows } = await at.admin.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'warmstart' AND state = 'active'",
    );
    return rows[0]?.n ?? -1;
  }

  it('changes nothing, even by a function', async () => {
    await at.admin.query(`
      CREATE TABLE traces (i int);
      CREATE FUNCTION leave_a_trace() RETURNS int LANGUAGE sql AS 'INSERT INTO traces VALUES (1) RETURNING i'`);
    await assert.rejects(
      at.run(`SELECT leave_a_trace() AS y, i AS a FROM generate_series(1, 9) AS i ${inWindow}`),
      {
        code: 'warehouse.read-only',
      },
    );
    await assert.rejects(
      at.run(
        `WITH x AS (INSERT INTO traces VALUES (1) RETURNING i) SELECT i AS y, i AS a FROM x ${inWindow}`,
      ),
      {
        code: 'warehouse.query',
      },
    );
    const { rowCount } = await at.admin.query('SELECT * FROM traces');
    assert.equal(rowCount, 0);
    at.requireNothingLeft();
  });

  it('stops after the statement timeout', async () => {
    const slow = `SELECT 1 AS y, i AS a FROM generate_series(1, 9) AS i, pg_sleep(9) ${inWindow}`;
    await assert.rejects(at.run(slow, {}, { warehouse: { ...at.warehouse, statementTimeoutSeconds: 1 } }), {
      code: 'warehouse.timeout',
      message: /longer than 1 s/,
    });
    at.requireNothingLeft();
  });

  it('stops the query on the server when it is cancelled', async () => {
    const controller = new AbortController();
    const busy = `SELECT 1 AS y, count(*) AS a FROM generate_series(1, 1000000000) AS i ${inWindow}`;
    const promise = at.run(busy, {}, {}, quietTask(controller.signal));
    while ((await activeQueries()) < 1) await wait(20);
    const started = performance.now();
    controller.abort();
    await assert.rejects(promise, Cancelled);
    assert.ok(performance.now() - started < 3000);
    while ((await activeQueries()) > 0) await wait(20);
    at.requireNothingLeft();
  });

  it('leaves no dataset when it is cancelled among the rows', async () => {
    const controller = new AbortController();
    const task = { ...quietTask(controller.signal), report: () => controller.abort() };
    await assert.rejects(at.run(manyRows(1_000_000), {}, {}, task), Cancelled);
    assert.deepEqual([...at.objects.keys()], []);
    at.requireNothingLeft();
  });

  it('does not begin when it is cancelled already', async () => {
    await assert.rejects(at.run(manyRows(1_000_000), {}, {}, quietTask(AbortSignal.abort())), Cancelled);
  });

  it('fails with the upload', async () => {
    // Of a code that the warehouse's connection could have failed with, too.
    const refused = Object.assign(new Error('S3 hung up.'), { code: 'ECONNRESET' });
    const refusing: Upload = (key, body) =>
      key.endsWith('test.csv') ? Promise.reject(refused) : at.keep(key, body);
    await assert.rejects(at.run(manyRows(1_000_000), {}, { upload: refusing }), refused);
    const failing: Upload = async (_, body: Readable) => {
      for await (const _chunk of body) throw refused;
      throw refused;
    };
    await assert.rejects(at.run(manyRows(1_000_000), {}, { upload: failing }), refused);
    at.requireNothingLeft();
  });

  it('names the row that is not a number, late in the stream', async () => {
    const query = `SELECT i AS y, CASE i WHEN 400000 THEN 'n/a' ELSE i::text END AS a FROM generate_series(1, 1000000) AS i ${inWindow}`;
    await assert.rejects(at.run(query), {
      code: 'warehouse.not-numeric',
      message: 'The column "a" holds "n/a" in row 400000, which is not a number.',
    });
    assert.deepEqual([...at.objects.keys()], []);
    at.requireNothingLeft();
  });

  it('fails when the query fails among the rows', async () => {
    const query = `SELECT i AS y, 1 / (i - 400000) AS a FROM generate_series(1, 1000000) AS i ${inWindow}`;
    await assert.rejects(at.run(query), { code: 'warehouse.query', message: /division by zero/ });
    at.requireNothingLeft();
  });

  it('refuses no rows, and an empty part', async () => {
    await assert.rejects(at.run(`SELECT 1 AS y, 2 AS a ${inWindow} AND false`), {
      code: 'warehouse.empty-result',
    });
    await assert.rejects(at.run(`SELECT 1 AS y, 2 AS a ${inWindow}`), { code: 'warehouse.empty-part' });
    assert.deepEqual([...at.objects.keys()], []);
    at.requireNothingLeft();
  });

  it('checks the columns before it reads a row', async () => {
    const query = `SELECT i AS a, pg_sleep(i) AS y FROM generate_series(1, 9) AS i ${inWindow}`;
    const started = performance.now();
    await assert.rejects(at.run(query), { code: 'warehouse.label-not-first' });
    assert.ok(performance.now() - started < 1000);
  });

  it('reads queries of the project only', async () => {
    await assert.rejects(at.run('SELECT 1', { query: '../q.sql' }), { code: 'warehouse.query-file' });
    await assert.rejects(at.run('SELECT 1', { query: 'sql/none.sql' }), { code: 'warehouse.query-file' });
  });

  describe('without a good connection', () => {
    const query = `SELECT 1 AS y, 2 AS a ${inWindow}`;
    const everythingOf = (error: unknown): string =>
      error instanceof Error
        ? [error.message, error.stack, JSON.stringify(error), everythingOf(error.cause)].join('\n')
        : String(error);

    it('says that the password is wrong, without it', async () => {
      const password = 'hunter2-hunter2';
      await assert.rejects(at.run(query, {}, { password }), (error: WarmstartError) => {
        assert.equal(error.code, 'warehouse.password');
        assert.ok(error.remedy);
        assert.equal(everythingOf(error).includes(password), false);
        return true;
      });
    });

    it('says that a password is missing, and takes none from the environment', async () => {
      process.env.PGPASSWORD = at.postgres.password;
      try {
        await assert.rejects(at.run(query, {}, { password: undefined }), {
          code: 'warehouse.password',
          message: /no password was given/,
        });
      } finally {
        delete process.env.PGPASSWORD;
      }
    });

    it('says that the server offers no TLS', async () => {
      for (const ssl of ['require', 'verify-full'] as const)
        await assert.rejects(at.run(query, {}, { warehouse: { ...at.warehouse, ssl } }), {
          code: 'warehouse.tls',
          message: /does not offer TLS/,
        });
    });

    it('says that nobody answers, and that there is no such database', async () => {
      await assert.rejects(at.run(query, {}, { warehouse: { ...at.warehouse, port: 1 } }), {
        code: 'warehouse.connect',
        message: /127\.0\.0\.1:1 cannot be reached/,
      });
      await assert.rejects(at.run(query, {}, { warehouse: { ...at.warehouse, database: 'none' } }), {
        code: 'warehouse.connect',
        message: /no database "none"/,
      });
    });
  });
});
