import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WarmstartError } from '../../../src/errors';
import { argsortSteps } from '../../../src/evaluation/argsort';
import { metricsOf } from '../../../src/evaluation/metrics';
import { auc, placementSteps, rankSteps } from '../../../src/evaluation/ranking';
import type { Kind, Metrics } from '../../../src/evaluation/report';
import { Sum } from '../../../src/evaluation/sum';
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

function assertClose(actual: Metrics, expected: Metrics, tolerance = 1e-9): void {
  for (const [name, value] of Object.entries(expected)) {
    const error = Math.abs(actual[name]! - value);
    assert.ok(
      error <= tolerance * Math.max(1, Math.abs(value)),
      `${name}: ${actual[name]}, expected ${value}`,
    );
  }
}

const label = fc.constantFrom(0, 1);
// Few distinct scores, so that ties are the rule.
const score = fc.oneof(
  fc.integer({ min: 0, max: 8 }).map((n) => n / 8),
  fc.float({ min: 0, max: 1, noNaN: true }),
);
const scored = fc.array(fc.tuple(label, score), { minLength: 2, maxLength: 60 });

describe('metrics', () => {
  describe('of a regression', () => {
    it('agree with scikit-learn 1.9 and numpy', () => {
      assertClose(metricsOf('regression', regressionLabels, predictions(regressionPredictions)), {
        mae: 4.07734375,
        rmse: 4.693528415209074,
        stdev_error: 4.621204077296678,
        r2: 0.9831954853051166,
        mape: 0.39361440932534975,
        bias: 0.82078125,
        median_ae: 4.03125,
        mse: 22.029208984375,
      });
    });

    it('can be followed by hand', () => {
      // Errors (label − prediction): −1, 2, −3; their mean −2/3.
      const metrics = metricsOf('regression', Float32Array.of(0, 4, 2), predictions([1, 2, 5]));
      assertClose(metrics, {
        mae: 2,
        mse: 14 / 3,
        rmse: Math.sqrt(14 / 3),
        bias: 2 / 3,
        stdev_error: Math.sqrt(14 / 3 - 4 / 9),
        median_ae: 2,
        mape: (2 / 4 + 3 / 2) / 2,
        r2: 1 - 14 / 8,
      });
    });

    it('leave rows whose label is 0 out of mape, and do not know it when no other is left', () => {
      assert.ok(Number.isNaN(metricsOf('regression', Float32Array.of(0, 0), predictions([1, 2])).mape));
    });

    it('do not know r2 when every label is the same', () => {
      assert.ok(Number.isNaN(metricsOf('regression', Float32Array.of(5, 5), predictions([5, 6])).r2));
    });

    it('are unknown when a prediction is', () => {
      const metrics = metricsOf('regression', Float32Array.of(1, 2, 3), predictions([1, Number.NaN, 3]));
      for (const name of ['mae', 'rmse', 'stdev_error', 'r2', 'bias', 'median_ae']) {
        assert.ok(Number.isNaN(metrics[name]), name);
      }
    });

    it('keep the deviation of a small error beside a large mean', () => {
      const labels = Float32Array.from({ length: 100_000 }, (_, i) => 8_000_000 + (i % 2));
      const metrics = metricsOf('regression', labels, predictions(labels.map(() => 0)));
      assertClose(metrics, { stdev_error: 0.5, bias: -8_000_000.5 }, 1e-14);
    });

    it('do not depend on the order of rows', () => {
      const pairs = fc.array(
        fc.tuple(
          fc.float({ noNaN: true, min: -1e6, max: 1e6 }),
          fc.float({ noNaN: true, min: -1e6, max: 1e6 }),
        ),
        { minLength: 1 },
      );
      fc.assert(
        fc.property(pairs, (rows) => {
          const measure = (r: [number, number][]) =>
            metricsOf(
              'regression',
              Float32Array.from(r, ([a]) => a),
              predictions(r.map(([, b]) => b)),
            );
          const [forward, backward] = [measure(rows), measure([...rows].reverse())];
          assertClose(
            Object.fromEntries(Object.entries(backward).map(([k, v]) => [k, Number.isNaN(v) ? -1 : v])),
            Object.fromEntries(Object.entries(forward).map(([k, v]) => [k, Number.isNaN(v) ? -1 : v])),
          );
          assert.ok(forward.rmse! >= forward.mae! * (1 - 1e-12), 'rmse is never below mae');
        }),
      );
    });
  });

  describe('of a binary classifier', () => {
    it('agree with scikit-learn 1.9, ties included', () => {
      assertClose(metricsOf('binary', binaryLabels, predictions(binaryScores)), {
        auc: 0.7149632802937577,
        logloss: 0.5950183402921121,
        accuracy: 0.6325,
        precision: 0.5714285714285714,
        recall: 0.5813953488372093,
        f1: 0.5763688760806917,
        aucpr: 0.6918278190077297,
        brier: 0.2108758544921875,
      });
    });

    it('count every pair for the AUC, ties as half', () => {
      fc.assert(
        fc.property(scored, (rows) => {
          const labels = Float32Array.from(rows, ([l]) => l);
          const scores = Float32Array.from(rows, ([, s]) => s);
          let [pairs, wins] = [0, 0];
          for (let i = 0; i < rows.length; i++) {
            for (let j = 0; j < rows.length; j++) {
              if (labels[i] !== 1 || labels[j] !== 0) continue;
              pairs++;
              wins += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
            }
          }
          const found = metricsOf('binary', labels, predictions(scores)).auc!;
          if (pairs === 0) return assert.ok(Number.isNaN(found));
          assert.ok(Math.abs(found - wins / pairs) < 1e-12);
          assert.ok(found >= 0 && found <= 1);
        }),
      );
    });

    it('turn round with the labels: AUC becomes 1 − AUC', () => {
      fc.assert(
        fc.property(scored, (rows) => {
          const labels = Float32Array.from(rows, ([l]) => l);
          const scores = predictions(rows.map(([, s]) => s));
          const direct = metricsOf('binary', labels, scores).auc!;
          const turned = metricsOf(
            'binary',
            labels.map((l) => 1 - l),
            scores,
          ).auc!;
          assert.ok(Number.isNaN(direct) || Math.abs(direct + turned - 1) < 1e-12);
        }),
      );
    });

    it('clip certain errors as XGBoost does instead of losing infinitely much', () => {
      const { logloss } = metricsOf('binary', Float32Array.of(1, 0), predictions([0, 1]));
      assert.ok(Math.abs(logloss! - -Math.log(1e-16)) < 1e-9);
    });

    it('call a probability of exactly one half class 0', () => {
      assert.equal(metricsOf('binary', Float32Array.of(0, 1), predictions([0.5, 0.6])).accuracy, 1);
    });

    it('are 0 where nothing was predicted, and unknown where a prediction is', () => {
      assert.equal(metricsOf('binary', Float32Array.of(1, 0), predictions([0.1, 0.2])).precision, 0);
      const unknown = metricsOf('binary', Float32Array.of(1, 0), predictions([Number.NaN, 0.2]));
      for (const [name, value] of Object.entries(unknown)) assert.ok(Number.isNaN(value), name);
    });
  });

  describe('of a multiclass classifier', () => {
    it('agree with scikit-learn 1.9', () => {
      assertClose(metricsOf('multiclass', classLabels, predictions(classProbabilities, 4)), {
        accuracy: 0.615,
        mlogloss: 1.0369152782055935,
        macro_precision: 0.6105588638923815,
        macro_recall: 0.6098905723905723,
        macro_f1: 0.6100886314121609,
        weighted_precision: 0.6151290217511447,
        weighted_recall: 0.615,
        weighted_f1: 0.614918967198379,
      });
    });

    it('average over the classes that occur, as scikit-learn does', () => {
      // Class 3 occurs nowhere; class 2 is never predicted.
      const labels = Float32Array.of(0, 0, 1, 2);
      const probabilities = [0.7, 0.1, 0.1, 0.1, 0.1, 0.7, 0.1, 0.1, 0.1, 0.7, 0.1, 0.1, 0.7, 0.1, 0.1, 0.1];
      assertClose(metricsOf('multiclass', labels, predictions(probabilities, 4)), {
        macro_precision: (1 / 2 + 1 / 2 + 0) / 3,
        macro_recall: (1 / 2 + 1 + 0) / 3,
      });
    });

    it('read class numbers from multi:softmax and then know no mlogloss', () => {
      const metrics = metricsOf('multiclass', Float32Array.of(0, 1, 2), predictions([0, 1, 1]));
      assert.equal(metrics.accuracy, 2 / 3);
      assert.ok(!('mlogloss' in metrics));
    });
  });

  it('refuse labels and predictions that do not belong together', () => {
    const cases: [Kind, number[], number[], number, string][] = [
      ['regression', [], [], 1, 'evaluation.empty-test-set'],
      ['regression', [1, 2], [1], 1, 'evaluation.rows'],
      ['regression', [1], [1, 2], 2, 'evaluation.outputs'],
      ['regression', [Number.NaN], [1], 1, 'evaluation.labels'],
      ['binary', [0.5], [0.5], 1, 'evaluation.labels'],
      ['multiclass', [3], [0.1, 0.2, 0.7], 3, 'evaluation.labels'],
      ['multiclass', [123_456], [1], 1, 'evaluation.labels'],
    ];
    for (const [kind, labels, values, outputs, code] of cases) {
      assert.throws(
        () => metricsOf(kind, Float32Array.from(labels), predictions(values, outputs)),
        (error: unknown) => error instanceof WarmstartError && error.code === code,
        `${kind} ${labels} ${values}`,
      );
    }
  });

  it('take less than half a second for a million rows', () => {
    const labels = Float32Array.from({ length: 1_000_000 }, (_, i) => (i * 7919) % 1009);
    const answers = predictions(labels.map((l, i) => l + (i % 17)));
    metricsOf('regression', labels, answers);
    const start = performance.now();
    metricsOf('regression', labels, answers);
    // Four times the budget: other work may share the machine.
    assert.ok(performance.now() - start < 2000);
  });
});

