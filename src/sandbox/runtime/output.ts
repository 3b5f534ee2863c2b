import { pythonFloat } from '../../xgboost/format';
import { mediaType, unsupported } from './container';

/** Predictions, row-major: `outputs` values for each row. */
export interface Rows {
  rows: number;
  outputs: number;
  values: Float32Array;
}

export interface Encoded {
  contentType: string;
  body: string;
}

/**
 * As the multi-model handler writes predictions: CSV on one line, JSON as a bare array; without Accept JSON
 * (sagemaker.md B7). @throws ContainerError 415
 */
export function encodeMultiModel(rows: Rows, accept: string | undefined): Encoded {
  const items = listed(rows);
  const type = accepted(accept, 'application/json');
  if (type === 'text/csv') return { contentType: 'text/csv', body: items.join(',') };
  if (type === 'application/json') return { contentType: type, body: `[${items.join(', ')}]` };
  throw unsupported(accept ?? '');
}

/** As the single-model server writes them: CSV on one line, JSON with scores; without Accept CSV. */
export function encodeSingleModel(rows: Rows, accept: string | undefined): Encoded {
  const items = listed(rows);
  const type = accepted(accept, 'text/csv');
  if (type === 'text/csv') return { contentType: 'text/csv; charset=utf-8', body: items.join(',') };
  if (type === 'application/json') {
    const predictions = items.map((item) => `{"score": ${item}}`).join(', ');
    return { contentType: type, body: `{"predictions": [${predictions}]}` };
  }
  if (type === 'application/jsonlines')
    return { contentType: type, body: items.map((item) => `{"score": ${item}}\n`).join('') };
  throw unsupported(accept ?? '');
}

/** One line per row, as the single-model server answers in Batch Transform. @throws ContainerError 415 */
export function encodeBatch(rows: Rows, accept: string | undefined): string[] {
  const type = accepted(accept, 'text/csv');
  if (type === 'text/csv') return listed(rows);
  if (type === 'application/jsonlines') return listed(rows).map((item) => `{"score": ${item}}`);
  if (type === 'application/json') return [encodeSingleModel(rows, accept).body];
  throw unsupported(accept ?? '');
}

/** One item per row: a number, or a bracketed list where a row has several outputs. */
export function listed({ rows, outputs, values }: Rows): string[] {
  return Array.from({ length: rows }, (_, row) => {
    const numbers = [...values.subarray(row * outputs, (row + 1) * outputs)].map(pythonFloat);
    return outputs === 1 ? (numbers[0] ?? '') : `[${numbers.join(', ')}]`;
  });
}

function accepted(accept: string | undefined, fallback: string): string {
  const first = mediaType(accept?.split(',')[0] ?? '');
  return first === '' || first === '*/*' ? fallback : first;
}
