import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { WarmstartError } from '../errors';
import type { Model } from '../project/project';
import type { Warehouse } from '../project/schema';
import type { Task } from '../task';
import { type Layout, layoutOf, type ResultColumn } from './columns';
import type { ColumnProfile, Dataset, DatasetPart } from './dataset';
import { describe, withTransaction } from './postgres';
import {
  countsQuery,
  momentsQuery,
  partQuery,
  percentilesQuery,
  requireNumericTypes,
  unloadStatement,
} from './redshift';
import { type PartName, partNames } from './split';

/** The bucket that UNLOAD writes to, as far as an export needs it; a `Store` of src/aws is one. */
export interface UnloadBucket {
  readonly bucket: string;
  uri(key: string): string;
  list(prefix: string): AsyncIterable<{ key: string; size: number }>;
  copy(request: { source: { bucket: string; key: string }; key: string }): Promise<{ etag: string }>;
  stream(key: string): Promise<{ body: Readable }>;
  delete(keys: readonly string[]): Promise<void>;
}

export interface UnloadTarget {
  store: UnloadBucket;
  /** The bucket's; Redshift may be in another one. */
  region: string;
}

/** Runs one statement and answers its rows. */
export type Run = (sql: string) => Promise<Record<string, unknown>[]>;

export interface UnloadRequest {
  model: Model;
  warehouse: Extract<Warehouse, { kind: 'redshift' }>;
  password: string | undefined;
  root: string;
}

type Exported = { columns: ColumnProfile[]; parts: Dataset['parts'] };

/** Has Redshift write the parts to S3 by itself; no row passes this machine but to be hashed. */
export async function unloadParts(
  request: UnloadRequest,
  target: UnloadTarget,
  query: string,
  prefix: string,
  task: Task,
): Promise<Exported> {
  return withTransaction(request, task, async (client) => {
    const layout = layoutOf(request.model.data, await describe(client, query));
    const run: Run = async (sql) => (await client.query<Record<string, unknown>>(sql)).rows;
    return unload(request, layout, run, target, query, prefix, task);
  });
}

/** The part of {@link unloadParts} behind the connection. */
export async function unload(
  { model, warehouse }: Pick<UnloadRequest, 'model' | 'warehouse'>,
  layout: Layout,
  run: Run,
  target: UnloadTarget,
  query: string,
  prefix: string,
  task: Task,
): Promise<Exported> {
  requireNumericTypes(layout);
  const { store, region } = target;
  const report = (message: string) => task.report({ step: 'export', subject: model.name, message });
  report('profiling the columns');
  const columns = await profileColumns(run, query, layout);
  requireLabels(columns);
  try {
    const part = async (name: PartName) => {
      report(`unloading the ${name} part`);
      const key = `${prefix}/${name}.csv`;
      const rows = partQuery(query, layout, model.data.split, name);
      await run(unloadStatement(rows, store.uri(key), warehouse.unloadRoleArn, region));
      const [last] = await run('SELECT pg_last_unload_count() AS rows');
      return takePart(store, key, name, numberOf(last?.rows));
    };
    const train = await part('train');
    const validation = await part('validation');
    const test = await part('test');
    return { columns, parts: { train, validation, test } };
  } catch (error) {
    await removeParts(store, prefix);
    throw error;
  }
}

/** Gives UNLOAD's only file the part's name. */
async function takePart(
  store: UnloadBucket,
  key: string,
  name: PartName,
  rows: number,
): Promise<DatasetPart> {
  const files = (await keysBelow(store, key)).filter((file) => /^\d{3}$/.test(file.slice(key.length)));
  const [file] = files;
  if (file === undefined || rows === 0)
    throw new WarmstartError('warehouse.empty-part', `No row fell into the ${name} part.`, {
      remedy: 'Widen the window, or raise the shares of `data.split`.',
    });
  if (files.length > 1)
    throw new WarmstartError(
      'warehouse.too-large',
      `The ${name} part is larger than the 6.2 GB of one UNLOAD file.`,
      {
        remedy: 'Narrow the window, or sample the rows in the query.',
      },
    );
  const { etag } = await store.copy({ source: { bucket: store.bucket, key: file }, key });
  await store.delete([file]);
  const { body } = await store.stream(key);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of body) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { s3Uri: store.uri(key), rows, bytes, sha256: hash.digest('hex'), etag };
}

async function removeParts(store: UnloadBucket, prefix: string): Promise<void> {
  const keys = await Promise.all(partNames.map((name) => keysBelow(store, `${prefix}/${name}.csv`)));
  await store.delete(keys.flat());
}

async function keysBelow(store: UnloadBucket, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

/** The profiles that {@link ColumnProfiler} would make, by aggregates; percentiles are those of the closest lower rank. */
export async function profileColumns(run: Run, query: string, layout: Layout): Promise<ColumnProfile[]> {
  const [moments = {}] = await run(momentsQuery(query, layout));
  const rows = numberOf(moments.rows);
  const profiles: ColumnProfile[] = [];
  for (const [i, column] of layout.columns.entries()) {
    const common = {
      name: column.name,
      rows,
      missing: rows - numberOf(moments[`n${i}`]),
      min: numberOf(moments[`min${i}`]),
      max: numberOf(moments[`max${i}`]),
      mean: numberOf(moments[`mean${i}`]),
      stdev: numberOf(moments[`stdev${i}`]),
    };
    const few = numberOf(moments[`d${i}`]) <= 50;
    profiles.push({
      ...common,
      ...(few
        ? { values: await countsOf(run, query, column) }
        : { percentiles: await percentilesOf(run, query, column) }),
    });
  }
  return profiles;
}

async function countsOf(run: Run, query: string, column: ResultColumn): Promise<[number, number][]> {
  const rows = await run(countsQuery(query, column));
  return rows.map(({ value, count }) => [numberOf(value), numberOf(count)]);
}

async function percentilesOf(run: Run, query: string, column: ResultColumn): Promise<number[]> {
  const rows = await run(percentilesQuery(query, column));
  const found = new Map(rows.map(({ percent, value }) => [numberOf(percent), numberOf(value)]));
  const percentiles: number[] = [];
  for (let percent = 0; percent <= 100; percent++)
    percentiles.push(found.get(percent) ?? percentiles[percent - 1] ?? 0);
  return percentiles;
}

function requireLabels([label]: ColumnProfile[]): void {
  if (label?.rows === 0)
    throw new WarmstartError('warehouse.empty-result', 'The query found no rows.', {
      remedy: "Check the window, the model's `data.parameters` and the search path.",
    });
  if (label && label.missing > 0)
    throw new WarmstartError(
      'warehouse.label-missing',
      `${label.missing} rows have no label "${label.name}".`,
      {
        remedy: `Leave such rows out: WHERE ${label.name} IS NOT NULL.`,
      },
    );
}

/** Drivers give bigint and numeric as text. An aggregate over nothing is NULL and counts as zero. */
function numberOf(value: unknown): number {
  return Number(value ?? 0);
}
