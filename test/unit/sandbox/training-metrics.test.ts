import assert from 'node:assert/strict';
import {
  CONTAINER_METRICS,
  containerMetric,
  type Evaluation,
  MAXIMISED_METRICS,
  MINIMISED_METRICS,
  xgboostMetric,
} from '../../../src/sandbox/training/metrics';

function evaluation(labels: number[], margins: number[][], outputs: number[][] = margins): Evaluation {
  return {
    labels: Float32Array.from(labels),
    margins: margins.map((values) => Float32Array.from(values)),
    outputs: outputs.map((values) => Float32Array.from(values)),
  };
}

function near(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) < 1e-6, `${what}: ${actual} instead of ${expected}`);
}

describe("The container's metrics", () => {
  it('of two classes come from the sign of the margin', () => {
    // Two of three positives and one of two negatives are found.
    const cases = evaluation([1, 1, 1, 0, 0], [[0.2, -1, 3, 0.1, -0.5]]);
    const expected = {
      accuracy: 3 / 5,
      balanced_accuracy: 7 / 12,
      precision: 2 / 3,
      recall: 2 / 3,
      f1_binary: 2 / 3,
      f1: 7 / 12,
      f1_macro: 7 / 12,
      precision_macro: 7 / 12,
      recall_macro: 7 / 12,
      precision_micro: 3 / 5,
      recall_micro: 3 / 5,
    };
    for (const [name, value] of Object.entries(expected)) near(containerMetric(name, 1)!(cases), value, name);
  });

  it('of several classes come from the largest margin', () => {
    const cases = evaluation(
      [0, 1, 2, 2],
      [
        [3, 0, 0, 0],
        [1, 2, 1, 0],
        [0, 1, 0, 5],
      ],
    );
    near(containerMetric('accuracy', 1)!(cases), 3 / 4, 'accuracy');
    near(containerMetric('balanced_accuracy', 1)!(cases), (1 + 1 + 1 / 2) / 3, 'balanced accuracy');
    near(containerMetric('f1_macro', 1)!(cases), (1 + 2 / 3 + 2 / 3) / 3, 'f1');
  });

  it('of regression see margins up to 1.7 and predictions from 3.0 on', () => {
    const cases = evaluation([1, 2, 4], [[0, 0, 1]], [[1, 1, 3]]);
    near(containerMetric('mse', 1)!(cases), (1 + 4 + 9) / 3, 'mse of margins');
    near(containerMetric('mse', 3)!(cases), 2 / 3, 'mse');
    near(containerMetric('mae', 3)!(cases), 2 / 3, 'mae');
    near(containerMetric('rmse', 3)!(cases), Math.sqrt(2 / 3), 'rmse');
    near(containerMetric('r2', 3)!(cases), 1 - 2 / 3 / (14 / 9), 'r2');
  });

  it('are all there', () => {
    for (const name of CONTAINER_METRICS) assert.ok(containerMetric(name, 1), name);
  });
});

describe("XGBoost's metrics", () => {
  it('rank rows: equal scores count half in auc', () => {
    near(xgboostMetric('auc', 1.5)!(evaluation([0, 1, 0, 1], [[0.1, 0.4, 0.4, 0.8]])), 7 / 8, 'auc');
    assert.ok(Number.isNaN(xgboostMetric('auc', 1.5)!(evaluation([1, 1], [[0.1, 0.4]]))));
  });

  it('take thresholds by name', () => {
    const cases = evaluation([1, 1, 0], [[0.4, 0.9, 0.2]]);
    near(xgboostMetric('error', 1.5)!(cases), 1 / 3, 'error');
    near(xgboostMetric('error@0.3', 1.5)!(cases), 0, 'error@0.3');
  });

  it('are all there but those of ranking and survival', () => {
    const absent = [...MAXIMISED_METRICS, ...MINIMISED_METRICS].filter(
      (name) => !CONTAINER_METRICS.includes(name) && !xgboostMetric(name, 1.5),
    );
    assert.deepEqual(absent, ['map', 'ndcg', 'aft-nloglik', 'cox-nloglik', 'interval-regression-accuracy']);
  });
});
