import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { brotliDecompressSync } from 'node:zlib';
import { Client } from 'pg';
import { Cancelled } from '../../src/errors';
import { type Project, toProject } from '../../src/project/project';
import { projectSchema } from '../../src/project/schema';
import { type SampleWarehouse, startWarehouse } from '../../src/sandbox/warehouse/start';
import { quietTask } from '../../src/task';
import { exportDataset } from '../../src/warehouse/export';
import type { Upload } from '../../src/warehouse/part';

const sample = resolve('media/sample');
const root = join(sample, 'project');

describe('the sample warehouse', function () {
  this.timeout(60_000);
  let warehouse: SampleWarehouse;
  let project: Project;
  let out: string;

  before(async () => {
    warehouse = await startWarehouse({ port: 0, sample });
    const file = join(root, 'warmstart.json');
    const source = projectSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    source.warehouse.port = warehouse.port;
    project = toProject(root, file, source);
    out = mkdtempSync(join(tmpdir(), 'warmstart-sample-'));
  });

  after(async () => {
    await warehouse.close();
    rmSync(out, { recursive: true, force: true });
  });

  const upload: Upload = async (key, body) => {
    await buffer(body);
    return { s3Uri: `s3://bucket/${key}`, etag: '""' };
  };

  const run = (model: Project['models'][number], task = quietTask()) =>
    exportDataset(
      {
        model,
        warehouse: project.warehouse,
        password: undefined,
        root,
        runId: 'run-1',
        window: { from: '2001-01-01', until: '2001-07-02' },
        directory: join(out, model.name),
        upload,
      },
      task,
    );

  const rowsOf = (model: string, part: string) =>
    readFileSync(join(out, model, `${part}.csv`), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(',').map((value) => (value === '' ? Number.NaN : Number(value))));

  async function connect(): Promise<Client> {
    const { host, port, database, user } = warehouse;
    const client = new Client({ host, port, database, user });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  it('exports all models of the sample project at once', async () => {
    const datasets = await Promise.all(project.models.map((model) => run(model)));
    assert.deepEqual(
      datasets.map(({ model, parts: { train, validation, test } }) => [
        model,
        train.rows + validation.rows + test.rows,
      ]),
      [
        ['delay-atl', 31_265],
        ['delay-ord', 41_531],
        ['delay-dfw', 39_258],
      ],
    );
    assert.deepEqual(
      datasets[0]?.columns.map(({ name }) => name),
      ['delay', 'departure_hour', 'weekday', 'distance', 'latitude', 'longitude', 'traffic', 'recent_delay'],
    );
  });

  it('holds something to learn: the hub’s recent delay alone beats the mean', () => {
    for (const { name } of project.models) {
      const train = rowsOf(name, 'train');
      const test = rowsOf(name, 'test');
      const binOf = (row: number[]) => (Number.isNaN(row[7]) ? -99 : Math.min(12, Math.floor(row[7]! / 5)));
      const mean = (rows: number[][]) => rows.reduce((sum, [delay]) => sum + delay!, 0) / rows.length;
      const bins = new Map<number, number[][]>();
      for (const row of train) bins.set(binOf(row), [...(bins.get(binOf(row)) ?? []), row].slice(-4000));
      const means = new Map([...bins].map(([bin, rows]) => [bin, mean(rows)]));
      const overall = mean(train);
      const rmse = (predict: (row: number[]) => number) =>
        Math.sqrt(test.reduce((sum, row) => sum + (row[0]! - predict(row)) ** 2, 0) / test.length);
      const ratio = rmse((row) => means.get(binOf(row)) ?? overall) / rmse(() => overall);
      // Whole days are held out, so that this is what one feature tells of days whose weather nobody has seen.
      assert.ok(ratio < 0.98, `${name}: ${ratio}`);
    }
  });

  it('shows no transaction of one client to another', async () => {
    const [one, other] = await Promise.all([connect(), connect()]);
    await one.query('BEGIN; CREATE TABLE half_done (i int)');
    const seen = other.query("SELECT to_regclass('half_done') AS found");
    await wait(50);
    await one.query('ROLLBACK');
    assert.equal((await seen).rows[0].found, null);
    await Promise.all([one.end(), other.end()]);
  });

  it('goes on after an error, and after a client that vanishes in a transaction', async () => {
    const one = await connect();
    await assert.rejects(one.query('SELECT nonsense'));
    await one.query('BEGIN');
    const other = connect();
    await wait(50);
    await one.end();
    assert.equal((await (await other).query('SELECT 1 AS one')).rows[0].one, 1);
    await (await other).end();
  });

  it('goes on after an export is cancelled', async () => {
    const controller = new AbortController();
    const cancelled = run(project.models[0]!, {
      ...quietTask(controller.signal),
      report: () => controller.abort(),
    });
    const next = run(project.models[1]!);
    await assert.rejects(cancelled, Cancelled);
    await next;
  });

  it('is packed for the PGlite that is installed', async () => {
    const { PGlite } = await import('@electric-sql/pglite');
    const tar = Uint8Array.from(brotliDecompressSync(readFileSync(join(sample, 'cluster.tar.br'))));
    const db = await PGlite.create({ loadDataDir: new Blob([tar]) });
    await db.close();
  });
});
