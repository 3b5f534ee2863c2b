// How fast an export is beside `psql \copy` of the same rows: `npx tsx bench/export.ts [rows] [rounds]`. Needs psql.
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { quietTask } from '../src/task';
import { exportDataset } from '../src/warehouse/export';
import type { Upload } from '../src/warehouse/part';
import { renderQuery } from '../src/warehouse/sql';
import { startPostgres } from '../test/loop/postgres';
import { modelWith } from '../test/unit/warehouse/model';

const rows = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 7);
const window = { from: '2001-01-01', until: '2002-01-01' };
const text = 'SELECT * FROM flights WHERE {{from}} < {{until}}';

/** Ten columns as a real feature table has them: integers, decimals, reals, booleans and gaps. */
const table = `
  CREATE TABLE flights AS SELECT
    (random() * 300 - 30)::int AS y, i AS id, (random() * 24)::int AS hour, (i % 7)::int AS weekday,
    round((random() * 3000)::numeric, 1) AS distance, random() AS a, random() * 1e6 AS b, i % 3 = 0 AS flag,
    CASE WHEN i % 10 <> 0 THEN random() END AS gap, round((random() * 90)::numeric, 6) AS latitude
  FROM generate_series(1, ${rows}) AS i; ANALYZE flights`;

async function main(): Promise<void> {
  const postgres = await startPostgres();
  const root = mkdtempSync(join(tmpdir(), 'warmstart-bench-'));
  const { port, user, password } = postgres;
  const psql = (command: string) =>
    execFileSync(
      'psql',
      ['-q', '-X', '-h', '127.0.0.1', '-p', String(port), '-U', user, '-c', command, 'postgres'],
      {
        env: { ...process.env, PGPASSWORD: password },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
  try {
    psql(table);
    mkdirSync(join(root, 'sql'));
    writeFileSync(join(root, 'sql', 'q.sql'), text);
    const copied = join(root, 'copied.csv');
    const copy = async () =>
      psql(`\\copy (${renderQuery('q.sql', text, {}, window)}) TO '${copied}' (FORMAT csv)`);
    // In S3's place stands the disk, so that both sides write what they read; the export writes it twice.
    const upload: Upload = async (key, body) => {
      await pipeline(body, createWriteStream(join(root, key.replaceAll('/', '-'))));
      return { s3Uri: `s3://bucket/${key}`, etag: '""' };
    };
    const request = {
      model: modelWith({}),
      warehouse: {
        kind: 'postgres' as const,
        host: '127.0.0.1',
        port,
        database: 'postgres',
        user,
        ssl: 'disable' as const,
        statementTimeoutSeconds: 600,
        password: { from: 'none' as const },
      },
      password,
      root,
      runId: 'bench',
      window,
      directory: join(root, 'out'),
      upload,
    };
    const seconds = async (work: () => Promise<unknown>) => {
      const started = performance.now();
      await work();
      return (performance.now() - started) / 1000;
    };
    const times: { copy: number; export: number }[] = [];
    // The first round warms both up; then they take turns, so that a busy machine is unfair to neither.
    for (let round = 0; round <= rounds; round++) {
      const one = {
        copy: await seconds(copy),
        export: await seconds(() => exportDataset(request, quietTask())),
      };
      if (round > 0) times.push(one);
    }
    const megabytes = statSync(copied).size / 1e6;
    console.log(`${rows.toLocaleString('en-US')} rows, ${megabytes.toFixed(0)} MB, ${rounds} rounds`);
    console.log(`psql \\copy  ${summary(times.map((t) => t.copy))} s`);
    console.log(`export      ${summary(times.map((t) => t.export))} s`);
    console.log(`ratio       ${summary(times.map((t) => t.export / t.copy))}`);
  } finally {
    await postgres.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** Median, and the extremes in brackets. */
function summary(values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, middle, high] = [0, Math.floor(sorted.length / 2), sorted.length - 1].map(
    (i) => sorted[i] ?? 0,
  );
  return `${middle?.toFixed(2)} (${low?.toFixed(2)} … ${high?.toFixed(2)})`;
}

void main();
