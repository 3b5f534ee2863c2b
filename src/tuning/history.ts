import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Store } from '../aws/store';
import { messageOf, WarmstartError } from '../errors';

/** The key of the history in the registry environment's bucket. */
export const historyKey = 'logs/tuningjobhistory.csv';

/** The article's columns, in its order: its pandas code reads the second one by position. */
export const articleColumns = [
  'datetime',
  'tuningjob',
  'metric',
  'layer',
  'objective',
  'eval_metric',
  'eval_metric_value',
  'trainingjobcount',
] as const;

const ourColumns = [
  'testing',
  'succeeded',
  'status',
  'type',
  'package_arn',
  'run_id',
  'image',
  'region',
  'account',
  'hyperparameters',
  'parents',
  'dataset',
  'warm_start',
] as const;

type Column = (typeof articleColumns)[number] | (typeof ourColumns)[number];

/** One tuning job that a run finished. What a row of the article does not say is null. */
export interface HistoryRow {
  /** ISO-8601, UTC, to the second. */
  datetime: string;
  tuningJob: string;
  /** The article calls it the metric. */
  model: string;
  layer: string;
  objective: string;
  /** Such as `validation:rmse`. */
  evalMetric: string;
  /** Of the best training job. */
  evalMetricValue: number | null;
  /** Training jobs asked for, as in the article; `succeeded` tells how many brought a result. */
  trainingJobCount: number;
  testing: boolean;
  succeeded: number | null;
  status: string | null;
  type: 'Minimize' | 'Maximize' | null;
  packageArn: string | null;
  runId: string | null;
  image: string | null;
  region: string | null;
  account: string | null;
  /** Names, tuned and static, sorted. */
  hyperparameters: string[] | null;
  /** Tuning jobs that it was warm-started from, newest first. */
  parents: string[];
  /** The URI of `dataset.json`. */
  dataset: string | null;
  warmStart: string | null;
}

/**
 * Reads the history, ours or the article's, oldest first. A tuning job that stands twice counts once, as its last row.
 * @throws WarmstartError `tuning.history-unreadable` when the text is no such CSV: an unreadable history is never taken for an empty one
 */
export function parseHistory(text: string): HistoryRow[] {
  const { records } = read(text);
  const rows = new Map<string, HistoryRow>();
  for (const record of records) {
    const row = toRow(record);
    if (row.tuningJob !== '') rows.set(row.tuningJob.toLowerCase(), row);
  }
  return [...rows.values()].sort(
    (a, b) => compare(a.datetime, b.datetime) || compare(a.tuningJob, b.tuningJob),
  );
}

/**
 * The history with one more row. A tuning job that is there already gets its row replaced, so that a repeated
 * attempt changes nothing; every other cell, and columns that we do not know, stay as they are.
 */
export function appendRow(text: string | null, row: HistoryRow): string {
  const { columns, records } = text === null ? { columns: [], records: [] } : read(text);
  const header = [
    ...articleColumns,
    ...columns.filter((name) => !isOneOf(articleColumns, name)),
    ...ourColumns.filter((name) => !columns.includes(name)),
  ];
  const at = records.findIndex((r) => r.tuningjob?.trim().toLowerCase() === row.tuningJob.toLowerCase());
  const record: Fields = { ...records[at], ...toRecord(row) };
  const all = at < 0 ? [...records, record] : records.map((r, i) => (i === at ? record : r));
  return stringify(
    all.map((r) => header.map((name) => r[name] ?? '')),
    { header: true, columns: header },
  );
}

/** The history as S3 has it; empty when there is none yet. */
export async function readHistory(store: Pick<Store, 'getText'>): Promise<HistoryRow[]> {
  const text = await store.getText(historyKey);
  return text === undefined ? [] : parseHistory(text);
}

/**
 * Adds a row to the history in S3, however many do so at once.
 * @returns the whole text, for the project's local copy
 */
export async function recordTuningJob(store: Pick<Store, 'update'>, row: HistoryRow): Promise<string> {
  let written = '';
  await store.update(
    historyKey,
    (text) => {
      written = appendRow(text, row);
      return written === text ? null : written;
    },
    { contentType: 'text/csv' },
  );
  return written;
}

