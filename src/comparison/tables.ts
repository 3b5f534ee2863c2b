import { show, withUnit } from '../evaluation/words';
import type {
  Change,
  Column,
  Known,
  MetricCell,
  MetricDifference,
  MetricRow,
  ModelComparison,
} from './comparison';

/** A table of plain text, with the number of rows that are left out because all columns agree. */
export interface PlainTable {
  columns: string[];
  /** Which columns hold figures. */
  numeric: boolean[];
  rows: string[][];
  hidden: number;
}

type Columns = Pick<ModelComparison, 'columns' | 'environment'>;

/** The metrics: a column for each version and, beside each candidate, how it stands to the baseline. */
export function metricTable(
  model: Columns & Pick<ModelComparison, 'metrics'>,
  { all = false }: { all?: boolean } = {},
): PlainTable {
  const { columns } = model;
  const based = columns.some(({ role }) => role === 'baseline');
  const compared = (column: Column) => based && column.role === 'candidate';
  const rows = model.metrics.filter(({ equal }) => all || !equal);
  return {
    columns: [
      'metric',
      ...columns.flatMap((column) => [
        columnName(column, model),
        ...(compared(column) ? [`version ${column.version} is`, '95 % interval'] : []),
      ]),
    ],
    numeric: [false, ...columns.flatMap((column) => [true, ...(compared(column) ? [false, false] : [])])],
    rows: rows.map((row) => {
      const reference = row.cells[columns.findIndex(({ role }) => role === 'baseline')]?.value ?? null;
      return [
        row.metric,
        ...columns.flatMap((column, i) => cellsOf(row, row.cells[i], reference, compared(column))),
      ];
    }),
    hidden: model.metrics.length - rows.length,
  };
}

function cellsOf(
  { unit }: MetricRow,
  cell: MetricCell | undefined,
  reference: Known,
  compared: boolean,
): string[] {
  const value = cell?.value ?? null;
  const figure = value === null ? '–' : figureOf(value, unit);
  if (!compared) return [figure];
  const difference = cell?.difference;
  if (!difference) return [figure, '–', '–'];
  const elsewhere = difference.shared ? '' : ' (on other rows)';
  // On the test set of this version the baseline has another value than the one in its column.
  const against = difference.against === reference ? '' : `, against ${figureOf(difference.against, unit)}`;
  return [figure, `${difference.words}${elsewhere}${against}`, intervalOf(difference)];
}

/** Of figures of different rows, and where there is no difference, there is none to be known. */
function intervalOf({ interval, shared, verdict }: MetricDifference): string {
  return interval || (shared && verdict !== 'same' ? 'not known' : '–');
}

function figureOf(value: number, unit: string | null): string {
  return withUnit(show(value).replace(/^-/, '−'), unit);
}

/** How the versions came to be: a row for each fact that differs. */
export function changeTable(
  model: Columns & Pick<ModelComparison, 'changes'>,
  { all = false }: { all?: boolean } = {},
): PlainTable {
  const rows = model.changes.filter(({ equal }) => all || !equal);
  return {
    columns: ['', ...model.columns.map((column) => columnName(column, model))],
    numeric: [false, ...model.columns.map(() => false)],
    rows: rows.map((change) => [nameOf(change), ...change.values.map((value) => value ?? '–')]),
    hidden: model.changes.length - rows.length,
  };
}

function nameOf({ section, name }: Change): string {
  return section === 'ranges' ? `range of ${name}` : section === 'cost' ? `cost: ${name}` : name;
}

/** `version 2 (production)`, `version 3`. */
export function columnName({ role, version }: Column, { environment }: Columns): string {
  if (role === 'candidate') return `version ${version}`;
  return `version ${version} (${environment ?? 'baseline'})`;
}
