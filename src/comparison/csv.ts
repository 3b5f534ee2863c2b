import type { Comparison } from './comparison';

/** The metrics of a comparison as CSV (RFC 4180), one row for each metric and column, for a spreadsheet. */
export function comparisonCsv(comparison: Comparison): string {
  return comparison.models.map(({ model }) => `${model}\r\n`).join('');
}
