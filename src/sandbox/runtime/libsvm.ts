import type { Matrix } from '../../xgboost/matrix';

type Cells = [index: number, value: number][];

/**
 * Parses libsvm rows for scoring, `[label] index:value …`. Indices count from 0, as XGBoost takes them; what is not named is
 * missing (NaN). @throws Error naming the line
 */
export function parseLibsvm(bytes: Uint8Array): Matrix {
  return matrixOf(
    linesOf(bytes).map(([line, number]) => cellsOf(line, number)),
    false,
  );
}

/** The same for training: the label becomes the first column. */
export function readLibsvm(bytes: Uint8Array): Matrix {
  const rows = linesOf(bytes).map(([line, number]): Cells => {
    const label = Number(line.split(/\s+/)[0]);
    if (Number.isNaN(label)) throw new Error(`line ${number} does not begin with a label`);
    return [[-1, label], ...cellsOf(line, number)];
  });
  return matrixOf(rows, true);
}

function matrixOf(rows: Cells[], labelled: boolean): Matrix {
  const offset = labelled ? 1 : 0;
  const columns =
    offset + rows.reduce((most, row) => row.reduce((max, [index]) => Math.max(max, index + 1), most), 0);
  const values = new Float32Array(rows.length * columns).fill(Number.NaN);
  rows.forEach((row, i) => {
    for (const [index, value] of row) values[i * columns + index + offset] = value;
  });
  return { rows: rows.length, columns, values };
}

function linesOf(bytes: Uint8Array): [line: string, number: number][] {
  const lines = Buffer.from(bytes).toString('utf8').split(/\r?\n/);
  return lines.flatMap((line, i): [string, number][] => (line.trim() === '' ? [] : [[line.trim(), i + 1]]));
}

function cellsOf(line: string, number: number): Cells {
  return line
    .split(/\s+/)
    .filter((token) => token.includes(':') && !token.startsWith('qid:'))
    .map((token) => {
      const [index = Number.NaN, value = Number.NaN] = token.split(':').map(Number);
      if (!Number.isInteger(index) || index < 0 || index > 100_000 || Number.isNaN(value))
        throw new Error(`line ${number}: "${token}" is not index:value`);
      return [index, value];
    });
}
