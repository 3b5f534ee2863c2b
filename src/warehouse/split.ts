import { escapeIdentifier } from 'pg';
import { WarmstartError } from '../errors';
import type { ModelFile } from '../project/schema';
import type { Layout } from './columns';

export type Split = ModelFile['data']['split'];
export type PartName = 'train' | 'validation' | 'test';
export const partNames: readonly PartName[] = ['train', 'validation', 'test'];

/**
 * How one row finds its part. `content`: by the hash of the row as the server prints it. `key`: by the hash of an extra last
 * field of the row. `part`: that field is the part's index in {@link partNames}.
 */
export type Routing = 'content' | 'key' | 'part';

/**
 * The part of a key, the same in every run: equal keys always share a part, and the shares hold on average.
 * FNV-1a (32 bit) with the finalizer of MurmurHash3, since FNV alone spreads its high bits badly for short keys.
 *
 * @param key one character per byte
 */
export function partOfKey(key: string, split: Pick<Split, 'test' | 'validation'>): PartName {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  const share = ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
  if (share < split.test) return 'test';
  return share < split.test + split.validation ? 'validation' : 'train';
}

/** @throws WarmstartError `warehouse.split-shares` when nothing would be left to train on */
export function requireShares({ test, validation }: Split): void {
  if (test + validation >= 1)
    throw new WarmstartError(
      'warehouse.split-shares',
      'The shares of test and validation leave no row to train on.',
      {
        kind: 'usage',
        remedy: 'Lower `data.split.test` or `data.split.validation`; together they must be less than 1.',
      },
    );
}

/**
 * The query that COPY runs: the layout's columns, then a field that routes the row unless its content does.
 *
 * By time, the newest share of rows is the test part and the newest of the rest the validation part. Rows of the same time
 * are never parted, so a part may hold fewer rows than its share. The cuts come from the same statement and thus the same
 * snapshot; the server evaluates the user's query once, because a CTE that is read twice is materialized.
 */
export function splitQuery(query: string, layout: Layout, split: Split): { sql: string; routing: Routing } {
  const list = layout.columns.map(({ name }) => `q.${escapeIdentifier(name)}`).join(', ');
  const rows = `WITH q AS (\n${query}\n)`;
  if (layout.splitColumn === undefined) return { sql: `${rows} SELECT ${list} FROM q`, routing: 'content' };
  const column = `q.${escapeIdentifier(layout.splitColumn)}`;
  // In hexadecimal no value needs the quotes of CSV.
  if (split.by === 'hash')
    return {
      sql: `${rows} SELECT ${list}, encode(convert_to(${column}::text, 'UTF8'), 'hex') FROM q`,
      routing: 'key',
    };
  const [first, second] = timeShares(split);
  return {
    sql:
      `${rows}, cuts AS (SELECT percentile_disc(ARRAY[${first}, ${second}]::float8[]) ` +
      `WITHIN GROUP (ORDER BY ${column}) AS cut FROM q) ` +
      `SELECT ${list}, CASE WHEN ${column} <= cut[1] THEN 0 WHEN ${column} <= cut[2] THEN 1 ` +
      `WHEN ${column} > cut[2] THEN 2 END FROM q, cuts`,
    routing: 'part',
  };
}

/** Where validation and test begin, as shares of the rows in the order of time. */
export function timeShares({ test, validation }: Split): [validation: number, test: number] {
  const round = (share: number) => Math.round(share * 1e9) / 1e9;
  return [round(1 - test - validation), round(1 - test)];
}