describe('the compensated sum', () => {
  it('keeps what plain addition loses', () => {
    const sum = new Sum();
    for (const x of [1e16, 1, -1e16]) sum.add(x);
    assert.equal(sum.value, 1);
  });

  it('is exact for ten million times 0.1', () => {
    const sum = new Sum();
    for (let i = 0; i < 1e7; i++) sum.add(0.1);
    // 0.1 as a double is 0.1 + 5.55e-18.
    assert.equal(sum.value, 1e7 * 0.1);
  });

  it('is infinite when a term is, and NaN when a term is', () => {
    const infinite = new Sum();
    for (const x of [1, Number.POSITIVE_INFINITY, 2]) infinite.add(x);
    assert.equal(infinite.value, Number.POSITIVE_INFINITY);
    infinite.add(Number.NEGATIVE_INFINITY);
    assert.ok(Number.isNaN(infinite.value));
  });
});

describe('ranking', () => {
  it('sorts row numbers by value, stably, for every float', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true }), (values) => {
        const expected = [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
        // ∞ − ∞ is NaN, which `||` passes on to the row number.
        assert.deepEqual([...finish(argsortSteps(values))], expected);
      }),
    );
  });

  it('places rows so that either class has the AUC as its mean', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const labels = Float32Array.from(rows, ([l]) => l);
        const scores = Float32Array.from(rows, ([, s]) => s);
        const ranking = finish(rankSteps(labels, scores))!;
        fc.pre(ranking.totalPositives > 0 && ranking.totalNegatives > 0);
        const placed = finish(placementSteps(ranking, labels));
        for (const side of [0, 1]) {
          const own = [...placed].filter((_, row) => labels[row] === side);
          assert.ok(Math.abs(own.reduce((a, b) => a + b, 0) / own.length - auc(ranking)) < 1e-12);
        }
      }),
    );
  });
});
