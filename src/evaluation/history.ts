import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { messageOf, WarmstartError } from '../errors';
import type { Evaluation, Metrics } from './report';

/** The article's columns, in its order. */
export const articleColumns = [
  'datetime',
  'testing',
  'trainingjob',
  'objective',
  'hyperparameter_tuning_metric',
  'mae',
  'rmse',
  'stdev_error',
] as const;

const ourColumns = [
  'run_id',
  'package_arn',
  'dataset',
  'git_commit',
  'champion_trainingjob',
  'gates_passed',
  'kind',
  'r2',
  'mape',
  'bias',
  'median_ae',
  'auc',
  'aucpr',
  'logloss',
  'brier',
  'accuracy',
  'precision',
  'recall',
  'f1',
  'mlogloss',
  'macro_f1',
  'weighted_f1',
] as const;

/** The metrics that have a column; others stand in `evaluation.json` only. */
const metricColumns = [...articleColumns.slice(5), ...ourColumns.slice(7)];

/** One evaluation of a candidate. What a row of the article does not say is null. */
export interface EvaluationRow {
  /** ISO-8601, UTC, to the second. */
  datetime: string;
  testing: boolean;
  trainingJob: string;
  objective: string;
  tuningMetric: string;
  runId: string | null;
  packageArn: string | null;
  /** The URI of `dataset.json`. */
  dataset: string | null;
  gitCommit: string | null;
  championTrainingJob: string | null;
  gatesPassed: boolean | null;
  kind: string | null;
  /** Those that are known. */
  metrics: Metrics;
}

/** `<layer>/<model>/evaluationhistory.csv`, in the registry environment's bucket. */
export function evaluationHistoryKey(layer: string, model: string): string {
  return `${layer}/${model}/evaluationhistory.csv`;
}

/** The history's row of an evaluation. The package does not exist yet when a model is evaluated. */
export function historyRow(
  evaluation: Evaluation,
  { packageArn, gitCommit }: { packageArn: string | null; gitCommit: string | null },
): EvaluationRow {
  return {
    datetime: evaluation.createdAt,
    testing: evaluation.testing,
    trainingJob: evaluation.candidate.trainingJob,
    objective: evaluation.objective,
    tuningMetric: evaluation.tuningMetric,
    runId: evaluation.runId,
    packageArn,
    dataset: evaluation.dataset.s3Uri,
    gitCommit,
    championTrainingJob: evaluation.champion?.trainingJob ?? null,
    gatesPassed: evaluation.gates.every((gate) => gate.passed),
    kind: evaluation.kind,
    metrics: evaluation.candidate.scorecard.metrics,
  };
}

/**
 * Reads the history, ours or the article's, oldest first.
 * @throws WarmstartError `evaluation.history-unreadable`: an unreadable history is never taken for an empty one
 */
export function parseHistory(text: string): EvaluationRow[] {
  const { places, lines } = read(text);
  return lines
    .map((cells) => toRow((name) => cellOf(places, cells, name).trim()))
    .filter((row) => row.trainingJob !== '')
    .sort((a, b) => (a.datetime < b.datetime ? -1 : Number(a.datetime > b.datetime)));
}

/**
 * The history with one more row; null stands for none yet. The same training job of the same run is replaced,
 * so that a repeated attempt changes nothing. Rows and columns of others stay as they are, letter by letter.
 * @throws WarmstartError `evaluation.history-unreadable`
 */
export function appendRow(text: string | null, row: EvaluationRow): string {
  const { columns, places, lines } = text === null ? empty : read(text);
  const header = [
    ...articleColumns,
    ...columns.filter((name) => !articleColumns.some((own) => own === name)),
    ...ourColumns.filter((name) => !columns.includes(name)),
  ];
  const record = toRecord(row);
  const isSame = (cells: string[]) =>
    ['trainingjob', 'run_id'].every((name) => cellOf(places, cells, name) === record.get(name));
  const at = lines.findIndex(isSame);
  const before = lines.map((cells) => header.map((name) => cellOf(places, cells, name)));
  const line = header.map((name, i) => record.get(name) ?? before[at]?.[i] ?? '');
  return stringify(at < 0 ? [...before, line] : before.with(at, line), { header: true, columns: header });
}

