import type { Readable } from 'node:stream';
import { CsvParser } from './csv-parser';
import type { Matrix } from './matrix';

/**
 * Parses numeric CSV without a header as the container does: every cell as a double, then rounded to float32; an empty cell or
 * `nan` is missing (NaN). The delimiter is a comma, tab, semicolon or space, whichever the first line holds.
 * Throws `csv.ragged`, `csv.not-numeric` and `csv.infinite`, naming row and column, both counted from 1.
 */
export function parseCsv(bytes: Uint8Array): Matrix {
  const parser = new CsvParser();
  parser.push(bytes);
  return parser.finish();
}

/** The same from a stream, holding little more than the values themselves. */
export async function readCsv(stream: Readable): Promise<Matrix> {
  const parser = new CsvParser();
  for await (const chunk of stream) parser.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return parser.finish();
}

/** Takes the label, the first column, off the features. */
export function splitLabel(matrix: Matrix): { labels: Float32Array; features: Matrix } {
  const { rows, columns, values } = matrix;
  const width = Math.max(0, columns - 1);
  const labels = new Float32Array(rows);
  const features = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    labels[row] = values[start]!;
    features.set(values.subarray(start + 1, start + columns), row * width);
  }
  return { labels, features: { rows, columns: width, values: features } };
}
