import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { Client } from 'pg';
import { Cancelled, WarmstartError } from '../../src/errors';
import type { Warehouse } from '../../src/project/schema';
import { type Progress, quietTask, type Task } from '../../src/task';
import { type ExportRequest, exportDataset } from '../../src/warehouse/export';
import type { Upload } from '../../src/warehouse/part';
import { withTransaction } from '../../src/warehouse/postgres';
import { renderQuery } from '../../src/warehouse/sql';
import { modelWith } from '../unit/warehouse/model';
import { type Postgres, startPostgres } from './postgres';

const inWindow = 'WHERE {{from}} < {{until}}';
const window = { from: '2001-01-01', until: '2002-01-01' };

/** A million rows: an integer, a boolean, a real number, and one that is missing in every tenth row. */
const million = `
  SELECT i % 1000 / 10.0 AS y, i AS a, i % 2 = 0 AS flag, sin(i) AS s,
         CASE WHEN i % 10 <> 0 THEN sqrt(i) END AS root
  FROM generate_series(1, 1000000) AS i ${inWindow}`;

describe('an export', function () {
  this.timeout(60_000);
  let postgres: Postgres;
  let admin: Client;
  let root: string;
  let warehouse: Warehouse;
  /** What was uploaded, by key. */
  let objects: Map<string, Buffer>;

  before(async () => {
    postgres = await startPostgres();
    const { port, user, password } = postgres;
    admin = new Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
    await admin.connect();
    warehouse = {
      kind: 'postgres',
      host: '127.0.0.1',
      port,
      database: 'postgres',
      user,
      ssl: 'disable',
      statementTimeoutSeconds: 60,
      password: { from: 'none' },
    };
  });

  after(async () => {
    await admin.end();
    await postgres.stop();
  });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'warmstart-export-'));
    objects = new Map();
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const keep: Upload = async (key, body) => {
    const bytes = await buffer(body);
    objects.set(key, bytes);
    return { s3Uri: `s3://bucket/${key}`, etag: `"${createHash('md5').update(bytes).digest('hex')}"` };
  };

  function requestFor(query: string, data = {}, own: Partial<ExportRequest> = {}): ExportRequest {
    mkdirSync(join(root, 'sql'), { recursive: true });
    writeFileSync(join(root, 'sql', 'q.sql'), query);
    return {
      model: modelWith(data),
      warehouse,
      password: postgres.password,
      root,
      runId: 'run-1',
      window,
      directory: join(root, 'out'),
      upload: keep,
      ...own,
    };
  }

  const exported = (query: string, data = {}, own: Partial<ExportRequest> = {}, task: Task = quietTask()) =>
    exportDataset(requestFor(query, data, own), task);

  const linesOf = (part: string) =>
    readFileSync(join(root, 'out', `${part}.csv`), 'latin1')
      .split('\n')
      .slice(0, -1);

  function nothingLeft() {
    assert.deepEqual(existsSync(join(root, 'out')) ? readdirSync(join(root, 'out')) : [], []);
    assert.equal(objects.has('datasets/l/m/run-1/dataset.json'), false);
  }

  async function activeQueries(): Promise<number> {
    const { rows } = await admin.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'warmstart' AND state = 'active'",
    );
    return rows[0]?.n ?? -1;
  }

  it('streams a million rows in little memory', async () => {
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
    const dataset = await exported(
      million,
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
    const query = million.replace('1000000', '20000');
    const dataset = await exported(query, { parameters: {} });
    assert.deepEqual(JSON.parse(readFileSync(join(root, 'out', 'dataset.json'), 'utf8')), dataset);
    assert.deepEqual(JSON.parse(String(objects.get('datasets/l/m/run-1/dataset.json'))), dataset);
    assert.equal([...objects.keys()].at(-1), 'datasets/l/m/run-1/dataset.json');
    for (const [name, part] of Object.entries(dataset.parts)) {
      const bytes = objects.get(`datasets/l/m/run-1/${name}.csv`)!;
      assert.ok(bytes.equals(readFileSync(join(root, 'out', `${name}.csv`))));
      assert.equal(part.bytes, bytes.length);
      assert.equal(part.rows, String(bytes).split('\n').length - 1);
      assert.equal(part.sha256, createHash('sha256').update(bytes).digest('hex'));
      assert.match(String(bytes), /^[-\d.e]+,\d+,[01],[-\d.e]+,[\d.]*$/m);
    }
    const sql = renderQuery('q.sql', query, {}, window);
    for (const column of dataset.columns) {
      const value = column.name === 'flag' ? 'flag::int' : column.name;
      const { rows } = await admin.query(
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
    await exported(
      `SELECT extract(epoch FROM day) / 86400 AS y, 1 AS a, day
       FROM generate_series(DATE '2001-01-01', DATE '2001-04-10', INTERVAL '1 day') AS day ${inWindow} ORDER BY random()`,
      { split: { by: 'time', column: 'day', test: 0.1, validation: 0.2 } },
    );
    const sorted = (part: string) =>
      linesOf(part)
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
    await exported(rows(1, 5000));
    const before = linesOf('test').filter((line) => Number.parseInt(line, 10) > 1000);
    await exported(rows(1001, 9000));
    assert.deepEqual(
      linesOf('test').filter((line) => Number.parseInt(line, 10) <= 5000),
      before,
    );
  });

  it('keeps rows of one key together', async () => {
    await exported(
      `SELECT i AS y, i % 50 AS a, 'key ' || i % 50 AS k FROM generate_series(1, 5000) AS i ${inWindow}`,
      {
        split: { column: 'k', test: 0.3, validation: 0.3 },
      },
    );
    const keys = ['train', 'validation', 'test'].map(
      (part) => new Set(linesOf(part).map((l) => l.split(',')[1])),
    );
    assert.equal(keys[0]!.size + keys[1]!.size + keys[2]!.size, 50);
  });

  it('brings every parameter back unchanged', async () => {
    const connection = { warehouse, password: postgres.password, root };
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
    await admin.query(
      `CREATE SCHEMA "Odd, 'schema'"; CREATE TABLE "Odd, 'schema'".t AS SELECT i AS y, i AS a FROM generate_series(1, 500) AS i`,
    );
    const dataset = await exported(
      `SELECT y, a FROM t ${inWindow}`,
      {},
      { warehouse: { ...warehouse, searchPath: `"Odd, 'schema'", public` } },
    );
    assert.equal(dataset.columns[0]?.rows, 500);
    await assert.rejects(exported(`SELECT y, a FROM t ${inWindow}`), {
      code: 'warehouse.query',
      message: /"t" does not exist/,
      remedy: /searchPath/,
    });
    const searchPath = `public', true); DROP SCHEMA "Odd, 'schema'" CASCADE; --`;
    await assert.rejects(
      exported(`SELECT y, a FROM t ${inWindow}`, {}, { warehouse: { ...warehouse, searchPath } }),
      { code: 'warehouse.query' },
    );
    await admin.query(`SELECT 1 FROM "Odd, 'schema'".t`);
  });

  it('changes nothing, even by a function', async () => {
    await admin.query(`
      CREATE TABLE traces (i int);
      CREATE FUNCTION leave_a_trace() RETURNS int LANGUAGE sql AS 'INSERT INTO traces VALUES (1) RETURNING i'`);
    await assert.rejects(
      exported(`SELECT leave_a_trace() AS y, i AS a FROM generate_series(1, 9) AS i ${inWindow}`),
      {
        code: 'warehouse.read-only',
      },
    );
    await assert.rejects(
      exported(
        `WITH x AS (INSERT INTO traces VALUES (1) RETURNING i) SELECT i AS y, i AS a FROM x ${inWindow}`,
      ),
      {
        code: 'warehouse.query',
      },
    );
    const { rowCount } = await admin.query('SELECT * FROM traces');
    assert.equal(rowCount, 0);
    nothingLeft();
  });

  it('stops after the statement timeout', async () => {
    const slow = `SELECT 1 AS y, i AS a FROM generate_series(1, 9) AS i, pg_sleep(9) ${inWindow}`;
    await assert.rejects(exported(slow, {}, { warehouse: { ...warehouse, statementTimeoutSeconds: 1 } }), {
      code: 'warehouse.timeout',
      message: /longer than 1 s/,
    });
    nothingLeft();
  });

  it('stops the query on the server when it is cancelled', async () => {
    const controller = new AbortController();
    const busy = `SELECT 1 AS y, count(*) AS a FROM generate_series(1, 1000000000) AS i ${inWindow}`;
    const promise = exported(busy, {}, {}, quietTask(controller.signal));
    while ((await activeQueries()) < 1) await wait(20);
    const started = performance.now();
    controller.abort();
    await assert.rejects(promise, Cancelled);
    assert.ok(performance.now() - started < 3000);
    while ((await activeQueries()) > 0) await wait(20);
    nothingLeft();
  });

  it('leaves no dataset when it is cancelled among the rows', async () => {
    const controller = new AbortController();
    const task = { ...quietTask(controller.signal), report: () => controller.abort() };
    await assert.rejects(exported(million, {}, {}, task), Cancelled);
    assert.deepEqual([...objects.keys()], []);
    nothingLeft();
  });

  it('does not begin when it is cancelled already', async () => {
    await assert.rejects(exported(million, {}, {}, quietTask(AbortSignal.abort())), Cancelled);
  });

  it('waits for S3 instead of reading ahead', async () => {
    const news: number[] = [];
    const slow: Upload = async (key, body) => {
      await wait(700);
      return keep(key, body);
    };
    const task = { ...quietTask(), report: (p: Progress) => news.push(p.done ?? 0) };
    const promise = exported(million.replace('1000000', '300000'), {}, { upload: slow }, task);
    await wait(600);
    const seen = news.at(-1) ?? 0;
    await promise;
    assert.ok(seen < 100_000, `${seen} rows read before S3 took one`);
  });

  it('fails with the upload', async () => {
    const refused = new WarmstartError('aws.denied', 'No.');
    const refusing: Upload = (key, body) =>
      key.endsWith('test.csv') ? Promise.reject(refused) : keep(key, body);
    await assert.rejects(exported(million, {}, { upload: refusing }), refused);
    const failing: Upload = async (_, body: Readable) => {
      for await (const _chunk of body) throw refused;
      throw refused;
    };
    await assert.rejects(exported(million, {}, { upload: failing }), refused);
    nothingLeft();
  });

  it('names the row that is not a number, late in the stream', async () => {
    const query = `SELECT i AS y, CASE i WHEN 400000 THEN 'n/a' ELSE i::text END AS a FROM generate_series(1, 1000000) AS i ${inWindow}`;
    await assert.rejects(exported(query), {
      code: 'warehouse.not-numeric',
      message: 'The column "a" holds "n/a" in row 400000, which is not a number.',
    });
    assert.deepEqual([...objects.keys()], []);
    nothingLeft();
  });

  it('fails when the query fails among the rows', async () => {
    const query = `SELECT i AS y, 1 / (i - 400000) AS a FROM generate_series(1, 1000000) AS i ${inWindow}`;
    await assert.rejects(exported(query), { code: 'warehouse.query', message: /division by zero/ });
    nothingLeft();
  });

  it('refuses no rows, and an empty part', async () => {
    await assert.rejects(exported(`SELECT 1 AS y, 2 AS a ${inWindow} AND false`), {
      code: 'warehouse.empty-result',
    });
    await assert.rejects(exported(`SELECT 1 AS y, 2 AS a ${inWindow}`), { code: 'warehouse.empty-part' });
    assert.deepEqual([...objects.keys()], []);
    nothingLeft();
  });

  it('checks the columns before it reads a row', async () => {
    const query = `SELECT i AS a, pg_sleep(i) AS y FROM generate_series(1, 9) AS i ${inWindow}`;
    const started = performance.now();
    await assert.rejects(exported(query), { code: 'warehouse.label-not-first' });
    assert.ok(performance.now() - started < 1000);
  });

  it('reads queries of the project only', async () => {
    await assert.rejects(exported('SELECT 1', { query: '../q.sql' }), { code: 'warehouse.query-file' });
    await assert.rejects(exported('SELECT 1', { query: 'sql/none.sql' }), { code: 'warehouse.query-file' });
  });

  describe('without a good connection', () => {
    const query = `SELECT 1 AS y, 2 AS a ${inWindow}`;
    const everythingOf = (error: unknown): string =>
      error instanceof Error
        ? [error.message, error.stack, JSON.stringify(error), everythingOf(error.cause)].join('\n')
        : String(error);

    it('says that the password is wrong, without it', async () => {
      const password = 'hunter2-hunter2';
      await assert.rejects(exported(query, {}, { password }), (error: WarmstartError) => {
        assert.equal(error.code, 'warehouse.password');
        assert.ok(error.remedy);
        assert.equal(everythingOf(error).includes(password), false);
        return true;
      });
    });

    it('says that a password is missing, and takes none from the environment', async () => {
      process.env.PGPASSWORD = postgres.password;
      try {
        await assert.rejects(exported(query, {}, { password: undefined }), {
          code: 'warehouse.password',
          message: /no password was given/,
        });
      } finally {
        delete process.env.PGPASSWORD;
      }
    });

    it('says that the server offers no TLS', async () => {
      for (const ssl of ['require', 'verify-full'] as const)
        await assert.rejects(exported(query, {}, { warehouse: { ...warehouse, ssl } }), {
          code: 'warehouse.tls',
          message: /does not offer TLS/,
        });
    });

    it('says that nobody answers, and that there is no such database', async () => {
      await assert.rejects(exported(query, {}, { warehouse: { ...warehouse, port: 1 } }), {
        code: 'warehouse.connect',
        message: /127\.0\.0\.1:1 cannot be reached/,
      });
      await assert.rejects(exported(query, {}, { warehouse: { ...warehouse, database: 'none' } }), {
        code: 'warehouse.connect',
        message: /no database "none"/,
      });
    });
  });

  describe('over TLS', () => {
    let secure: Postgres;
    let over: (own: Partial<Warehouse>) => Promise<unknown>;

    before(async function () {
      const pki = mkdtempSync(join(tmpdir(), 'warmstart-tls-'));
      try {
        const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
        execFileSync(
          'openssl',
          [
            'req',
            '-x509',
            '-newkey',
            'rsa:2048',
            '-nodes',
            '-keyout',
            'key.pem',
            '-out',
            'cert.pem',
            ...subject,
          ],
          { cwd: pki, stdio: 'ignore' },
        );
      } catch {
        // Only a machine without openssl cannot make a certificate.
        this.skip();
      }
      const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(pki, name), 'utf8'));
      rmSync(pki, { recursive: true });
      secure = await startPostgres(
        { ssl: 'on', ssl_key_file: '../key.pem', ssl_cert_file: '../cert.pem' },
        { 'key.pem': key!, 'cert.pem': cert! },
      );
      over = (own) => {
        writeFileSync(join(root, 'ca.pem'), cert!);
        const base: Warehouse = { ...warehouse, host: 'localhost', port: secure.port };
        return exported(million.replace('1000000', '2000'), {}, { warehouse: Object.assign(base, own) });
      };
    });

    after(() => secure?.stop());

    it('encrypts without a look at the certificate', async () => {
      await over({ ssl: 'require' });
    });

    it('trusts the given authority', async () => {
      await over({ ssl: 'verify-full', sslRootCert: 'ca.pem' });
    });

    it('refuses a certificate of an unknown authority, or of another host', async () => {
      await assert.rejects(over({ ssl: 'verify-full' }), { code: 'warehouse.tls', message: /not trusted/ });
      await assert.rejects(over({ ssl: 'verify-full', sslRootCert: 'ca.pem', host: '127.0.0.1' }), {
        code: 'warehouse.tls',
      });
      await assert.rejects(over({ ssl: 'verify-full', sslRootCert: 'none.pem' }), {
        code: 'warehouse.tls',
        message: /none\.pem/,
      });
    });
  });
});
