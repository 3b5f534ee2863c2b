import { escapeIdentifier, escapeLiteral } from 'pg';
import { WarmstartError } from '../errors';
import { scanSql, type Token } from './scan';
import type { Window } from './window';

export type Parameter = string | number | boolean;

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;

/**
 * The SQL to run: `{{name}}` becomes a parameter's literal, `"{{name}}"` an identifier, `{{from}}` and `{{until}}` the
 * dates of the half-open window. Every value is quoted by its type, so that none can change the statement. Comments stay as they are.
 *
 * @param file named in errors
 * @throws WarmstartError `warehouse.sql` | `warehouse.placeholder` | `warehouse.parameter`
 */
export function renderQuery(
  file: string,
  text: string,
  parameters: Record<string, Parameter>,
  window: Window,
): string {
  const tokens = scanSql(text);
  requireOneQuery(file, tokens);
  const values = new Map<string, string>([
    ['from', `DATE ${quoteValue('from', window.from)}`],
    ['until', `DATE ${quoteValue('until', window.until)}`],
  ]);
  for (const [name, value] of Object.entries(parameters)) {
    if (values.has(name))
      throw usage('warehouse.parameter', `The parameter "${name}" has the name of a date of the window.`);
    values.set(name, quoteValue(name, value));
  }

  const used = new Set<string>();
  const use = (name: string, line: number): string => {
    const value = values.get(name);
    if (value === undefined)
      throw usage(
        'warehouse.placeholder',
        `${file}:${line}: there is no parameter "${name}".`,
        `Add it to the model's \`data.parameters\`; known are ${[...values.keys()].join(', ')}.`,
      );
    used.add(name);
    return value;
  };
  const rendered = tokens.map((token) => renderToken(file, token, parameters, use)).join('');

  const unused = [...values.keys()].filter((name) => !used.has(name));
  if (unused.length > 0)
    throw usage(
      'warehouse.placeholder',
      `${file} does not use ${unused.map((name) => `{{${name}}}`).join(', ')}.`,
      unused.some((name) => name === 'from' || name === 'until')
        ? 'Limit the rows to the window, for example: WHERE day >= {{from}} AND day < {{until}}.'
        : "Remove it from the model's `data.parameters`, or use it.",
    );
  return rendered.trim();
}

function renderToken(
  file: string,
  { kind, text, line }: Token,
  parameters: Record<string, Parameter>,
  use: (name: string, line: number) => string,
): string {
  if (kind === 'comment') return text;
  const lineAt = (offset: number) => line + text.slice(0, offset).split('\n').length - 1;
  if (kind === 'string') {
    const found = [...text.matchAll(placeholder)][0];
    if (found)
      throw usage(
        'warehouse.placeholder',
        `${file}:${lineAt(found.index)}: ${found[0]} stands inside a string.`,
        'Remove the quotes around it; values are quoted for you.',
      );
    return text;
  }
  if (kind === 'name') {
    return text.replace(/^"\{\{\s*([^{}"]*?)\s*\}\}"$/, (_, name: string) => {
      use(name, line);
      return escapeIdentifier(String(parameters[name] ?? ''));
    });
  }
  // The space keeps a value apart from what stands before it: E{{x}} must not become an escape string.
  return text.replace(placeholder, (_, name: string, offset: number) => ` ${use(name, lineAt(offset))}`);
}

/** A value as a SQL literal of its type. */
function quoteValue(name: string, value: Parameter): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'string') {
    if (value.includes('\0') || /\p{Surrogate}/u.test(value))
      throw usage('warehouse.parameter', `The parameter "${name}" holds characters that SQL cannot.`);
    return escapeLiteral(value).trim();
  }
  if (!Number.isFinite(value)) throw usage('warehouse.parameter', `The parameter "${name}" is not finite.`);
  // In parentheses: "-{{x}}" of -1 would begin a comment.
  return value < 0 || Object.is(value, -0) ? `(${value})` : String(value);
}

/** Refuses what COPY ( … ) could not hold, or what would change data. The server's read-only transaction is the lock behind it. */
function requireOneQuery(file: string, tokens: Token[]): void {
  let depth = 0;
  let first: string | undefined;
  for (const { kind, text, line } of tokens) {
    if (kind === 'comment') continue;
    first ??= /^[\s(]*([a-z]*)/i.exec(text)?.[1] || (text.trim() === '' ? undefined : text.trim());
    if (kind !== 'code') continue;
    const semicolon = text.indexOf(';');
    if (semicolon >= 0) {
      const at = line + text.slice(0, semicolon).split('\n').length - 1;
      throw usage(
        'warehouse.sql',
        `${file}:${at}: a semicolon.`,
        'Write one query, without a semicolon at its end.',
      );
    }
    for (const character of text) {
      if (character === '(') depth++;
      if (character === ')' && --depth < 0)
        throw usage('warehouse.sql', `${file}: a parenthesis is closed that was never opened.`);
    }
  }
  if (depth > 0) throw usage('warehouse.sql', `${file}: a parenthesis is never closed.`);
  if (first === undefined) throw usage('warehouse.sql', `${file} holds no query.`);
  if (!/^(select|with|values|table)$/i.test(first))
    throw usage(
      'warehouse.sql',
      `${file} begins with ${first.toUpperCase()}, which is not a query.`,
      'Write one SELECT (or WITH … SELECT); the export adds the COPY around it.',
    );
}

function usage(code: string, message: string, remedy?: string): WarmstartError {
  return new WarmstartError(
    code,
    message,
    remedy === undefined ? { kind: 'usage' } : { kind: 'usage', remedy },
  );
}
