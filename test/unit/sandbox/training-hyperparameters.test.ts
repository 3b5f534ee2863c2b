import assert from 'node:assert/strict';
import { validateHyperparameters } from '../../../src/sandbox/training/hyperparameters';

function refuses(hyperparameters: Record<string, string>, message: string | RegExp, version = '1.7-1'): void {
  const complete = { num_round: '10', ...hyperparameters };
  assert.throws(
    () => validateHyperparameters(complete, version),
    (error: Error) => {
      if (typeof message === 'string') assert.equal(error.message, `ClientError: ${message}`);
      else assert.match(error.message, message);
      return true;
    },
  );
}

describe('The container checks hyperparameters', () => {
  it('and needs num_round', () => {
    assert.throws(() => validateHyperparameters({}, '1.7-1'), {
      message: 'ClientError: Missing required hyperparameter: num_round',
    });
  });

  it('and knows aliases', () => {
    const named = validateHyperparameters({ num_round: '1', learning_rate: '0.1', reg_lambda: '2' }, '1.7-1');
    assert.deepEqual(named, { num_round: '1', eta: '0.1', lambda: '2' });
  });

  it('and refuses names that it does not know', () => {
    refuses({ colsample: '1' }, 'Extraneous hyperparameter found: colsample');
  });

  it('and refuses text where a number belongs', () => {
    refuses({ max_depth: '6.0' }, 'Hyperparameter max_depth: could not parse value (caused by ValueError)');
    refuses({ eta: 'fast' }, 'Hyperparameter eta: could not parse value (caused by ValueError)');
  });

  it('and refuses numbers out of range, open ends included', () => {
    refuses({ eta: '1.5' }, 'Hyperparameter eta: value 1.5 not in range [0, 1]');
    refuses({ subsample: '0' }, 'Hyperparameter subsample: value 0 not in range (0, 1]');
    refuses({ gamma: '-1' }, 'Hyperparameter gamma: value -1 not in range [0, +inf)');
    refuses({ num_round: '0' }, 'Hyperparameter num_round: value 0 not in range [1, +inf)');
    refuses(
      { tweedie_variance_power: '2' },
      'Hyperparameter tweedie_variance_power: value 2 not in range (1, 2)',
    );
    validateHyperparameters(
      { num_round: '1', eta: '0', subsample: '1', max_depth: '0', alpha: '1e3' },
      '1.7-1',
    );
  });

  it('and refuses choices that it does not offer', () => {
    refuses(
      { grow_policy: 'widest' },
      "Hyperparameter grow_policy: value widest not in range ['depthwise', 'lossguide']",
    );
    refuses(
      { objective: 'reg:absoluteerror' },
      /^ClientError: Hyperparameter objective: value reg:absoluteerror/,
      '1.5-1',
    );
    validateHyperparameters({ num_round: '1', objective: 'reg:absoluteerror' }, '1.7-1');
  });

  it('and refuses metrics that the release does not know', () => {
    refuses(
      { eval_metric: 'rmse,smape' },
      /^ClientError: Hyperparameter eval_metric: value \['rmse', 'smape'\] not in range \['accuracy',/,
    );
    refuses({ eval_metric: 'mape' }, /not in range/, '1.3-1');
    refuses(
      { _tuning_objective_metric: 'train:rmse' },
      /^ClientError: Hyperparameter _tuning_objective_metric/,
    );
    validateHyperparameters({ num_round: '1', eval_metric: 'error@0.3,mape' }, '1.7-1');
  });

  it('and checks what depends on one another', () => {
    refuses(
      { objective: 'multi:softprob' },
      "Require input for parameter 'num_class' for multi-classification",
    );
    refuses(
      { eval_metric: 'auc' },
      "Metric 'auc' can only be applied for classification and ranking problems.",
    );
    refuses({ monotone_constraints: '(1,0)' }, /monotone_constraints can be used only when the tree_method/);
    refuses({ eval_metric: 'rmse@0.3' }, /^ClientError: Metric 'rmse@0.3' is not supported/);
    refuses({ eval_metric: 'error@x' }, "Threshold value 't' in 'error@t' expects float input.");
  });
});
