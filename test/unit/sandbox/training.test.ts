import assert from 'node:assert/strict';
import type { LabelledMatrix, TrainRequest } from '../../../src/sandbox/training/contract';
import { train } from '../../../src/sandbox/training/train';
import { predict } from '../../../src/xgboost/predict';
import { readBooster } from '../../../src/xgboost/read';
import { expectations, noisyData, recordedData } from './training-data';

const noisy = { train: noisyData(800), validation: noisyData(400, 2) };

function request(
  hyperparameters: Record<string, string>,
  data: { train: LabelledMatrix; validation?: LabelledMatrix } = noisy,
): TrainRequest {
  return { version: '1.7-1', hyperparameters: { num_round: '20', ...hyperparameters }, ...data };
}

function rmse(model: Buffer, { features, labels }: LabelledMatrix): number {
  const { values } = predict(readBooster(model), features);
  return Math.sqrt(values.reduce((sum, value, row) => sum + (value - labels[row]!) ** 2, 0) / labels.length);
}

describe('Training agrees with XGBoost 1.7.4 on small data', () => {
  for (const { name, target, weighted, hyperparameters, metrics, margins } of expectations.settings) {
    it(name, () => {
      const data = recordedData(target, weighted);
      const result = train({ version: '1.7-1', hyperparameters, ...data });
      const predicted = predict(readBooster(result.model), data.validation.features, { margin: true }).values;
      margins.forEach((margin, i) => {
        assert.ok(
          Math.abs(predicted[i]! - margin) < 2e-5,
          `margin ${i}: ${predicted[i]} instead of ${margin}`,
        );
      });
      for (const [metric, value] of Object.entries(metrics)) {
        const ours = result.metrics[`validation:${metric}`]!;
        assert.ok(
          Math.abs(ours - value) < 2e-6 * Math.max(1, value),
          `${metric}: ${ours} instead of ${value}`,
        );
      }
    });
  }
});

