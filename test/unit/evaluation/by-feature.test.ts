import assert from 'node:assert/strict';
import { featureErrorSteps } from '../../../src/evaluation/by-feature';
import { fromDocument, toDocument } from '../../../src/evaluation/document';
import { buildEvaluation } from '../../../src/evaluation/evaluate';
import { finish } from '../../../src/steps';
import { ColumnProfiler } from '../../../src/warehouse/profile';
import { dataset, evaluation, origin, predictions, profile } from './examples';

type Arguments = Parameters<typeof featureErrorSteps>;
const byFeature = (...request: Arguments) => finish(featureErrorSteps(...request));
const column = (...values: number[]) => ({
  rows: values.length,
  columns: 1,
  values: Float32Array.from(values),
});

function continuous(values: number[]) {
  const profiler = new ColumnProfiler('x');
  for (const value of values) profiler.add(value);
  return profiler.profile();
}

describe('errors by a feature', () => {
  const labels = Float32Array.from([10, 20, 30, 40]);
  const two = profile('hour', [
    [0.1, 2],
    [7, 2],
  ]);

  it('are told for each value where there are few, the same bins for all models, the missing values last', () => {
    const features = column(0.1, 0.1, 7, Number.NaN);
    const answers = [predictions([11, 18, 30, 44]), predictions([10, 20, 33, 40])];
    const [first, second] = byFeature('regression', labels, features, [two], answers);
    assert.deepEqual(first, [
      {
        feature: 'hour',
        bins: [
          { label: '0.1', rows: 2, error: 1.5, bias: -0.5 },
          { label: '7', rows: 1, error: 0, bias: 0 },
          { label: 'missing', rows: 1, error: 4, bias: 4 },
        ],
      },
    ]);
    assert.deepEqual(
      second?.[0]?.bins.map(({ label, error }) => [label, error]),
      [
        ['0.1', 0],
        ['7', 3],
        ['missing', 0],
      ],
    );
  });

  it('have no bin for missing values when there are none, and say of an empty bin that nothing is known', () => {
    const features = column(0.1, 0.1, 0.1, 0.1);
    const [[only] = []] = byFeature('regression', labels, features, [two], [predictions([1, 2, 3, 4])]);
    assert.deepEqual(
      only?.bins.map(({ label, rows }) => [label, rows]),
      [
        ['0.1', 4],
        ['7', 0],
      ],
    );
    assert.ok(Number.isNaN(only?.bins[1]?.error));
  });

  it('fall into the tenths of the whole dataset where there are many values', () => {
    const values = Array.from({ length: 1000 }, (_, i) => i / 7);
    const many = Float32Array.from(values);
    const [[only] = []] = byFeature(
      'regression',
      many,
      { rows: 1000, columns: 1, values: many },
      [continuous(values)],
      [predictions(values.map((value) => value + value / 100))],
    );
    assert.deepEqual(
      only?.bins.map(({ rows }) => rows),
      Array(10).fill(100),
    );
    assert.match(only?.bins.map(({ label }) => label).join() ?? '', /^≤ 14\.27,14\.27 – 28\.54,.*,> 128\.4$/);
    const errors = only?.bins.map(({ error }) => error) ?? [];
    assert.deepEqual(
      errors,
      [...errors].sort((a, b) => a - b),
    );
    assert.equal(
      only?.bins.reduce((sum, { rows }) => sum + rows, 0),
      1000,
    );
  });

  it('of a classifier are shares of wrong answers; the bias is that of the probability', () => {
    const features = column(0.1, 0.1, 7, 7);
    const classes = Float32Array.from([0, 1, 1, 1]);
    const [[binary] = []] = byFeature(
      'binary',
      classes,
      features,
      [two],
      [predictions([0.25, 0.25, 0.75, 0.5])],
    );
    assert.deepEqual(
      binary?.bins.map(({ error, bias }) => [error, bias]),
      [
        [0.5, -0.25],
        [0.5, -0.375],
      ],
    );
    const [[multi] = []] = byFeature(
      'multiclass',
      classes,
      features,
      [two],
      [predictions([0.9, 0.1, 0.8, 0.2, 0.3, 0.7, 0.1, 0.9], 2)],
    );
    assert.deepEqual(
      multi?.bins.map(({ error, bias }) => [error, bias]),
      [
        [0.5, Number.NaN],
        [0, Number.NaN],
      ],
    );
  });

  it('are not known where the model gave no number', () => {
    const features = column(0.1, 0.1, 7, 7);
    for (const kind of ['regression', 'binary', 'multiclass'] as const) {
      const [[only] = []] = byFeature(
        kind,
        Float32Array.from([0, 1, 1, 1]),
        features,
        [two],
        [predictions([0, Number.NaN, 1, 1])],
      );
      assert.deepEqual(
        only?.bins.map(({ error }) => Number.isNaN(error)),
        [true, false],
      );
    }
  });

  it('stop at 200 features', () => {
    const names = Array.from({ length: 210 }, (_, i) => `f${i}`);
    const features = { rows: 1, columns: 210, values: new Float32Array(210) };
    const [all] = byFeature('regression', Float32Array.from([1]), features, dataset(names).columns, [
      predictions([1]),
    ]);
    assert.equal(all?.length, 200);
  });

  it('are in the scorecards of both models when the rows are at hand, and survive the file', () => {
    const input = {
      model: { name: 'delay-ord', layer: 'flights' },
      runId: 'r1',
      createdAt: new Date(0),
      testing: false,
      objective: 'reg:squarederror',
      tuningMetric: 'validation:rmse',
      dataset: dataset(['delay', 'hour']),
      datasetUri: 's3://b/dataset.json',
      labels,
      candidate: { origin: origin('job-2'), predictions: predictions([11, 18, 30, 44]) },
      champion: { origin: origin('job-1'), predictions: predictions([10, 20, 33, 40]), dataset: null },
      championEnvironment: 'production',
      championNote: null,
      gates: [],
    };
    const made = buildEvaluation({ ...input, features: column(0, 0, 1, 1) });
    const cards = [made.candidate.scorecard, made.champion?.scorecard];
    assert.deepEqual(
      cards.map((card) => card?.features?.[0]?.bins.map(({ error }) => error)),
      [
        [1.5, 2],
        [0, 1.5],
      ],
    );
    assert.deepEqual(fromDocument(toDocument(made)).candidate.scorecard.features, cards[0]?.features);
    for (const other of [buildEvaluation(input), buildEvaluation({ ...input, features: column(0) })])
      assert.equal(other.candidate.scorecard.features, undefined);
    const empty = { feature: 'x', bins: [{ label: '1', rows: 0, error: Number.NaN, bias: Number.NaN }] };
    const stored = toDocument(evaluation({ metrics: {}, features: [empty] }, null));
    assert.deepEqual(fromDocument(stored).candidate.scorecard.features, [empty]);
  });
});