interface Table {
  columns: string[];
  /** The index of each column; of two with one name, the last one's. */
  places: ReadonlyMap<string, number>;
  /** The cells of each row, as many as stand there. */
  lines: string[][];
}

const empty: Table = { columns: [], places: new Map(), lines: [] };

function cellOf(places: Table['places'], cells: string[], name: string): string {
  return cells[places.get(name) ?? -1] ?? '';
}

function read(text: string): Table {
  let table: string[][];
  try {
    table = text.includes('"') ? parse(text, syntax) : parseUnquoted(text);
  } catch (error) {
    throw unreadable(messageOf(error), error);
  }
  const [columns, ...lines] = table;
  if (!columns) throw unreadable('the file is empty');
  if (!columns.includes('trainingjob'))
    throw unreadable('its first line does not name the column trainingjob');
  return { columns, places: new Map(columns.map((name, i) => [name, i])), lines };
}

const syntax = { bom: true, relax_column_count: true, skip_empty_lines: true } as const;

/** What the parser would read, in a tenth of its time: nothing else can run meanwhile, and histories grow long. */
function parseUnquoted(text: string): string[][] {
  const lineEnd = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const lines = text.replace(/^\uFEFF/, '').split(lineEnd);
  return lines.filter((line) => line !== '').map((line) => line.split(','));
}

function unreadable(why: string, cause?: unknown): WarmstartError {
  return new WarmstartError(
    'evaluation.history-unreadable',
    `The history of evaluations cannot be read: ${why}.`,
    {
      remedy:
        "Repair evaluationhistory.csv in the registry environment's bucket, or restore its earlier version.",
      cause,
    },
  );
}

function toRow(cell: (name: string) => string): EvaluationRow {
  const text = (name: string) => cell(name) || null;
  const metrics: Metrics = {};
  for (const name of metricColumns) {
    const value = Number(cell(name) || Number.NaN);
    if (!Number.isNaN(value)) metrics[name] = value;
  }
  return {
    datetime: fromArticleTime(cell('datetime')),
    testing: isTrue(cell('testing')),
    trainingJob: cell('trainingjob'),
    objective: cell('objective'),
    tuningMetric: cell('hyperparameter_tuning_metric'),
    runId: text('run_id'),
    packageArn: text('package_arn'),
    dataset: text('dataset'),
    gitCommit: text('git_commit'),
    championTrainingJob: text('champion_trainingjob'),
    gatesPassed: cell('gates_passed') === '' ? null : isTrue(cell('gates_passed')),
    kind: text('kind'),
    metrics,
  };
}

function toRecord(row: EvaluationRow): Map<string, string> {
  const metric = (name: string) => {
    const value = row.metrics[name] ?? Number.NaN;
    return Number.isFinite(value) ? String(value) : '';
  };
  return new Map([
    ['datetime', toArticleTime(row.datetime)],
    ['testing', truth(row.testing)],
    ['trainingjob', row.trainingJob],
    ['objective', row.objective],
    ['hyperparameter_tuning_metric', row.tuningMetric],
    ['run_id', row.runId ?? ''],
    ['package_arn', row.packageArn ?? ''],
    ['dataset', row.dataset ?? ''],
    ['git_commit', row.gitCommit ?? ''],
    ['champion_trainingjob', row.championTrainingJob ?? ''],
    ['gates_passed', row.gatesPassed === null ? '' : truth(row.gatesPassed)],
    ['kind', row.kind ?? ''],
    ...metricColumns.map((name): [string, string] => [name, metric(name)]),
  ]);
}

/** As pandas writes and reads truth values. */
function truth(value: boolean): string {
  return value ? 'True' : 'False';
}

function isTrue(cell: string): boolean {
  return /^(true|1|1\.0)$/i.test(cell);
}

/** The article's `%Y/%m/%d %H:%M:%S`, as UTC. */
function toArticleTime(iso: string): string {
  return new Date(iso).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}

/** ISO-8601 to the second; text that is no time sorts before everything. */
function fromArticleTime(text: string): string {
  const time = Date.parse(`${text.replaceAll('/', '-').replace(' ', 'T')}Z`);
  return `${new Date(Number.isNaN(time) ? 0 : time).toISOString().slice(0, 19)}Z`;
}
