/** Made-up data of the size that a comparison must bear: aggregates of a large test set and a long history. */
import { type EvaluationInput, evaluationSteps } from '../src/evaluation/evaluate';
import { appendRow, type EvaluationRow } from '../src/evaluation/history';
import type { Evaluation } from '../src/evaluation/report';
import type { Dataset } from '../src/warehouse/dataset';
import { ColumnProfiler } from '../src/warehouse/profile';
import { dataset, origin, predictions } from '../test/unit/evaluation/examples';
import { arnOf } from '../test/unit/registry/fixtures';

const columns = 10;

export interface Measured {
  /** What the champion was trained on: the same columns, a little off. */
  before: Dataset;
  now: Dataset;
  evaluation: Evaluation;
  /** What evaluating took. */
  seconds: number;
  longestStepMs: number;
}

/** Two models of ten features, measured on so many rows. */
export function measuredOn(rows: number): Measured {
  const features = Array.from({ length: columns }, (_, i) => randomColumn(rows, i));
  const labels = randomColumn(rows, 20);
  const table = (shift: number) =>
    dataset([], {
      columns: [labels, ...features].map((values, i) =>
        profiled(i === 0 ? 'delay' : `feature_${i}`, shift ? values.map((v) => v + shift) : values),
      ),
    });
  const [before, now] = [table(3), table(0)];
  const values = new Float32Array(rows * columns);
  for (let row = 0, at = 0; row < rows; row++) for (const feature of features) values[at++] = feature[row]!;
  const answers = (noise: number) =>
    predictions(labels.map((label) => label + noise * (Math.random() - Math.random())));
  const input: EvaluationInput = {
    model: { name: 'delay-ord', layer: 'flights' },
    runId: 'bench',
    createdAt: new Date(),
    testing: false,
    objective: 'reg:squarederror',
    tuningMetric: 'validation:rmse',
    dataset: now,
    datasetUri: 's3://acme/dataset.json',
    labels,
    features: { rows, columns, values },
    candidate: { origin: origin('job-3'), predictions: answers(10) },
    champion: {
      origin: { ...origin('job-2'), packageArn: arnOf(2), version: 2 },
      predictions: answers(11),
      dataset: before,
    },
    championEnvironment: 'production',
    championNote: null,
    gates: [{ metric: 'rmse', maxRegressionPercent: 2 }],
  };
  let longestStepMs = 0;
  const started = performance.now();
  const steps = evaluationSteps(input);
  for (;;) {
    const from = performance.now();
    const step = steps.next();
    longestStepMs = Math.max(longestStepMs, performance.now() - from);
    if (!step.done) continue;
    return {
      before,
      now,
      evaluation: step.value,
      seconds: (performance.now() - started) / 1000,
      longestStepMs,
    };
  }
}

/** `evaluationhistory.csv` with so many evaluations, one an hour, of one version each. */
export function historyText(evaluations: number, example: EvaluationRow): string {
  const [header = ''] = appendRow(null, example).split('\n');
  const first = Date.parse(example.datetime) - evaluations * 3_600_000;
  const lines = Array.from({ length: evaluations }, (_, i) => {
    const row: EvaluationRow = {
      ...example,
      datetime: new Date(first + i * 3_600_000).toISOString(),
      trainingJob: `${example.trainingJob}-${i}`,
      packageArn: example.packageArn?.replace(/\d+$/, String(i + 1)) ?? null,
      metrics: Object.fromEntries(
        Object.entries(example.metrics).map(([name, value]) => [name, value * (0.9 + 0.2 * Math.random())]),
      ),
    };
    return appendRow(null, row).split('\n')[1];
  });
  return [header, ...lines, ''].join('\n');
}

function randomColumn(rows: number, shift: number): Float32Array {
  return new Float32Array(rows).map(() => shift + 50 * (Math.random() + Math.random() + Math.random() - 1.5));
}

function profiled(name: string, values: Float32Array): Dataset['columns'][number] {
  const profiler = new ColumnProfiler(name);
  for (const value of values) profiler.add(value);
  return profiler.profile();
}
