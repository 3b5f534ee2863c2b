import type { Evaluation, Scorecard, Subject } from '../../../src/evaluation/report';
import type { ColumnProfile, Dataset } from '../../../src/warehouse/dataset';
import type { Predictions } from '../../../src/xgboost/predict';

/** Four hundred rows from integer formulas: exact in float32, so that other tools see the very same numbers. */
const rows = Array.from({ length: 400 }, (_, i) => i);
const clip = (x: number) => Math.min(127 / 128, Math.max(1 / 128, x));
/** As numpy rounds: halves to the even neighbour. */
const round = (x: number) => (x % 1 === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

export const regressionLabels = Float32Array.from(rows, (i) => ((i * 7919) % 1000) / 8 - 20);
export const regressionPredictions = Float32Array.from(
  rows,
  (i) => regressionLabels[i]! + ((i * 104729) % 257) / 16 - 7,
);
export const binaryLabels = Float32Array.from(rows, (i) => ((i * 31) % 7 < 3 ? 1 : 0));
export const binaryScores = Float32Array.from(rows, (i) =>
  clip(round(((((i * 53) % 64) / 64 + binaryLabels[i]! * 0.25) * 0.75 + 1 / 128) * 64) / 64),
);
export const classLabels = Float32Array.from(rows, (i) => ((i * 13) % 11) % 4);
export const classProbabilities = Float32Array.from(
  rows.flatMap((i) => {
    const raw = [0, 1, 2, 3].map((k) => 1 + ((i * (17 + 10 * k)) % 32) + (classLabels[i] === k ? 12 : 0));
    const sum = raw.reduce((a, b) => a + b, 0);
    return raw.map((x) => x / sum);
  }),
);

export function predictions(values: ArrayLike<number>, outputs = 1): Predictions {
  return { rows: values.length / outputs, outputs, values: Float32Array.from(values) };
}

export function profile(name: string, counts: [number, number][], missing = 0): ColumnProfile {
  const rows = counts.reduce((sum, [, count]) => sum + count, missing);
  return { name, rows, missing, min: 0, max: 0, mean: 0, stdev: 0, values: counts };
}

export function dataset(columns: string[], changes: Partial<Dataset> = {}): Dataset {
  const part = (name: string) => ({
    s3Uri: `s3://acme-ds-ml/datasets/flights/delay-ord/r1/${name}.csv`,
    rows: 400,
    bytes: 4000,
    sha256: `sha-of-${name}`,
    etag: '"1"',
  });
  return {
    formatVersion: 1,
    model: 'delay-ord',
    layer: 'flights',
    runId: 'r1',
    createdAt: '2026-11-22T12:00:00.000Z',
    window: { from: '2000-01-01', until: '2026-10-23' },
    query: { file: 'sql/delay.sql', text: 'select 1', sha256: 'q', parameters: {} },
    engine: 'copy',
    columns: columns.map((name) =>
      profile(name, [
        [0, 50],
        [1, 50],
      ]),
    ),
    split: { by: 'hash', test: 0.1, validation: 0.1 },
    parts: { train: part('train'), validation: part('validation'), test: part('test') },
    ...changes,
  };
}

export function origin(trainingJob: string): Omit<Subject, 'scorecard'> {
  return {
    trainingJob,
    artifact: {
      s3Uri: `s3://acme-ds-ml/output/${trainingJob}/output/model.tar.gz`,
      etag: '"e"',
      sha256: trainingJob,
    },
    image: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1',
    engine: 'local',
  };
}

export function evaluation(
  candidate: Scorecard,
  champion: Scorecard | null,
  changes: Partial<Evaluation> = {},
): Evaluation {
  return {
    formatVersion: 1,
    model: 'delay-ord',
    layer: 'flights',
    runId: '20261122-120000-ab12cd34',
    createdAt: '2026-11-22T12:34:56.789Z',
    testing: false,
    kind: 'regression',
    objective: 'reg:squarederror',
    tuningMetric: 'validation:rmse',
    dataset: {
      s3Uri: 's3://acme-ds-ml/datasets/flights/delay-ord/r1/dataset.json',
      test: {
        s3Uri: 's3://acme-ds-ml/datasets/flights/delay-ord/r1/test.csv',
        rows: 400,
        sha256: 'sha-of-test',
      },
    },
    candidate: { ...origin('job-2'), scorecard: candidate },
    champion: champion && {
      ...origin('job-1'),
      packageArn: 'arn:aws:sagemaker:…/1',
      version: 1,
      scorecard: champion,
    },
    championEnvironment: 'production',
    championNote: champion ? null : 'nothing of delay-ord serves in production yet',
    differences: [],
    gates: [],
    drift: [],
    warnings: [],
    ...changes,
  };
}
