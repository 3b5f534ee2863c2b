import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { WarmstartError } from '../errors';
import type { Predictions } from '../xgboost/predict';

/**
 * Reads what Batch Transform wrote: per line the label first and the prediction last, as one number, as `outputs`
 * columns, or as a bracketed list (`1,[0.1, 0.9]`, quoted or not); columns between them are passed over.
 * @throws WarmstartError `evaluation.transform-output` naming the line
 */
export async function parseTransformOutput(
  stream: Readable,
  outputs: number,
): Promise<{ labels: Float32Array; predictions: Predictions }> {
  const labels: number[] = [];
  const values: number[] = [];
  let line = 0;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === '') continue;
    const { label, prediction } = cells(text);
    const answer = prediction.slice(-outputs).map(toNumber);
    if (answer.length < outputs || answer.includes(undefined)) throw malformed(line, text, outputs);
    labels.push(toNumber(label) ?? Number.NaN);
    for (const value of answer) values.push(value ?? Number.NaN);
  }
  const rows = labels.length;
  return {
    labels: Float32Array.from(labels),
    predictions: { rows, outputs, values: Float32Array.from(values) },
  };
}

function cells(text: string): { label: string; prediction: string[] } {
  const comma = text.indexOf(',');
  const open = text.indexOf('[');
  const list = open < 0 ? text.slice(comma + 1) : text.slice(open + 1, text.lastIndexOf(']'));
  return { label: comma < 0 ? '' : text.slice(0, comma), prediction: comma < 0 ? [] : list.split(',') };
}

/** Python writes `nan` and `inf`; anything else that is no number is undefined. */
function toNumber(cell: string): number | undefined {
  const text = cell.replaceAll('"', '').trim().toLowerCase();
  if (text === 'nan') return Number.NaN;
  const value = Number(text.replace(/^([+-]?)inf(inity)?$/, '$1Infinity'));
  return text === '' || Number.isNaN(value) ? undefined : value;
}

function malformed(line: number, text: string, outputs: number): WarmstartError {
  const expected = outputs === 1 ? 'a label and a prediction' : `a label and ${outputs} predictions`;
  return new WarmstartError(
    'evaluation.transform-output',
    `Line ${line} of the transform job's output is not ${expected}: ${JSON.stringify(text.slice(0, 80))}.`,
    { remedy: 'Check that the container answers text/csv with one line per row.' },
  );
}
