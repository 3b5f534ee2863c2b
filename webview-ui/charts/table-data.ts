/** A chart's numbers as a table. */
export interface TableData {
  head: string[];
  /** The first cell names the row. */
  rows: string[][];
}

export const pageSize = 50;

/** Where a page of rows begins and ends; a page beyond the last is the last. */
export function pageOf(
  rows: number,
  page: number,
): { page: number; pages: number; from: number; to: number } {
  const pages = Math.max(1, Math.ceil(rows / pageSize));
  const shown = Math.min(Math.max(0, page), pages - 1);
  return { page: shown, pages, from: shown * pageSize, to: Math.min(rows, (shown + 1) * pageSize) };
}
