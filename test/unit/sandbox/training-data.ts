import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabelledMatrix } from '../../../src/sandbox/training/contract';
import { createRandom, normal } from '../../../src/sandbox/training/random';

/** What real XGBoost made of small data, as `bench/training-expectations.py` recorded it. */
export interface Expectations {
  columns: number;
  trainRows: number;
  values: (number | null)[];
  labels: Record<string, number[]>;
  settings: {
    name: string;
    target: string;
    /** Rows weigh 0.5, 1, 1.5, 2 in turn. */
    weighted: boolean;
    hyperparameters: Record<string, string>;
    metrics: Record<string, number>;
    margins: number[];
  }[];
}

export const expectations: Expectations = JSON.parse(
  readFileSync(join(__dirname, '../../fixtures/training/xgboost-1.7.json'), 'utf8'),
);

/** The recorded rows with the labels of one target, split as they were for XGBoost. */
export function recordedData(
  target: string,
  weighted = false,
): { train: LabelledMatrix; validation: LabelledMatrix } {
  const { columns, trainRows, values } = expectations;
  const labels = expectations.labels[target]!;
  const part = (from: number, to: number): LabelledMatrix => ({
    features: {
      rows: to - from,
      columns,
      values: Float32Array.from(values.slice(from * columns, to * columns), (value) => value ?? Number.NaN),
    },
    labels: Float32Array.from(labels.slice(from, to)),
    ...(weighted && {
      weights: Float32Array.from({ length: to - from }, (_, i) => 0.5 + ((from + i) % 4) / 2),
    }),
  });
  return { train: part(0, trainRows), validation: part(trainRows, labels.length) };
}

/** Rows whose label is a smooth function of the first two of four features, with noise and missing values. */
export function noisyData(rows: number, seed = 1): LabelledMatrix {
  const columns = 4;
  const random = createRandom(seed);
  const values = new Float32Array(rows * columns);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const [a = 0, b = 0, ...rest] = Array.from({ length: columns }, () => normal(random));
    labels[row] = 2 * a + Math.sin(3 * b) + 0.5 * normal(random);
    values.set(
      [a, b, ...rest].map((value) => (random() < 0.05 ? Number.NaN : value)),
      row * columns,
    );
  }
  return { features: { rows, columns, values }, labels };
}
