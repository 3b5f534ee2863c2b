import assert from 'node:assert/strict';
import fc from 'fast-check';
import { binOf, roundEdges } from '../../../src/evaluation/bins';
import type { Kind, Scorecard } from '../../../src/evaluation/report';
import { decileSteps, scorecards } from '../../../src/evaluation/scorecard';
import { finish } from '../../../src/steps';
import {
  binaryLabels,
  binaryScores,
  classLabels,
  classProbabilities,
  predictions,
  regressionLabels,
  regressionPredictions,
} from './examples';

const total = (counts: number[]) => counts.reduce((a, b) => a + b, 0);

describe('the scorecard', () => {
  it('of a regression counts every row once in each chart', () => {
    const [card, none] = scorecards('regression', regressionLabels, [predictions(regressionPredictions)]);
    assert.equal(none, null);
    assert.equal(total(card.residuals!.counts), 400);
    assert.equal(card.residuals!.edges.length, card.residuals!.counts.length + 1);
    assert.equal(total(card.grid!.counts.map(total)), 400);
    assert.equal(total(card.deciles!.map((d) => d.rows)), 400);
    assert.equal(card.deciles!.length, 10);
    assert.equal(card.mapeRows, 400);
    assert.ok(card.grid!.counts.length <= 40 && card.grid!.labelEdges.length <= 41);
  });

  it('gives candidate and champion the same edges, so that one chart can hold both', () => {
    const worse = regressionPredictions.map((p) => p + 30);
    const [a, b] = scorecards('regression', regressionLabels, [
      predictions(regressionPredictions),
      predictions(worse),
    ]);
    assert.deepEqual(a.residuals!.edges, b!.residuals!.edges);
    assert.deepEqual(a.grid!.labelEdges, b!.grid!.labelEdges);
    assert.notDeepEqual(a.residuals!.counts, b!.residuals!.counts);
  });

  it('puts actual values in the rows of the grid and predicted ones in its columns', () => {
    const labels = Float32Array.from({ length: 100 }, (_, i) => i);
    const [card] = scorecards('regression', labels, [predictions(labels.map(() => 0))]);
    const columns = card.grid!.counts.map((row) => row.findIndex((count) => count > 0));
    assert.deepEqual(new Set(columns.filter((c) => c >= 0)), new Set([0]));
    assert.ok(card.grid!.counts.filter((row) => total(row) > 0).length > 10);
  });

  it('of a binary classifier has ten calibration bins, a curve from corner to corner, and no row in two places', () => {
    const [card] = scorecards('binary', binaryLabels, [predictions(binaryScores)]);
    assert.equal(card.calibration!.length, 10);
    assert.equal(total(card.calibration!.map((bin) => bin.rows)), 400);
    assert.equal(total(card.confusion!.counts.map(total)), 400);
    assert.deepEqual(card.roc![0], { falsePositiveRate: 0, truePositiveRate: 0 });
    assert.deepEqual(card.roc!.at(-1), { falsePositiveRate: 1, truePositiveRate: 1 });
    assert.ok(card.residuals === undefined && card.grid === undefined);
  });

  it('keeps the ROC curve at 101 points, rising, with nearly the area of the exact one', () => {
    const labels = Float32Array.from({ length: 20_000 }, (_, i) => ((i * 7919) % 101 < 50 ? 1 : 0));
    const scores = labels.map((l, i) => ((i * 104729) % 9973) / 9973 + l / 2);
    const [card] = scorecards('binary', labels, [predictions(scores)]);
    const roc = card.roc!;
    assert.ok(roc.length > 50 && roc.length <= 101, String(roc.length));
    let area = 0;
    for (let i = 1; i < roc.length; i++) {
      const [a, b] = [roc[i - 1]!, roc[i]!];
      assert.ok(b.falsePositiveRate >= a.falsePositiveRate && b.truePositiveRate >= a.truePositiveRate);
      area += ((b.falsePositiveRate - a.falsePositiveRate) * (a.truePositiveRate + b.truePositiveRate)) / 2;
    }
    assert.ok(Math.abs(area - card.metrics.auc!) < 2e-3);
  });

  it('knows the means of calibration bins and leaves those of empty bins unknown', () => {
    const [card] = scorecards('binary', Float32Array.of(0, 1, 1), [predictions([0.05, 0.25, 0.75])]);
    assert.deepEqual(
      card.calibration!.map((bin) => bin.rows),
      [1, 0, 1, 0, 0, 0, 0, 1, 0, 0],
    );
    assert.equal(card.calibration![2]!.rate, 1);
    assert.equal(card.calibration![2]!.meanProbability, 0.25);
    assert.ok(Number.isNaN(card.calibration![1]!.rate));
  });

  it('of a multiclass classifier counts actual by predicted class', () => {
    const [card] = scorecards('multiclass', classLabels, [predictions(classProbabilities, 4)]);
    assert.deepEqual(card.confusion, {
      labels: ['0', '1', '2', '3'],
      counts: [
        [74, 6, 13, 17],
        [11, 67, 23, 7],
        [10, 28, 65, 7],
        [15, 12, 5, 40],
      ],
    });
  });

  it('stays small whatever the test set: no chart grows with its rows', () => {
    const labels = Float32Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 49_999);
    const [card] = scorecards('regression', labels, [predictions(labels.map((l) => l / 2))]);
    assert.ok(JSON.stringify(card).length < 12_000);
  });
});

