import { stringify } from 'csv-stringify/sync';
import type { Comparison, ModelComparison } from './comparison';
import { deleted } from './deleted';

type Cell = string | number | boolean | null;

const header = [
  'model',
  'package_group',
  'version',
  'role',
  'environment',
  'approval',
  'metric',
  'better_is',
  'unit',
  'value',
  'baseline_value',
  'difference',
  'difference_percent',
  'verdict',
  'interval_low',
  'interval_high',
  'same_rows',
  'version_arn',
];

/**
 * The metrics of a comparison as CSV (RFC 4180), one row for each metric and column, for a spreadsheet. Text that a
 * spreadsheet would take for a formula begins with an apostrophe; numbers are whole and stay numbers.
 */
export function comparisonCsv(comparison: Comparison): string {
  const rows = comparison.models.flatMap(rowsOf);
  return stringify([header, ...rows.map((row) => row.map(cellText))], { record_delimiter: 'windows' });
}

function rowsOf(model: ModelComparison): Cell[][] {
  return model.metrics.flatMap(({ metric, reading, unit, cells }) =>
    model.columns.map((column, i): Cell[] => {
      const { value = null, difference = null } = cells[i] ?? {};
      return [
        model.model,
        model.group,
        column.version,
        column.role,
        column.role === 'baseline' ? model.environment : null,
        column.status === deleted ? null : column.approval,
        metric,
        reading,
        unit,
        value,
        difference?.against ?? null,
        difference?.delta ?? null,
        difference?.percent ?? null,
        difference?.verdict ?? null,
        difference?.low ?? null,
        difference?.high ?? null,
        difference?.shared ?? null,
        column.arn,
      ];
    }),
  );
}

/** What spreadsheets take for the beginning of a formula (OWASP, CSV injection), behind spaces, too. */
const formula = /^\s*[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return formula.test(cell) ? `'${cell}` : cell;
  return String(cell);
}
