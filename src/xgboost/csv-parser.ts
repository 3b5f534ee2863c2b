import { WarmstartError } from '../errors';
import { FloatList } from './float-list';
import type { Matrix } from './matrix';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LARGE_E = 0x45;
const SMALL_E = 0x65;
const DELIMITERS = [0x2c, 0x09, 0x3b, SPACE];
/** A numeric row of more bytes than this is no row: a file without line ends must not be collected as one. */
const LONGEST_LINE = 64 * 2 ** 20;

/** 10^0 … 10^22 are exact doubles; with a mantissa below 2^53 one multiplication or division is correctly rounded. */
const EXACT_POWERS = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** Incremental parser of numeric CSV; see `parseCsv`. */
export class CsvParser {
  readonly #values = new FloatList();
  #rest: Uint8Array = new Uint8Array(0);
  #delimiter = 0;
  #columns = 0;
  #rows = 0;

  push(chunk: Uint8Array): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    this.#rest = bytes.subarray(end);
    if (this.#rest.length > LONGEST_LINE)
      throw new WarmstartError('csv.not-numeric', `Row ${this.#rows + 1} of the CSV does not end.`);
    this.#lines(bytes, end);
  }

  finish(): Matrix {
    if (this.#rest.length > 0) {
      const last = Buffer.concat([this.#rest, Uint8Array.of(LINE_FEED)]);
      this.#lines(last, last.length);
    }
    return { rows: this.#rows, columns: this.#columns, values: this.#values.take() };
  }

  #lines(bytes: Uint8Array, end: number): void {
    for (let start = 0; start < end; ) {
      const stop = bytes.indexOf(LINE_FEED, start);
      const length = stop > start && bytes[stop - 1] === CARRIAGE_RETURN ? stop - 1 : stop;
      if (length > start) this.#line(bytes, start, length);
      start = stop + 1;
    }
  }

  #line(bytes: Uint8Array, start: number, end: number): void {
    if (this.#rows === 0) this.#delimiter = delimiterOf(bytes, start, end);
    const delimiter = this.#delimiter;
    let column = 0;
    for (let at = start; at <= end; ) {
      column++;
      at = this.#cell(bytes, at, end, delimiter, column) + 1;
    }
    if (this.#rows === 0) this.#columns = column;
    if (column !== this.#columns)
      throw new WarmstartError(
        'csv.ragged',
        `Row ${this.#rows + 1} of the CSV has ${column} columns; the rows before it have ${this.#columns}.`,
      );
    this.#rows++;
  }

  /** Reads one cell into the values; answers where it ends. Plain decimals of up to 15 digits are converted right here. */
  #cell(bytes: Uint8Array, start: number, end: number, delimiter: number, column: number): number {
    let at = start;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    let mantissa = 0;
    let digits = 0;
    let fraction = 0;
    let byte = 0;
    for (; at < end; at++) {
      byte = bytes[at]!;
      if (byte < ZERO || byte > NINE) break;
      mantissa = mantissa * 10 + (byte - ZERO);
      digits++;
    }
    if (at < end && byte === POINT) {
      const point = at++;
      for (; at < end; at++) {
        byte = bytes[at]!;
        if (byte < ZERO || byte > NINE) break;
        mantissa = mantissa * 10 + (byte - ZERO);
      }
      fraction = at - point - 1;
      digits += fraction;
    }
    let exponent = -fraction;
    if (at < end && digits > 0 && (byte === SMALL_E || byte === LARGE_E)) {
      let power = 0;
      const sign = bytes[++at];
      if (sign === MINUS || sign === PLUS) at++;
      const first = at;
      for (; at < end && bytes[at]! >= ZERO && bytes[at]! <= NINE; at++)
        power = power * 10 + (bytes[at]! - ZERO);
      if (at === first) digits = 0;
      exponent += sign === MINUS ? -power : power;
    }
    const finished = at === end || bytes[at] === delimiter;
    if (finished && digits > 0 && digits <= 15 && exponent >= -22 && exponent <= 22) {
      const value = exponent < 0 ? mantissa / EXACT_POWERS[-exponent]! : mantissa * EXACT_POWERS[exponent]!;
      this.#values.push(negative ? -value : value);
      return at;
    }
    if (finished && digits === 0 && at === start) {
      this.#values.push(Number.NaN);
      return at;
    }
    return this.#unusualCell(bytes, start, end, delimiter, column);
  }

  #unusualCell(bytes: Uint8Array, start: number, end: number, delimiter: number, column: number): number {
    const found = bytes.subarray(start, end).indexOf(delimiter);
    const stop = found < 0 ? end : start + found;
    const cell = Buffer.from(bytes.subarray(start, stop)).toString('latin1').trim();
    const unquoted = cell.charCodeAt(0) === QUOTE && cell.endsWith('"') ? cell.slice(1, -1).trim() : cell;
    const value = numberOf(unquoted);
    const where = `Row ${this.#rows + 1}, column ${column} of the CSV`;
    if (value === null)
      throw new WarmstartError(
        'csv.not-numeric',
        `${where} is ${JSON.stringify(cell.slice(0, 40))}, not a number.`,
        {
          remedy: 'The CSV must be numeric and have no header.',
        },
      );
    if (Math.abs(Math.fround(value)) === Number.POSITIVE_INFINITY)
      throw new WarmstartError(
        'csv.infinite',
        `${where} is ${cell}, which float32 cannot hold; XGBoost refuses it.`,
      );
    this.#values.push(value);
    return stop;
  }
}

/** The delimiter that a first line uses: the one that occurs, in order of preference. */
function delimiterOf(bytes: Uint8Array, start: number, end: number): number {
  const line = bytes.subarray(start, end);
  return DELIMITERS.find((delimiter) => line.includes(delimiter)) ?? DELIMITERS[0]!;
}

/** Python's `float(text)`; null when it would raise. */
function numberOf(text: string): number | null {
  if (text === '' || /^[+-]?nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}
