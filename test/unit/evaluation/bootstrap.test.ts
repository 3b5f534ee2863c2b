import assert from 'node:assert/strict';
import { differences } from '../../../src/evaluation/bootstrap';
import { metricsOf } from '../../../src/evaluation/metrics';
import { draw, randomSource, seedOf } from '../../../src/evaluation/random';
import { placementSteps, rankSteps } from '../../../src/evaluation/ranking';
import type { Difference, Kind } from '../../../src/evaluation/report';
import { finish } from '../../../src/steps';
import { binaryLabels, binaryScores, classLabels, classProbabilities, predictions } from './examples';

const next = randomSource(7);
const uniform = () => next() / 2 ** 32;
const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

function compare(
  kind: Kind,
  labels: Float32Array,
  a: Float32Array,
  b: Float32Array,
  seed = 1,
  outputs = 1,
  resamples = 1000,
): Map<string, Difference> {
  const [candidate, champion] = [a, b].map((values) => {
    const answers = predictions(values, outputs);
    return { predictions: answers, metrics: metricsOf(kind, labels, answers) };
  });
  return new Map(
    differences(kind, labels, candidate!, champion!, { seed, resamples }).map((d) => [d.metric, d]),
  );
}

/** Half the width of the interval, in standard errors of the closed form: 1.96 if both are right. */
function widthIn(standardError: number, { low, high }: Difference): number {
  return (high - low) / 2 / standardError;
}

function standardErrorOfMean(values: number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0)) / values.length;
}

const noisy = (labels: Float32Array, spread: number, shift = 0) =>
  labels.map((l) => l + shift + spread * normal());