describe('A test set of very many rows', () => {
  const times = 600;
  const repeated = (values: Float32Array) => {
    const all = new Float32Array(values.length * times);
    for (let at = 0; at < all.length; at += values.length) all.set(values, at);
    return all;
  };
  const examples: [Kind, Float32Array, Float32Array, number][] = [
    ['regression', regressionLabels, regressionPredictions, 1],
    ['binary', binaryLabels, binaryScores, 1],
    ['multiclass', classLabels, classProbabilities, 4],
  ];

  for (const [kind, labels, answers, outputs] of examples) {
    it(`is measured as a part of it that repeats: ${kind}`, () => {
      const [few] = scorecards(kind, labels, [predictions(answers, outputs)]);
      const [many] = scorecards(kind, repeated(labels), [predictions(repeated(answers), outputs)]);
      for (const [name, value] of Object.entries(few.metrics))
        assert.ok(Math.abs((many.metrics[name] ?? Number.NaN) - value) < 1e-9, `${name}: ${value}`);
      const counted = ({ confusion, calibration }: Scorecard, by: number) => [
        confusion?.counts.map((row) => row.map((count) => by * count)),
        calibration?.map(({ rows }) => by * rows),
      ];
      assert.deepEqual(counted(many, 1), counted(few, times));
      assert.equal(
        total(many.deciles?.map(({ rows }) => rows) ?? [labels.length * times]),
        labels.length * times,
      );
      assert.deepEqual(many.roc, few.roc);
    });
  }
});

describe('deciles', () => {
  it('hold a tenth of the rows each, lowest predictions first', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => (i * 7) % 1000);
    const deciles = finish(decileSteps(values, values));
    assert.deepEqual(
      deciles.map((d) => d.rows),
      new Array(10).fill(100),
    );
    assert.deepEqual([deciles[0]!.from, deciles[0]!.to, deciles[9]!.from, deciles[9]!.to], [0, 99, 900, 999]);
    assert.deepEqual([deciles[3]!.meanLabel, deciles[3]!.mae, deciles[3]!.rmse], [349.5, 0, 0]);
  });

  it('keep equal predictions together', () => {
    const deciles = finish(
      decileSteps(Float32Array.of(0, 1, 0, 1, 1), Float32Array.of(0.2, 0.2, 0.2, 0.8, 0.8)),
    );
    assert.deepEqual(
      deciles.flatMap(({ from, to, rows }) => [from, to, rows]).map((x) => Math.round(x * 10) / 10),
      [0.2, 0.2, 3, 0.8, 0.8, 2],
    );
  });

  it('cover every finite prediction exactly once', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: 1 }), (values) => {
        const deciles = finish(decileSteps(values, values));
        assert.equal(total(deciles.map((d) => d.rows)), values.length);
        assert.ok(deciles.every((d, i) => i === 0 || d.from > deciles[i - 1]!.to));
      }),
    );
  });
});

describe('bin edges', () => {
  it('are round numbers that cover the bulk of the values, undisturbed by an outlier', () => {
    const values = Float32Array.from({ length: 10_000 }, (_, i) => i / 1000);
    values[17] = 1e9;
    const edges = roundEdges([values], 40);
    assert.equal(edges[0], 0);
    assert.equal(edges.at(-1), 10);
    assert.ok(edges.every((edge) => Number(edge.toPrecision(6)) === edge));
    assert.equal(binOf(1e9, edges), edges.length - 2);
    assert.equal(binOf(-1e9, edges), 0);
    assert.equal(binOf(Number.NaN, edges), -1);
  });

  it('rise, and are never more than asked for, for any values', () => {
    const values = fc.float32Array({ minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, fc.integer({ min: 5, max: 60 }), (series, most) => {
        const edges = roundEdges([series], most);
        assert.ok(edges.length >= 2 && edges.length <= most + 1, `${edges.length} edges`);
        assert.ok(
          edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > edges[i - 1]!)),
          String(edges),
        );
      }),
    );
  });
});
