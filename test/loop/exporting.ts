import assert from 'node:assert/strict';
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
import { buffer } from 'node:stream/consumers';
import { Client } from 'pg';
import type { Warehouse } from '../../src/project/schema';
import { quietTask, type Task } from '../../src/task';
import { type ExportRequest, exportDataset } from '../../src/warehouse/export';
import type { Upload } from '../../src/warehouse/part';
import { modelWith } from '../unit/warehouse/model';
import { type Postgres, startPostgres } from './postgres';

export const window = { from: '2001-01-01', until: '2002-01-01' };
/** Every query must use its window; these rows have no dates. */
export const inWindow = 'WHERE {{from}} < {{until}}';

/** Rows of an integer, a boolean, a real number, and one that is missing in every tenth row. */
export const manyRows = (count: number) => `
  SELECT i % 1000 / 10.0 AS y, i AS a, i % 2 = 0 AS flag, sin(i) AS s,
         CASE WHEN i % 10 <> 0 THEN sqrt(i) END AS root
  FROM generate_series(1, ${count}) AS i ${inWindow}`;

/** Exports of one test from a real PostgreSQL into a scratch folder and a map instead of S3. */
export class Exporting {
  /** The project's folder. */
  root = '';
  /** What was uploaded, by key. */
  objects = new Map<string, Buffer>();

  postgres!: Postgres;
  /** Connected as the superuser. */
  admin!: Client;

  get warehouse(): Warehouse {
    return {
      kind: 'postgres',
      host: '127.0.0.1',
      port: this.postgres.port,
      database: 'postgres',
      user: this.postgres.user,
      ssl: 'disable',
      statementTimeoutSeconds: 60,
      password: { from: 'none' },
    };
  }

  readonly keep: Upload = async (key, body) => {
    const bytes = await buffer(body);
    this.objects.set(key, bytes);
    return { s3Uri: `s3://bucket/${key}`, etag: `"${createHash('md5').update(bytes).digest('hex')}"` };
  };

  run(query: string, data = {}, own: Partial<ExportRequest> = {}, task: Task = quietTask()) {
    mkdirSync(join(this.root, 'sql'), { recursive: true });
    writeFileSync(join(this.root, 'sql', 'q.sql'), query);
    const request: ExportRequest = {
      model: modelWith(data),
      warehouse: this.warehouse,
      password: this.postgres.password,
      root: this.root,
      runId: 'run-1',
      window,
      directory: join(this.root, 'out'),
      upload: this.keep,
      ...own,
    };
    return exportDataset(request, task);
  }

  file(name: string): Buffer {
    return readFileSync(join(this.root, 'out', name));
  }

  lines(part: string): string[] {
    return this.file(`${part}.csv`).toString('latin1').split('\n').slice(0, -1);
  }

  requireNothingLeft(): void {
    const folder = join(this.root, 'out');
    assert.deepEqual(existsSync(folder) ? readdirSync(folder) : [], []);
    assert.equal(this.objects.has('datasets/l/m/run-1/dataset.json'), false);
  }
}

/** Gives the tests of the surrounding `describe` one server, and each of them an empty folder. */
export function useExporting(): Exporting {
  const exporting = new Exporting();
  before(async () => {
    exporting.postgres = await startPostgres();
    const { port, user, password } = exporting.postgres;
    exporting.admin = new Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
    await exporting.admin.connect();
  });
  after(async () => {
    await exporting.admin.end();
    await exporting.postgres.stop();
  });
  beforeEach(() => {
    exporting.root = mkdtempSync(join(tmpdir(), 'warmstart-export-'));
    exporting.objects = new Map();
  });
  afterEach(() => rmSync(exporting.root, { recursive: true, force: true }));
  return exporting;
}
