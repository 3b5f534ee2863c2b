import { escapeIdentifier, escapeLiteral } from 'pg';
import { WarmstartError } from '../errors';
import type { Layout, ResultColumn } from './columns';
import { type PartName, type Split, timeShares } from './split';

/**
 * The SQL of an export by UNLOAD, as text. Sources: Amazon Redshift Database Developer Guide, UNLOAD, FNV_HASH, PERCENTILE_DISC.
 * What is not Redshift's own (percentiles, profiles) is also PostgreSQL, and tested there.
 */

/** Redshift casts no boolean to text or to a real number, so booleans are integers from the start, as the CSV has them. */
function outputOf({ name, type }: ResultColumn): string {
  return type === 'boolean' ? `q.${escapeIdentifier(name)}::int` : `q.${escapeIdentifier(name)}`;
}

/**
 * Values pass no machine of ours on their way to S3, so the types must vouch for them.
 *
 * @throws WarmstartError `warehouse.not-numeric`
 */
export function requireNumericTypes({ columns }: Layout): void {
  const text = columns.find(({ type }) => type === 'text');
  if (text)
    throw new WarmstartError('warehouse.not-numeric', `The column "${text.name}" is not of a numeric type.`, {
      kind: 'usage',
      remedy: `Cast or encode it in the query, for example: "${text.name}"::float8.`,
    });
}

/** The rows of one part: the layout's columns, numbers only. */
export function partQuery(query: string, layout: Layout, split: Split, part: PartName): string {
  const list = layout.columns
    .map((column) => `${outputOf(column)} AS ${escapeIdentifier(column.name)}`)
    .join(', ');
  const rows = `WITH q AS (\n${query}\n)`;
  if (layout.splitColumn !== undefined && split.by === 'time') {
    const column = `q.${escapeIdentifier(layout.splitColumn)}`;
    const [validation, test] = timeShares(split);
    const cut = (share: number) => `percentile_disc(${share}) WITHIN GROUP (ORDER BY ${column})`;
    const where = {
      train: `${column} <= cuts.validation_cut`,
      validation: `${column} > cuts.validation_cut AND ${column} <= cuts.test_cut`,
      test: `${column} > cuts.test_cut`,
    };
    return (
      `${rows}, cuts AS (SELECT ${cut(validation)} AS validation_cut, ${cut(test)} AS test_cut FROM q) ` +
      `SELECT ${list} FROM q CROSS JOIN cuts WHERE ${where[part]}`
    );
  }
  const share = `(${shareOf(layout)})`;
  const testEnd = Math.round(split.test * 1e6);
  const validationEnd = Math.round((split.test + split.validation) * 1e6);
  const where = {
    test: `${share} < ${testEnd}`,
    validation: `${share} BETWEEN ${testEnd} AND ${validationEnd - 1}`,
    train: `${share} >= ${validationEnd}`,
  };
  return `${rows} SELECT ${list} FROM q WHERE ${where[part]}`;
}

/** A row's number from 0 to 999,999 that depends on its key, or on all its values, alone. */
function shareOf({ columns, splitColumn }: Layout): string {
  const key = columns.find(({ name }) => name === splitColumn);
  const values =
    splitColumn === undefined
      ? columns.map(outputOf)
      : [key ? outputOf(key) : `q.${escapeIdentifier(splitColumn)}`];
  const hash = values.reduce(
    (seed, value) => `fnv_hash(coalesce(${value}::varchar, '')${seed === '' ? '' : `, ${seed}`})`,
    '',
  );
  // The hash is a signed 64-bit number.
  return `((${hash}) % 1000000 + 1000000) % 1000000`;
}

/** Redshift writes one file of at most 6.2 GB, named `<target>000`. */
export function unloadStatement(query: string, target: string, roleArn: string, region: string): string {
  return (
    `UNLOAD (${escapeLiteral(query).trim()}) TO ${escapeLiteral(target).trim()} ` +
    `IAM_ROLE ${escapeLiteral(roleArn).trim()} REGION ${escapeLiteral(region).trim()} ` +
    `FORMAT AS CSV NULL AS '' PARALLEL OFF MAXFILESIZE 6.2 GB ALLOWOVERWRITE`
  );
}

/** One row: `rows`, and for the i-th column `n<i>`, `d<i>` (distinct), `min<i>`, `max<i>`, `mean<i>`, `stdev<i>`. */
export function momentsQuery(query: string, { columns }: Layout): string {
  const of = columns.flatMap((column, i) => {
    const value = `${outputOf(column)}::float8`;
    return [
      `count(${value}) AS n${i}`,
      `count(DISTINCT ${value}) AS d${i}`,
      `min(${value}) AS min${i}`,
      `max(${value}) AS max${i}`,
      `avg(${value}) AS mean${i}`,
      `stddev_samp(${value}) AS stdev${i}`,
    ];
  });
  return `WITH q AS (\n${query}\n) SELECT count(*) AS rows, ${of.join(', ')} FROM q`;
}

/** Rows of `value`, `count` in ascending order of value. */
export function countsQuery(query: string, column: ResultColumn): string {
  const value = `${outputOf(column)}::float8`;
  return (
    `WITH q AS (\n${query}\n) SELECT ${value} AS value, count(*) AS count FROM q ` +
    `WHERE ${value} IS NOT NULL GROUP BY 1 ORDER BY 1`
  );
}

/** Rows of `percent`, `value`: the greatest value at or below each percentile's rank; percents without a row are left out. */
export function percentilesQuery(query: string, column: ResultColumn): string {
  const value = `${outputOf(column)}::float8`;
  return (
    `WITH q AS (\n${query}\n), ranked AS (SELECT ${value} AS value, ` +
    `row_number() OVER (ORDER BY ${value}) - 1 AS rank, count(*) OVER () - 1 AS last FROM q WHERE ${value} IS NOT NULL) ` +
    `SELECT ceil(100.0 * rank / last)::int AS percent, max(value) AS value FROM ranked GROUP BY 1 ORDER BY 1`
  );
}
