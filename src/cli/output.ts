import type { WarmstartError } from '../errors';
import type { Progress } from '../task';

/** A table of a command's answer. Numbers are aligned to the right. */
export interface Table {
  title?: string;
  columns: string[];
  rows: (string | number | null)[][];
}

/**
 * Where a command's news and answers go. People read `note` and `table`; programs read `event`
 * (one JSON object a line). Each command calls both; each output shows what its reader wants.
 */
export interface Output {
  /** Whether `event` is shown: spares building answers that nobody reads. */
  readonly wantsEvents: boolean;
  /** Live news; on a terminal only the latest line of each subject stays. */
  progress(progress: Progress): void;
  /** A line for people. */
  note(text: string): void;
  table(table: Table): void;
  /** An answer for programs. */
  event(event: string, data?: object): void;
  error(error: WarmstartError): void;
  /** Removes live lines before the process prints something else or ends. */
  close(): void;
}

type Write = (text: string) => void;

/** One JSON object a line, on standard output; everything else is left out. */
export function jsonOutput(write: Write): Output {
  const line = (value: object) => write(`${JSON.stringify(value)}\n`);
  return {
    wantsEvents: true,
    progress: (progress) => line({ event: 'progress', ...progress }),
    note: () => {},
    table: () => {},
    event: (event, data = {}) => line({ event, ...data }),
    error: (error) => line({ event: 'error', ...describeError(error) }),
    close: () => {},
  };
}

/** Plain lines, for pipes and logs. News goes to standard error, answers to standard output. */
export function plainOutput(write: Write, news: Write): Output {
  let last = '';
  return {
    wantsEvents: false,
    progress: (progress) => {
      const text = progressLine(progress);
      if (text !== last) news(`${text}\n`);
      last = text;
    },
    note: (text) => write(`${text}\n`),
    table: (table) => write(renderTable(table)),
    event: () => {},
    error: (error) => news(errorText(error)),
    close: () => {},
  };
}

/** A terminal: one live line for each subject, rewritten in place, below the lines that stay. */
export function terminalOutput(
  stream: { write: Write; columns?: number },
  now: () => number = Date.now,
): Output {
  const live = new Map<string, string>();
  let drawn = 0;
  let drawnAt = 0;
  const erase = () => {
    if (drawn) stream.write(`\x1b[${drawn}A\x1b[0J`);
    drawn = 0;
  };
  const draw = () => {
    const width = Math.max(20, (stream.columns ?? 100) - 1);
    for (const text of live.values()) stream.write(`${text.slice(0, width)}\n`);
    drawn = live.size;
    drawnAt = now();
  };
  const above = (text: string) => {
    erase();
    stream.write(text);
    draw();
  };
  return {
    wantsEvents: false,
    progress: (progress) => {
      const key = progress.subject ?? progress.step;
      const fresh = !live.has(key);
      live.set(key, progressLine(progress));
      if (!fresh && now() - drawnAt < 80) return;
      erase();
      draw();
    },
    note: (text) => above(`${text}\n`),
    table: (table) => above(renderTable(table)),
    event: () => {},
    error: (error) => above(errorText(error)),
    close: () => {
      erase();
      live.clear();
    },
  };
}

function progressLine({ step, subject, message, done, total }: Progress): string {
  const share = done !== undefined && total ? ` ${bar(done / total)} ${done}/${total}` : '';
  return `${subject ? `${subject}  ` : ''}${step}${share}  ${message}`;
}

function bar(share: number): string {
  const full = Math.max(0, Math.min(10, Math.round(share * 10)));
  return `${'█'.repeat(full)}${'░'.repeat(10 - full)}`;
}

function errorText(error: WarmstartError): string {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 3; cause = cause.cause) {
    if (!error.message.includes(cause.message)) causes.push(`  because: ${cause.message}\n`);
  }
  const remedy = error.remedy ? `  ${error.remedy}\n` : '';
  return `error ${error.code}: ${error.message}\n${causes.join('')}${remedy}`;
}

export function describeError(error: WarmstartError): object {
  return {
    code: error.code,
    kind: error.kind,
    message: error.message,
    ...(error.remedy ? { remedy: error.remedy } : {}),
  };
}

/** Columns padded to their widest cell; numbers to the right; no borders, so that it can be piped to awk. */
export function renderTable({ title, columns, rows }: Table): string {
  const text = rows.map((row) => row.map(cellText));
  const widths = columns.map((column, i) =>
    Math.max(column.length, ...text.map((row) => row[i]?.length ?? 0)),
  );
  const numeric = columns.map(
    (_, i) => rows.length > 0 && rows.every((row) => row[i] === null || typeof row[i] === 'number'),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const lines = [line(columns), widths.map((width) => '─'.repeat(width)).join('  '), ...text.map(line)];
  return `${title ? `\n${title}\n` : ''}${lines.join('\n')}\n`;
}

function cellText(cell: string | number | null): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  if (Number.isInteger(cell)) return String(cell);
  return Math.abs(cell) >= 1000 ? cell.toFixed(1) : String(Number(cell.toPrecision(5)));
}
