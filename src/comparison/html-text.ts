import type { Comparison } from './comparison';
import { type Block, outlineOf } from './outline';
import { visible, visibleLine } from './visible';

/** A comparison as plain HTML, for who reads a report file without scripts. Text of others stays text. */
export function comparisonText(comparison: Comparison): string {
  return outlineOf(comparison).map(rendered).join('\n');
}

function rendered(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${line(block.text)}</h${block.level}>`;
    case 'paragraph': {
      const lead = block.lead === undefined ? '' : `<strong>${line(block.lead)}.</strong> `;
      return `<p dir="auto">${lead}${line(block.text)}</p>`;
    }
    case 'list':
      return `<ul>${block.items.map((item) => `<li dir="auto">${line(item)}</li>`).join('')}</ul>`;
    case 'table':
      return `<table><thead>${row('th', block.columns)}</thead><tbody>${block.rows
        .map((cells) => row('td', cells))
        .join('')}</tbody></table>`;
    case 'diff':
      return `<pre>${block.lines.map(({ kind, text }) => escapeHtml(visible(`${signs[kind]}${text}`))).join('\n')}</pre>`;
  }
}

const signs = { same: ' ', removed: '-', added: '+' } as const;

function row(tag: 'th' | 'td', cells: string[]): string {
  return `<tr>${cells.map((cell) => `<${tag} dir="auto">${line(cell)}</${tag}>`).join('')}</tr>`;
}

function line(text: string): string {
  return escapeHtml(visibleLine(text));
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
