import type { Comparison, QueryDiff } from './comparison';
import { type Block, outlineOf } from './outline';
import { visible, visibleLine } from './visible';

/** A comparison as a comment for a pull request. Text of others stands in it as text, whatever it holds. */
export function comparisonMarkdown(comparison: Comparison): string {
  return `${outlineOf(comparison).map(rendered).join('\n\n')}\n`;
}

function rendered(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level + 1)} ${literal(block.text)}`;
    case 'paragraph':
      return block.lead === undefined
        ? literal(block.text)
        : `**${literal(block.lead)}.** ${literal(block.text)}`;
    case 'list':
      return block.items.map((item) => `- ${literal(item)}`).join('\n');
    case 'table':
      return table(block);
    case 'diff':
      return fenced(block.lines);
  }
}

function table({ columns, numeric, rows }: Extract<Block, { kind: 'table' }>): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(inline)),
    line(columns.map((_, i) => (numeric[i] ? '---:' : '---'))),
    ...rows.map((cells) => line(cells.map(inline))),
  ].join('\n');
}

const signs = { same: ' ', removed: '-', added: '+' } as const;

/** A fence longer than any in the text, so that the text cannot close it. */
function fenced(lines: QueryDiff['lines']): string {
  const text = lines
    .map(({ kind, text }) => visible(`${signs[kind]}${text.replaceAll('\r', '')}`))
    .join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${text}\n${fence}`;
}

/** Text of others as a block of Markdown of its own: no heading, list or rule at its beginning either. */
function literal(text: string): string {
  return inline(text)
    .replace(/^[#+=-]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/**
 * Text of others on one line of Markdown (GFM), of which nothing is markup: no emphasis, link, HTML, table cell or
 * formula, and no mention of anybody.
 */
export function inline(text: string): string {
  return visibleLine(text)
    .trim()
    .replace(/[\\`*_[\]<>&~$]/g, '\\$&')
    .replaceAll('|', '&#124;')
    .replace(/(https?|ftp)(:\/\/)/gi, '$1\\$2')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}\\.`)
    .replace(/(^|[^\w])@(?=\w)/g, '$1@\u2060');
}
