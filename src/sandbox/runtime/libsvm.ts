import type { Matrix } from '../../xgboost/matrix';

/**
 * Parses libsvm rows, `label index:value …`; a label is optional. Indices count from 0 as XGBoost takes them; what is not
 * named is missing (NaN). @throws Error naming the line
 */
export function parseLibsvm(bytes: Uint8Array): Matrix {
  const lines = Buffer.from(bytes).toString('utf8').split(/\r?\n/);
  const rows = lines.flatMap((line, i) => (line.trim() === '' ? [] : [readRow(line, i + 1)]));
  const columns = rows.reduce((most, row) => row.reduce((max, [index]) => Math.max(max, index + 1), most), 0);
  const values = new Float32Array(rows.length * columns).fill(Number.NaN);
  rows.forEach((row, i) => {
    for (const [index, value] of row) values[i * columns + index] = value;
  });
  return { rows: rows.length, columns, values };
}

function readRow(line: string, number: number): [index: number, value: number][] {
  return line
    .trim()
    .split(/\s+/)
    .filter((token) => token.includes(':') && !token.startsWith('qid:'))
    .map((token) => {
      const [index, value] = token.split(':').map(Number);
      if (!Number.isInteger(index) || (index ?? -1) < 0 || (index ?? 0) > 100_000 || Number.isNaN(value))
        throw new Error(`line ${number}: "${token}" is not index:value`);
      return [index ?? 0, value ?? Number.NaN];
    });
}
