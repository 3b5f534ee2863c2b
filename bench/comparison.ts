/**
 * How long a comparison takes from what S3 answered (texts in memory) to what the panel is given: a history of many
 * evaluations and the aggregated evaluation of a large test set.
 * Run: npx tsx bench/comparison.ts [evaluations] [test rows] [rounds]
 */
import { buildModel } from '../src/comparison/build';
import type { ModelFacts, VersionFacts } from '../src/comparison/facts';
import { plain } from '../src/comparison/plain';
import { documentText, parseDocument } from '../src/evaluation/document';
import { historyRow, parseHistory } from '../src/evaluation/history';
import type { Dataset } from '../src/warehouse/dataset';
import { arnOf, version } from '../test/unit/registry/fixtures';
import { described, modelWith } from '../test/unit/tuning/fixtures';
import { historyText, measuredOn } from './comparison-data';

const evaluations = Number(process.argv[2] ?? 10_000);
const rows = Number(process.argv[3] ?? 1_000_000);
const rounds = Number(process.argv[4] ?? 21);

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

const { before, now, evaluation, seconds, longestStepMs } = measuredOn(rows);
console.log(`evaluating ${rows} rows: ${seconds.toFixed(1)} s, longest step ${longestStepMs.toFixed(0)} ms`);
const texts = {
  history: historyText(evaluations, historyRow(evaluation, { packageArn: arnOf(2), gitCommit: 'c0ffee' })),
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
