/**
 * How long a comparison takes from what S3 answered (texts in memory) to what the panel is given: a history of many
 * evaluations and the aggregated evaluation of a large test set.
 * Run: npx tsx bench/comparison.ts [evaluations] [test rows] [rounds]
 */
import { buildModel } from '../src/comparison/build';
import type { ModelFacts, VersionFacts } from '../src/comparison/facts';
import { plain } from '../src/comparison/plain';
import { documentText, parseDocument } from '../src/evaluation/document';
import { type EvaluationInput, evaluationSteps } from '../src/evaluation/evaluate';
import { appendRow, historyRow, parseHistory } from '../src/evaluation/history';
import type { Evaluation } from '../src/evaluation/report';
import type { Dataset } from '../src/warehouse/dataset';
import { ColumnProfiler } from '../src/warehouse/profile';
import { dataset, origin, predictions } from '../test/unit/evaluation/examples';
import { arnOf, version } from '../test/unit/registry/fixtures';
import { described, modelWith } from '../test/unit/tuning/fixtures';

const evaluations = Number(process.argv[2] ?? 10_000);
const rows = Number(process.argv[3] ?? 1_000_000);
const rounds = Number(process.argv[4] ?? 21);
const columns = 10;

function randomColumn(shift: number): Float32Array {
  return new Float32Array(rows).map(() => shift + 50 * (Math.random() + Math.random() + Math.random() - 1.5));
}

function profiled(name: string, values: Float32Array): Dataset['columns'][number] {
  const profiler = new ColumnProfiler(name);
  for (const value of values) profiler.add(value);
  return profiler.profile();
}

function textsOf(): { before: Dataset; now: Dataset; evaluation: Evaluation } {
  const features = Array.from({ length: columns }, (_, i) => randomColumn(i));
  const labels = randomColumn(20);
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
  let longest = 0;
  const started = performance.now();
  const steps = evaluationSteps(input);
  for (;;) {
    const from = performance.now();
    const step = steps.next();
    longest = Math.max(longest, performance.now() - from);
    if (!step.done) continue;
    const total = (performance.now() - started) / 1000;
    console.log(`evaluating ${rows} rows: ${total.toFixed(1)} s, longest step ${longest.toFixed(0)} ms`);
    return { before, now, evaluation: step.value };
  }
}

function historyOf(evaluation: Evaluation): string {
  const [header = '', row = ''] = appendRow(
    null,
    historyRow(evaluation, { packageArn: arnOf(2), gitCommit: 'c0ffee' }),
  ).split('\n');
  const lines = Array.from({ length: evaluations }, (_, i) =>
    row.replace('delay-ord/2', `delay-ord/${i + 1}`),
  );
  return [header, ...lines, ''].join('\n');
}

function compare(texts: { history: string; evaluation: string; before: string; now: string }): string {
  const evaluation = parseDocument(texts.evaluation);
  const facts = (number: number, text: string): VersionFacts => ({
    version: version(number, { tuningJob: `t-${number}`, image: 'repo/image:1.7-1' }),
    evaluation,
    dataset: JSON.parse(text) as Dataset,
    tuning: described(`t-${number}`),
    training: null,
  });
  const model: ModelFacts = {
    model: modelWith().model,
    group: 'flights-delay-ord',
    baseline: { ...facts(2, texts.before), environment: 'production' },
    candidates: [facts(3, texts.now)],
    endpoint: { environment: 'production', image: 'repo/image:1.7-1' },
    history: parseHistory(texts.history),
    notes: [],
  };
  return JSON.stringify(plain(buildModel(model)));
}

const { before, now, evaluation } = textsOf();
const texts = {
  history: historyOf(evaluation),
  evaluation: documentText(evaluation),
  before: JSON.stringify(before),
  now: JSON.stringify(now),
};
const times: number[] = [];
let size = 0;
for (let round = 0; round < rounds; round++) {
  const started = performance.now();
  size = compare(texts).length;
  times.push(performance.now() - started);
}
const [first = 0] = times;
times.sort((a, b) => a - b);
const at = (share: number) => (times[Math.round(share * (times.length - 1))] ?? 0).toFixed(0);
const kilobytes = (length: number) => `${(length / 1000).toFixed(0)} kB`;
console.log(
  `${evaluations} evaluations (${kilobytes(texts.history.length)}), evaluation.json ${kilobytes(texts.evaluation.length)}`,
);
console.log(`comparison: ${at(0.5)} ms (${at(0)} … ${at(1)}; the first, cold: ${first.toFixed(0)} ms)`);
console.log(`pushed to the panel: ${kilobytes(size)}`);
