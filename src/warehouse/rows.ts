import { WarmstartError } from '../errors';
import type { ResultColumn } from './columns';
import { ColumnProfiler } from './profile';
import { type PartName, partNames, partOfKey, type Routing, type Split } from './split';

const strictNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Turns the lines of COPY … (FORMAT csv) into rows of a part: checks that every value is a number, writes booleans as 1 and 0,
 * NaN as missing, and profiles each column. Numbers keep the server's own digits.
 *
 * Text is one character per byte (latin1) on the way in and out, so no byte is decoded that need not be.
 */
export class RowReader {
  rows = 0;
  private readonly profilers: ColumnProfiler[];

  constructor(
    private readonly columns: ResultColumn[],
    private readonly routing: Routing,
    private readonly split: Split,
    private readonly emit: (part: PartName, line: string) => void,
  ) {
    this.profilers = columns.map(({ name }) => new ColumnProfiler(name));
  }

  /** One line without its line feed. */
  read(line: string): void {
    this.rows++;
    // Most values stay as they are, so the line is copied in stretches between those that do not.
    let output = '';
    let copied = 0;
    let start = 0;
    let end = -1;
    for (let i = 0; i < this.columns.length; i++) {
      start = end + 1;
      end = line.indexOf(',', start);
      if (end < 0) end = line.length;
      const raw = line.slice(start, end);
      const value = this.value(i, raw, line, start);
      if (value !== raw) {
        output += line.slice(copied, start) + value;
        copied = end;
      }
    }
    this.emit(this.partOf(line, end + 1), `${output}${line.slice(copied, end)}\n`);
  }

  profiles() {
    return this.profilers.map((profiler) => profiler.profile());
  }

  private partOf(line: string, start: number): PartName {
    if (this.routing === 'content') return partOfKey(line, this.split);
    const field = line.slice(start);
    if (field === '')
      throw new WarmstartError('warehouse.split-missing', `Row ${this.rows} has no value to split by.`, {
        remedy: `Leave such rows out: WHERE ${this.split.column} IS NOT NULL.`,
      });
    return this.routing === 'key' ? partOfKey(field, this.split) : (partNames[Number(field)] ?? 'train');
  }

  /** The value as the CSV will hold it; empty when missing. */
  private value(index: number, raw: string, line: string, start: number): string {
    const profiler = this.profilers[index]!;
    const { type } = this.columns[index]!;
    if (raw === '' || (raw === 'NaN' && type === 'number')) {
      if (index === 0) throw this.missingLabel();
      profiler.missing();
      return '';
    }
    if (type === 'boolean') {
      const one = raw === 't';
      profiler.add(one ? 1 : 0);
      return one ? '1' : '0';
    }
    const text = type === 'text' ? raw.trim() : raw;
    const number = type === 'text' && !strictNumber.test(text) ? Number.NaN : Number(text);
    if (!Number.isFinite(number)) throw this.notNumeric(index, line, start);
    profiler.add(number);
    return text;
  }

  private missingLabel(): WarmstartError {
    const label = this.columns[0]!.name;
    return new WarmstartError('warehouse.label-missing', `Row ${this.rows} has no label "${label}".`, {
      remedy: `Leave such rows out: WHERE ${label} IS NOT NULL.`,
    });
  }

  private notNumeric(index: number, line: string, start: number): WarmstartError {
    const { name } = this.columns[index]!;
    const rest = line.slice(start);
    const quoted = /^"((?:[^"]|"")*)/.exec(rest)?.[1]?.replaceAll('""', '"');
    const value = Buffer.from(quoted ?? rest.split(',', 1)[0] ?? '', 'latin1').toString('utf8');
    const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
    return new WarmstartError(
      'warehouse.not-numeric',
      `The column "${name}" holds "${shown}" in row ${this.rows}, which is not a number.`,
      { remedy: `Cast or encode it in the query, for example: CASE "${name}" WHEN … THEN 0 ELSE 1 END.` },
    );
  }
}

/** Cuts a stream of bytes into lines; what follows the last line feed waits for the next chunk. */
export class LineCutter {
  private rest = '';

  constructor(private readonly line: (text: string) => void) {}

  push(chunk: Buffer): void {
    const text = this.rest + chunk.toString('latin1');
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.line(text.slice(start, end));
      start = end + 1;
    }
    this.rest = text.slice(start);
  }

  end(): void {
    if (this.rest !== '') this.line(this.rest);
    this.rest = '';
  }
}