type Fields = Partial<Record<string, string>>;

function read(text: string): { columns: string[]; records: Fields[] } {
  let table: string[][];
  try {
    table = parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    throw unreadable(messageOf(error), error);
  }
  const [columns, ...lines] = table;
  // An empty object is no history either: a file that lost its header must not be written over in silence.
  if (!columns?.includes('tuningjob')) throw unreadable('its first line does not name the column tuningjob');
  const records = lines.map((cells) => Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? ''])));
  return { columns, records };
}

function unreadable(why: string, cause?: unknown): WarmstartError {
  return new WarmstartError(
    'tuning.history-unreadable',
    `The history of tuning jobs cannot be read: ${why}.`,
    {
      remedy: `Repair ${historyKey} in the registry environment's bucket, or restore its earlier version.`,
      cause,
    },
  );
}

function toRow(record: Fields): HistoryRow {
  const cell = (name: Column) => record[name]?.trim() ?? '';
  const text = (name: Column) => cell(name) || null;
  const list = (name: Column) => cell(name).split(';').filter(Boolean);
  const type = cell('type');
  const count = numberOf(cell('trainingjobcount')) ?? 0;
  return {
    datetime: fromArticleTime(cell('datetime')),
    tuningJob: cell('tuningjob'),
    model: cell('metric'),
    layer: cell('layer'),
    objective: cell('objective'),
    evalMetric: cell('eval_metric'),
    evalMetricValue: numberOf(cell('eval_metric_value')),
    trainingJobCount: count,
    // The article has no such column: there, a job with one training job is a test of the pipeline.
    testing: cell('testing') === '' ? count <= 1 : cell('testing').toLowerCase() === 'true',
    succeeded: numberOf(cell('succeeded')),
    status: text('status'),
    type: type === 'Minimize' || type === 'Maximize' ? type : null,
    packageArn: text('package_arn'),
    runId: text('run_id'),
    image: text('image'),
    region: text('region'),
    account: accountOf(cell('account')),
    hyperparameters: cell('hyperparameters') === '' ? null : list('hyperparameters'),
    parents: list('parents'),
    dataset: text('dataset'),
    warmStart: text('warm_start'),
  };
}

function toRecord(row: HistoryRow): Record<Column, string> {
  return {
    datetime: toArticleTime(row.datetime),
    tuningjob: row.tuningJob,
    metric: row.model,
    layer: row.layer,
    objective: row.objective,
    eval_metric: row.evalMetric,
    eval_metric_value: row.evalMetricValue === null ? '' : String(row.evalMetricValue),
    trainingjobcount: String(row.trainingJobCount),
    // As pandas writes and reads truth values.
    testing: row.testing ? 'True' : 'False',
    succeeded: row.succeeded === null ? '' : String(row.succeeded),
    status: row.status ?? '',
    type: row.type ?? '',
    package_arn: row.packageArn ?? '',
    run_id: row.runId ?? '',
    image: row.image ?? '',
    region: row.region ?? '',
    account: row.account ?? '',
    hyperparameters: [...(row.hyperparameters ?? [])].sort().join(';'),
    parents: row.parents.join(';'),
    dataset: row.dataset ?? '',
    warm_start: row.warmStart ?? '',
  };
}

/** `2026/11/22 15:30:01`, the article's `%Y/%m/%d %H:%M:%S`, read and written as UTC. */
export function toArticleTime(iso: string): string {
  return new Date(iso).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}

/** ISO-8601; text that is no time sorts before everything. */
function fromArticleTime(text: string): string {
  const found = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?/.exec(text);
  if (!found) return new Date(0).toISOString();
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second)).toISOString();
}

function numberOf(cell: string): number | null {
  if (cell === '') return null;
  const value = Number(cell);
  return Number.isFinite(value) ? value : null;
}

/** pandas reads an account as a number: leading zeros are lost, and a gap in the column makes it `1.11e+11`. */
function accountOf(cell: string): string | null {
  const value = numberOf(cell);
  return value === null ? null : value.toFixed(0).padStart(12, '0');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.includes(name);
}