describe('the interval of a difference', () => {
  for (const rows of [800, 60_000]) {
    it(`of mae and bias has the width of the closed form with ${rows} rows`, () => {
      const labels = Float32Array.from({ length: rows }, () => 10 * normal());
      const [a, b] = [noisy(labels, 3), noisy(labels, 3.5, 0.5)];
      const found = compare('regression', labels, a, b);
      const absolute = [...labels].map((l, i) => Math.abs(l - a[i]!) - Math.abs(l - b[i]!));
      const signed = [...a].map((p, i) => p - b[i]!);
      for (const [metric, values] of [
        ['mae', absolute],
        ['bias', signed],
      ] as const) {
        const width = widthIn(standardErrorOfMean(values), found.get(metric)!);
        assert.ok(Math.abs(width - 1.96) < 0.25, `${metric}: ${width} standard errors`);
      }
    });
  }

  it("of the AUC has the width of DeLong's closed form", () => {
    const rows = 5000;
    const labels = Float32Array.from({ length: rows }, () => (uniform() < 0.3 ? 1 : 0));
    const scores = (power: number) => labels.map((l) => 1 / (1 + Math.exp(-(power * l + normal()))));
    const [a, b] = [scores(1.2), scores(1)];
    const [pa, pb] = [a, b].map((s) => finish(placementSteps(finish(rankSteps(labels, s))!, labels)));
    const side = (label: number) =>
      standardErrorOfMean(
        [...labels.keys()].filter((i) => labels[i] === label).map((i) => pa![i]! - pb![i]!),
      );
    const width = widthIn(Math.hypot(side(1), side(0)), compare('binary', labels, a, b).get('auc')!);
    assert.ok(Math.abs(width - 1.96) < 0.25, `${width} standard errors`);
  });

  it('is that of resampling rows and measuring again, for every metric', () => {
    const rows = 300;
    const labels = Float32Array.from({ length: rows }, () => (uniform() < 0.4 ? 1 : 0));
    const scores = (power: number) => labels.map((l) => 1 / (1 + Math.exp(-(power * (l - 0.5) + normal()))));
    const [a, b] = [scores(2), scores(1)];
    const found = compare('binary', labels, a, b);
    const drawn = Array.from({ length: 600 }, () => {
      const chosen = Array.from({ length: rows }, () => draw(next, rows));
      const pick = (values: Float32Array) => Float32Array.from(chosen, (i) => values[i]!);
      const [ma, mb] = [a, b].map((s) => metricsOf('binary', pick(labels), predictions(pick(s))));
      return (metric: string) => ma![metric]! - mb![metric]!;
    });
    for (const metric of ['auc', 'logloss', 'accuracy', 'precision', 'recall', 'f1', 'brier']) {
      const sorted = drawn.map((of) => of(metric)).sort((x, y) => x - y);
      const [low, high] = [sorted[15]!, sorted[584]!];
      const { low: ourLow, high: ourHigh } = found.get(metric)!;
      const tolerance = 0.2 * (high - low);
      assert.ok(
        Math.abs(ourLow - low) < tolerance && Math.abs(ourHigh - high) < tolerance,
        `${metric}: ${ourLow} … ${ourHigh}, again: ${low} … ${high}`,
      );
    }
  });

  it('holds the estimate, which is the exact difference of the metrics', () => {
    const other = classProbabilities.map(
      (p, i) => classProbabilities[i - (i % 4) + ((i + 1) % 4)]! * 0.3 + p * 0.7,
    );
    const found = compare('multiclass', classLabels, classProbabilities, other, 1, 4);
    assert.deepEqual([...found.keys()].sort(), [
      'accuracy',
      'macro_f1',
      'macro_precision',
      'macro_recall',
      'mlogloss',
      'weighted_f1',
      'weighted_precision',
      'weighted_recall',
    ]);
    for (const { metric, estimate, low, high } of found.values())
      assert.ok(low <= estimate && estimate <= high, metric);
  });

  it('covers the truth in about 95 of 100 repetitions', () => {
    let covered = 0;
    for (let repetition = 0; repetition < 100; repetition++) {
      const labels = Float32Array.from({ length: 150 }, () => normal());
      // Both err with the same spread, so the true difference is 0.
      const { low, high } = compare(
        'regression',
        labels,
        noisy(labels, 1),
        noisy(labels, 1),
        repetition,
        1,
        300,
      ).get('mae')!;
      if (low <= 0 && high >= 0) covered++;
    }
    assert.ok(covered >= 87 && covered <= 99, `${covered} of 100`);
  });

  it('is the same for the same seed and moves a little with another', () => {
    const champion = binaryScores.map((s) => s * 0.9);
    const [a, again, other] = [1, 1, 2].map((seed) =>
      compare('binary', binaryLabels, binaryScores, champion, seed),
    );
    assert.deepEqual(a, again);
    assert.notDeepEqual(a, other);
  });

  it('is a point when both models answer alike', () => {
    const { low, high, estimate } = compare('binary', binaryLabels, binaryScores, binaryScores).get('auc')!;
    assert.deepEqual([estimate, low, high], [0, 0, 0]);
  });

  it('does not depend on the order of rows beyond chance, even when they come sorted', () => {
    const labels = Float32Array.from({ length: 20_000 }, () => 10 * normal()).sort();
    const [a, b] = [noisy(labels, 3), labels.map((l) => l * 0.8)];
    const absolute = [...labels].map((l, i) => Math.abs(l - a[i]!) - Math.abs(l - b[i]!));
    const width = widthIn(standardErrorOfMean(absolute), compare('regression', labels, a, b).get('mae')!);
    assert.ok(Math.abs(width - 1.96) < 0.25, `${width} standard errors`);
  });

  it('is not given for metrics that are unknown or not functions of sums', () => {
    const labels = Float32Array.of(0, 0, 0, 0);
    const found = compare('regression', labels, Float32Array.of(1, 2, 3, 4), Float32Array.of(1, 1, 1, 1));
    for (const metric of ['mape', 'r2', 'median_ae']) assert.ok(!found.has(metric), metric);
    assert.ok(found.has('mae'));
  });

  it('takes about a second at most for a million rows', () => {
    const labels = Float32Array.from({ length: 1_000_000 }, (_, i) => ((i * 7919) % 1009 < 400 ? 1 : 0));
    const a = labels.map((l, i) => (l + ((i * 31) % 97) / 97) / 2);
    const b = labels.map((l, i) => (l + ((i * 37) % 89) / 89) / 2);
    const [candidate, champion] = [predictions(a), predictions(b)];
    const metrics = { auc: 0.9, logloss: 0.3 };
    const start = performance.now();
    differences(
      'binary',
      labels,
      { predictions: candidate, metrics },
      { predictions: champion, metrics },
      { seed: 1 },
    );
    // Four times the budget: other work may share the machine.
    assert.ok(performance.now() - start < 4000);
  });
});

describe('the random source', () => {
  it('draws evenly, and differently for neighbouring seeds', () => {
    const source = randomSource(0);
    const counts = new Array(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[draw(source, 10)]++;
    // χ² with 9 degrees of freedom exceeds 27.9 once in a thousand times.
    assert.ok(counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0) < 27.9, String(counts));
    const first = Array.from({ length: 1000 }, (_, seed) => draw(randomSource(seed), 10));
    const spread = Array.from({ length: 10 }, (_, n) => first.filter((x) => x === n).length);
    assert.ok(
      spread.every((n) => n > 60 && n < 140),
      String(spread),
    );
  });

  it('is seeded by text', () => {
    assert.equal(seedOf('20261122-120000-ab12cd34'), seedOf('20261122-120000-ab12cd34'));
    assert.notEqual(seedOf('20261122-120000-ab12cd34'), seedOf('20261122-120000-ab12cd35'));
  });
});
