import { WarmstartError } from '../errors';
import type { ModelFile } from '../project/schema';

/** A column of the query's result as the server describes it. `type` is what decides how its values are read. */
export interface ResultColumn {
  name: string;
  /** `number` and `boolean` need no check of their values; a `text` is taken when every value is a number. */
  type: 'number' | 'boolean' | 'text' | 'date';
}

/** What the export reads: the CSV's columns, label first, and the column to split by, which is no feature. */
export interface Layout {
  columns: ResultColumn[];
  splitColumn: string | undefined;
}

/**
 * Decides the CSV's columns before a row is read.
 *
 * @throws WarmstartError `warehouse.label-not-first` | `warehouse.duplicate-column` | `warehouse.split-column` |
 * `warehouse.no-features` | `warehouse.date-column`
 */
export function layoutOf(data: Pick<ModelFile['data'], 'label' | 'split'>, result: ResultColumn[]): Layout {
  const names = result.map((column) => column.name);
  const duplicate = names.find((name, i) => names.indexOf(name) !== i);
  if (duplicate !== undefined)
    throw usage(
      'duplicate-column',
      `The query has two columns "${duplicate}".`,
      'Give each its own name with AS.',
    );
  if (names[0] !== data.label)
    throw usage(
      'label-not-first',
      names.includes(data.label)
        ? `The label "${data.label}" is not the first column; "${names[0]}" is.`
        : `The query has no column "${data.label}", which is the model's label.`,
      names.includes(data.label)
        ? 'Move the label to the front of the SELECT list.'
        : `The query's columns are ${names.join(', ')}.`,
    );
  const splitColumn = splitColumnOf(data, names);
  const columns = result.filter((column) => column.name !== splitColumn);
  if (columns.length < 2)
    throw usage('no-features', 'The query has no feature.', 'Select at least one column beside the label.');
  const date = columns.find((column) => column.type === 'date');
  if (date)
    throw usage(
      'date-column',
      `The column "${date.name}" is a date or time, and features are numbers.`,
      `Turn it into numbers, for example: extract(epoch FROM ${date.name}), extract(isodow FROM ${date.name}).`,
    );
  return { columns, splitColumn };
}

function splitColumnOf({ label, split }: Pick<ModelFile['data'], 'label' | 'split'>, names: string[]) {
  if (split.by === 'time' && split.column === undefined)
    throw usage(
      'split-column',
      'A split by time needs a column.',
      "Set `data.split.column` to the rows' time.",
    );
  if (split.column === undefined) return undefined;
  if (split.column === label)
    throw usage(
      'split-column',
      `The label "${label}" cannot be the column to split by.`,
      'Choose another one.',
    );
  if (!names.includes(split.column))
    throw usage(
      'split-column',
      `The query has no column "${split.column}" to split by.`,
      `Add it to the SELECT list, or choose one of ${names.slice(1).join(', ')}.`,
    );
  return split.column;
}

/** From PostgreSQL's type OIDs (catalog/pg_type.dat), which Redshift shares. */
export function typeOfOid(oid: number): ResultColumn['type'] {
  if (oid === 16) return 'boolean';
  // int8, int2, int4, oid, float4, float8, numeric
  if ([20, 21, 23, 26, 700, 701, 1700].includes(oid)) return 'number';
  // date, time, timestamp, timestamptz, interval, timetz
  if ([1082, 1083, 1114, 1184, 1186, 1266].includes(oid)) return 'date';
  return 'text';
}

function usage(code: string, message: string, remedy: string): WarmstartError {
  return new WarmstartError(`warehouse.${code}`, message, { kind: 'usage', remedy });
}