describe('Training', () => {
  it('gives the same bytes for the same request and other trees for another seed', () => {
    const sampled = { subsample: '0.7', colsample_bytree: '0.75' };
    const first = train(request({ ...sampled, seed: '1' }));
    assert.deepEqual(train(request({ ...sampled, seed: '1' })).model, first.model);
    assert.notDeepEqual(train(request({ ...sampled, seed: '2' })).model, first.model);
  });

  it('learns: validation error falls far below that of a constant', () => {
    const { history } = train(request({ num_round: '60', eta: '0.2', max_depth: '4' }));
    const errors = history['validation:rmse']!;
    assert.equal(errors.length, 60);
    assert.ok(errors.at(-1)! < 0.4 * errors[0]!, `${errors[0]} → ${errors.at(-1)}`);
  });

  it('reports the metric that the saved model has, for both data sets', () => {
    for (const version of ['1.3-1', '1.5-1', '1.7-1', '3.0-5', '3.2-0']) {
      const { model, metrics } = train({ ...request({ subsample: '0.8' }), version });
      assert.equal(rmse(model, noisy.train), metrics['train:rmse'], version);
      assert.equal(rmse(model, noisy.validation), metrics['validation:rmse'], version);
    }
  });

  it('writes log lines as the container does, with the metric names of both channels', () => {
    const { log, metrics } = train(request({ num_round: '3', eval_metric: 'mape,rmse' }));
    assert.equal(log.length, 3);
    assert.match(
      log[2]!,
      /^\[2\]#011train-mape:\d+\.\d{5}#011train-rmse:\d+\.\d{5}#011validation-mape:\S+#011validation-rmse:\S+$/,
    );
    assert.equal(
      Number(/#011validation-rmse:(\S+)/.exec(log[2]!)![1]),
      Number(metrics['validation:rmse']!.toFixed(5)),
    );
  });

  it('evaluates the metric that a tuning job watches', () => {
    const { metrics } = train(request({ _tuning_objective_metric: 'validation:mae' }));
    assert.ok('validation:mae' in metrics);
  });

  it('handles a column that is missing altogether, and constant ones', () => {
    const columns = 3;
    const values = Float32Array.from({ length: 90 }, (_, i) => [Number.NaN, 7, i % 2][i % columns]!);
    const features = { rows: 30, columns, values };
    const labels = Float32Array.from({ length: 30 }, (_, row) => values[row * columns + 2]!);
    const { model } = train(request({}, { train: { features, labels } }));
    const { values: predictions } = predict(readBooster(model), features);
    labels.forEach((label, row) => {
      assert.ok(Math.abs(predictions[row]! - label) < 0.1);
    });
  });

  it('weighs rows: those with weight 0 do not count', () => {
    const { features, labels } = noisyData(300);
    const weights = Float32Array.from(labels, (_, row) => (row < 150 ? 1 : 0));
    const spoilt = labels.map((label, row) => (row < 150 ? label : 1000));
    const { model } = train(request({}, { train: { features, labels: spoilt, weights } }));
    const { values } = predict(readBooster(model), features);
    assert.ok(values.every((value) => Math.abs(value) < 20));
  });

  it('obeys max_depth, max_leaves and gamma', () => {
    const leaves = (hyperparameters: Record<string, string>) => {
      const { trees } = readBooster(train(request({ num_round: '1', ...hyperparameters })).model);
      return trees[0]!.left.filter((left) => left < 0).length;
    };
    assert.equal(leaves({ max_depth: '2' }), 4);
    assert.equal(leaves({ grow_policy: 'lossguide', max_leaves: '7', max_depth: '0' }), 7);
    assert.equal(leaves({ gamma: '100000' }), 1);
    assert.ok(leaves({ max_depth: '0' }) > 2 ** 6, 'depth 0 means no limit');
  });
});

describe('Early stopping', () => {
  const data = { train: noisyData(150), validation: noisyData(150, 2) };
  const hyperparameters = {
    num_round: '200',
    eta: '0.5',
    eval_metric: 'mae,rmse',
    early_stopping_rounds: '5',
  };

  it('stops when the last metric has not improved and saves the best round', () => {
    const { model, rounds, history, log } = train(request(hyperparameters, data));
    const errors = history['validation:rmse']!;
    const best = errors.indexOf(Math.min(...errors));
    assert.equal(rounds, best + 1 + 5);
    assert.equal(log.length, rounds);
    assert.equal(rmse(model, data.validation), errors[best]);
    assert.equal(readBooster(model).trees.length, best + 1);
  });

  it('maximises what is better when larger', () => {
    const labels = (set: LabelledMatrix) => ({
      ...set,
      labels: set.labels.map((label) => (label > 0 ? 1 : 0)),
    });
    const { history, rounds } = train(
      request(
        { ...hyperparameters, objective: 'binary:logistic', eval_metric: 'auc' },
        { train: labels(data.train), validation: labels(data.validation) },
      ),
    );
    const areas = history['validation:auc']!;
    assert.equal(rounds, areas.indexOf(Math.max(...areas)) + 1 + 5);
  });

  it('needs a metric by name, as in the container', () => {
    const { eval_metric: _, ...unnamed } = hyperparameters;
    assert.equal(train(request({ ...unnamed, num_round: '60' }, data)).rounds, 60);
  });

  it('ends where the caller says, keeping the rounds so far', () => {
    const { rounds, log, model } = train({ ...request({}), stop: (round) => round === 6 });
    assert.equal(rounds, 7);
    assert.equal(log.length, 7);
    assert.deepEqual(model, train(request({ num_round: '7' })).model);
  });
});

describe('Training refuses', () => {
  const cases: [string, Record<string, string>, RegExp][] = [
    [
      'labels outside the classes',
      { objective: 'multi:softmax', num_class: '2' },
      /ClientError: SoftmaxMultiClassObj: label must be in \[0, num_class\)/,
    ],
    [
      'labels outside [0, 1] for logistic',
      { objective: 'binary:logistic' },
      /ClientError: label must be in \[0,1\] for logistic regression/,
    ],
    [
      'negative counts',
      { objective: 'count:poisson' },
      /ClientError: PoissonRegression: label must be nonnegative/,
    ],
    [
      'ranking, which the sandbox lacks',
      { objective: 'rank:ndcg' },
      /AlgorithmError: XGB train call failed with exception:\n Objective 'rank:ndcg'/,
    ],
    ['linear boosters', { booster: 'gblinear' }, /AlgorithmError: .*\n booster 'gblinear'/],
  ];
  for (const [what, hyperparameters, message] of cases) {
    it(what, () => assert.throws(() => train(request(hyperparameters)), { message }));
  }

  it('infinite features and labels that are no numbers', () => {
    const { features, labels } = noisyData(10);
    const infinite = { ...features, values: features.values.map((value, i) => (i === 3 ? Infinity : value)) };
    assert.throws(() => train(request({}, { train: { features: infinite, labels } })), /`inf`/);
    const broken = labels.map((label, i) => (i === 3 ? Number.NaN : label));
    assert.throws(() => train(request({}, { train: { features, labels: broken } })), /Label contains NaN/);
  });
});
