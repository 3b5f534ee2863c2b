import { WarmstartError } from '../errors';

/** A piece of a SQL text. Only `code` is free text; placeholders are looked for in `code` and `name` alone. */
export interface Token {
  kind: 'code' | 'string' | 'name' | 'comment';
  text: string;
  /** Of the first character, from 1. */
  line: number;
}

/** A quoted or commented stretch: where it begins, how it ends, and what an author calls it. */
interface Delimited {
  kind: Token['kind'];
  begins: RegExp;
  ends: (opening: RegExpExecArray) => RegExp;
  what: string;
}

// PostgreSQL, "4.1. Lexical Structure". Order matters: an escape string before a plain one.
const delimited: Delimited[] = [
  { kind: 'comment', begins: /--/y, ends: () => /(?=[\r\n])|$/g, what: 'comment' },
  {
    kind: 'string',
    begins: /(?<![\w$\u0080-\uffff])[eE]'/y,
    ends: () => /(?:[^'\\]|\\[\s\S]|'')*'/y,
    what: 'string',
  },
  { kind: 'string', begins: /'/y, ends: () => /(?:[^']|'')*'/y, what: 'string' },
  { kind: 'name', begins: /"/y, ends: () => /(?:[^"]|"")*"/y, what: 'quoted name' },
  {
    kind: 'string',
    begins: /(?<![\w$\u0080-\uffff])\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y,
    ends: ([tag]) => new RegExp((tag ?? '').replaceAll('$', '\\$'), 'g'),
    what: 'dollar-quoted string',
  },
];

/**
 * Cuts a SQL text into code, strings, quoted names and comments, so that a placeholder or a semicolon is only seen where it
 * counts. The pieces joined are the text.
 *
 * @throws WarmstartError `warehouse.sql` when a string, name or comment does not end
 */
export function scanSql(sql: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  let code = 0;
  let line = 1;
  const push = (kind: Token['kind'], from: number, to: number) => {
    if (to === from) return;
    const text = sql.slice(from, to);
    tokens.push({ kind, text, line });
    line += text.split('\n').length - 1;
  };
  while (position < sql.length) {
    const end = endOfDelimited(sql, position);
    if (!end) {
      position++;
      continue;
    }
    push('code', code, position);
    if (end.at < 0)
      throw new WarmstartError('warehouse.sql', `The ${end.what} that begins on line ${line} does not end.`, {
        kind: 'usage',
      });
    push(end.kind, position, end.at);
    position = end.at;
    code = end.at;
  }
  push('code', code, sql.length);
  return tokens;
}

function endOfDelimited(sql: string, position: number) {
  // Block comments nest in PostgreSQL, which no regular expression can follow.
  if (sql.startsWith('/*', position))
    return { kind: 'comment' as const, what: 'comment', at: endOfBlock(sql, position) };
  for (const { kind, begins, ends, what } of delimited) {
    begins.lastIndex = position;
    const opening = begins.exec(sql);
    if (!opening) continue;
    const end = ends(opening);
    end.lastIndex = position + opening[0].length;
    return { kind, what, at: end.exec(sql) ? end.lastIndex : -1 };
  }
  return undefined;
}

function endOfBlock(sql: string, position: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = position;
  let depth = 0;
  for (let match = edge.exec(sql); match; match = edge.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return -1;
}
