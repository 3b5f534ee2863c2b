import assert from 'node:assert/strict';
import { metricsOf } from '../../../src/evaluation/metrics';
import { comparable } from '../../../src/evaluation/predictions';
import { directionOf, directionOfMetric, metricNames, worsening } from '../../../src/project/metrics';
import { objectiveOf, objectives, outputsOf } from '../../../src/project/objectives';
import { predictions } from '../evaluation/examples';

describe('objectives', () => {
  it('of the container all have a kind, metrics, and a tuning metric whose direction is known', () => {
    for (const objective of objectives) {
      const { tuningMetric, metrics } = objectiveOf(objective);
      assert.ok(tuningMetric, objective);
      assert.match(directionOf(tuningMetric), /^(Maximize|Minimize)$/);
      assert.ok(
        metrics.every((metric) => metricNames.includes(metric)),
        objective,
      );
    }
  });

  it('are read as XGBoost means them', () => {
    assert.deepEqual(objectiveOf('reg:squarederror'), {
      kind: 'regression',
      tuningMetric: 'validation:rmse',
      metrics: ['mae', 'rmse', 'stdev_error', 'r2'],
    });
    assert.equal(objectiveOf('binary:logistic').tuningMetric, 'validation:logloss');
    assert.equal(objectiveOf('multi:softprob').tuningMetric, 'validation:mlogloss');
    assert.equal(objectiveOf('reg:absoluteerror').tuningMetric, 'validation:mae');
    assert.equal(objectiveOf('rank:pairwise').kind, 'regression');
    assert.equal(objectiveOf('survival:cox').kind, 'regression');
  });

  it('of own images are read by their prefix, and have no default tuning metric', () => {
    assert.deepEqual(
      [objectiveOf('custom').kind, objectiveOf('binary:mine').kind, objectiveOf('multi:mine').kind],
      ['regression', 'binary', 'multiclass'],
    );
    assert.equal(objectiveOf('custom').tuningMetric, null);
    assert.equal(objectiveOf('constructor').kind, 'regression');
  });

  it('say how many numbers a model answers per row', () => {
    assert.deepEqual(
      [outputsOf('multi:softprob', 3), outputsOf('multi:softmax', 3), outputsOf('reg:gamma', undefined)],
      [3, 1, 1],
    );
  });
});

describe('directions', () => {
  it('of tuning metrics come from the table, with or without channel and parameter', () => {
    assert.equal(directionOf('validation:auc'), 'Maximize');
    assert.equal(directionOf('validation:rmse'), 'Minimize');
    assert.equal(directionOf('train:logloss'), 'Minimize');
    assert.equal(directionOf('ndcg@10'), 'Maximize');
    assert.equal(directionOf('validation:r2'), 'Maximize');
  });

  it('are refused, not guessed, for metrics nobody knows', () => {
    for (const metric of ['validation:profit', 'validation:toString', '']) {
      assert.throws(() => directionOf(metric), { code: 'project.unknown-metric', kind: 'usage' });
    }
    assert.throws(() => directionOfMetric('profit'), { code: 'project.unknown-metric', kind: 'usage' });
  });

  it('are known for every metric that is computed', () => {
    const computed = [
      metricsOf('regression', Float32Array.of(1, 2), predictions([1, 3])),
      metricsOf('binary', Float32Array.of(0, 1), predictions([0.1, 0.9])),
      metricsOf('multiclass', Float32Array.of(0, 1), predictions([0.9, 0.1, 0.1, 0.9], 2)),
    ].flatMap((metrics) => Object.keys(metrics));
    for (const metric of computed) assert.match(directionOfMetric(metric), /lower|higher|zero/);
  });

  it('turn into how much worse a candidate is', () => {
    assert.equal(worsening('rmse', 3, 2), 1);
    assert.equal(worsening('auc', 3, 2), -1);
    assert.equal(worsening('bias', -3, 2), 1);
    assert.equal(worsening('bias', 1, -2), -1);
  });
});

describe('predictions of binary models', () => {
  it('become probabilities whatever the objective writes', () => {
    assert.deepEqual(
      [...comparable('binary', 'binary:logitraw', predictions([0, 100, -100])).values],
      [0.5, 1, Math.fround(1 / (1 + Math.exp(100)))],
    );
    assert.deepEqual(
      [...comparable('binary', 'binary:mine', predictions([0.75, 0.25, 0.5, 0.5], 2)).values],
      [0.25, 0.5],
    );
    const logistic = predictions([0.1]);
    assert.equal(comparable('binary', 'binary:logistic', logistic), logistic);
  });
});
