import { literal } from '../trees/markdown';

/** A row of a Markdown table; the cells are text and not Markdown. */
export function tableRow(...cells: string[]): string {
  return `| ${cells.map(literal).join(' | ')} |`;
}

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [
    tableRow(...header),
    `|${header.map(() => '---|').join('')}`,
    ...rows.map((row) => tableRow(...row)),
  ].join('\n');
}
