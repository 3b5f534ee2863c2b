import assert from 'node:assert/strict';
import { type Edit, found, ord, problemsAfter, ranges, tuning } from './edits';

describe('training', () => {
  const training = [...ord, 'training'];

  it('has an objective that its version knows', () => {
    found([[[...training, 'objective'], 'reg:squareerror']], /Did you mean "reg:squarederror"\?/);
    found(
      [
        [[...training, 'objective'], 'reg:absoluteerror'],
        [[...training, 'version'], '1.5-1'],
      ],
      /reg:absoluteerror needs version 1\.7-1 or later, this is 1\.5-1/,
    );
    assert.deepEqual(problemsAfter([[...training, 'objective'], 'reg:absoluteerror']), []);
  });

  it('knows its number of classes', () => {
    const multi: Edit[] = [
      [[...training, 'objective'], 'multi:softprob'],
      [[...tuning, 'metric'], 'validation:mlogloss'],
    ];
    found(multi, /training\.objective: multi:softprob needs the number of classes/);
    found(
      [...multi, [[...training, 'hyperparameters'], { num_class: 1 }]],
      /num_class: .*needs the number of classes/,
    );
    assert.deepEqual(problemsAfter(...multi, [[...training, 'hyperparameters'], { num_class: 3 }]), []);
  });

  it('names nothing twice', () => {
    found(
      [[[...training, 'hyperparameters'], { reg_lambda: 1, lambda: 2 }]],
      /"lambda" and "reg_lambda" are the same/,
    );
    found([[[...training, 'hyperparameters'], { objective: 'x' }]], /The objective has a field of its own/);
    found(
      [[[...training, 'hyperparameters'], { learning_rate: 0.1 }]],
      /"learning_rate" is static here and tuned/,
    );
  });

  it('waits for spot capacity at least as long as it may run', () => {
    found(
      [[[...training, 'spot'], { maxWaitSeconds: 60 }]],
      /spot\.maxWaitSeconds: .*at least 86400 seconds/,
    );
  });

  it('with an image of its own says what it measures and what it tunes', () => {
    const own = {
      image: 'my/image:1',
      objectiveType: 'Maximize',
      metricDefinitions: [{ name: 'score', regex: 'score=(\\S+)' }],
    };
    const typed = { depth: { min: 1, max: 9, type: 'integer' } };
    const image: Edit = [training, own];
    assert.deepEqual(problemsAfter(image, [tuning, { metric: 'score', ranges: typed }]), []);
    found(
      [image, [tuning, { metric: 'scor', ranges: typed }]],
      /No metric definition is named "scor"\. \| Did you mean "score"\?/,
    );
    found([image, [tuning, { ranges: typed }]], /needs the metric to tune/);
    found([image, [tuning, { metric: 'score' }]], /There is nothing to tune/);
    found(
      [image, [tuning, { metric: 'score', ranges: { depth: { min: 1, max: 9 } } }]],
      /"depth" is integer or continuous/,
    );
    found(
      [
        [training, { ...own, metricDefinitions: [{ name: 'score', regex: 'x' }] }],
        [tuning, { metric: 'score', ranges: typed }],
      ],
      /regex: The pattern must capture/,
    );
  });
});

describe('tuning', () => {
  it('starts warm only where SageMaker can', () => {
    found(
      [
        [[...tuning, 'strategy'], 'Hyperband'],
        [[...tuning, 'hyperband'], { minResource: 10, maxResource: 500 }],
      ],
      /warmStart: A Hyperband search cannot start warm/,
    );
    found(
      [
        [[...tuning, 'warmStart'], undefined],
        [[...tuning, 'strategy'], 'Grid'],
        [ranges, { num_round: { values: ['50', '100'] } }],
      ],
      /strategy: A Grid search cannot start warm\. \| Add "warmStart": false/,
    );
    found(
      [[[...tuning, 'warmStart', 'type'], 'IdenticalDataAndAlgorithm']],
      /^warning .*warmStart\.type: The data of every run differ/,
    );
  });

  it('searches a grid of values, and a Hyperband with a resource', () => {
    const cold: Edit = [[...tuning, 'warmStart'], false];
    found(
      [cold, [[...tuning, 'strategy'], 'Grid']],
      /tuning\.ranges: A grid search takes lists of values only/,
    );
    found([cold, [[...tuning, 'strategy'], 'Hyperband']], /strategy: Hyperband needs its resource/);
    const hyperband: Edit = [[...tuning, 'hyperband'], { minResource: 10, maxResource: 500 }];
    assert.deepEqual(problemsAfter(cold, [[...tuning, 'strategy'], 'Hyperband'], hyperband), []);
    found(
      [cold, [[...tuning, 'strategy'], 'Hyperband'], hyperband, [[...tuning, 'earlyStopping'], 'Auto']],
      /earlyStopping: Hyperband stops jobs itself/,
    );
    found(
      [
        cold,
        [[...tuning, 'strategy'], 'Hyperband'],
        [[...tuning, 'hyperband'], { minResource: 5, maxResource: 5 }],
      ],
      /minResource must be less/,
    );
    found([hyperband], /hyperband: A Bayesian search has no hyperband resource/);
  });

  it('does not search blindly', () => {
    found(
      [[[...tuning, 'maxParallelJobs'], 10]],
      /^warning .*maxParallelJobs: 10 of 10 jobs at once.*"maxParallelJobs": 3/,
    );
    found([[[...tuning, 'maxParallelJobs'], 11]], /^error .*maxParallelJobs: 11 jobs cannot run in parallel/);
    found(
      [
        [[...tuning, 'maxJobs'], 2],
        [[...tuning, 'maxParallelJobs'], undefined],
      ],
      /^error .*tuning\.maxJobs: 3 jobs cannot/,
    );
    assert.deepEqual(
      problemsAfter([[...tuning, 'maxParallelJobs'], 10], [[...tuning, 'strategy'], 'Random']),
      [],
    );
  });

  it('has a metric that the container measures', () => {
    found([[[...tuning, 'metric'], 'validation:rsme']], /Did you mean "validation:rmse"\?/);
    found(
      [[[...tuning, 'metric'], 'rmse']],
      /does not say what it is measured on\. \| Write "validation:rmse"/,
    );
    found([[[...tuning, 'metric'], 'train:rmse']], /^warning .*learnt it by heart/);
    found([[[...tuning, 'metric'], 'validation:auc']], /auc is for binary and rank objectives/);
    found(
      [
        [[...tuning, 'metric'], 'validation:mape'],
        [[...ord, 'training', 'version'], '1.2-2'],
      ],
      /mape needs version 1\.5-1 or later/,
    );
    assert.deepEqual(problemsAfter([[...tuning, 'metric'], undefined]), []);
  });

  it('has ranges that SageMaker and XGBoost accept', () => {
    const eta = [...ranges, 'eta'];
    found([[eta, { min: 0.5, max: 0.1 }]], /eta\.min: min \(0\.5\) must be less than max \(0\.1\)/);
    found(
      [[eta, { min: 0, max: 0.5, scaling: 'Logarithmic' }]],
      /eta\.min: A logarithmic scale begins above 0/,
    );
    found(
      [[eta, { min: 0, max: 1, scaling: 'ReverseLogarithmic' }]],
      /eta\.max: A reverse logarithmic scale/,
    );
    found([[eta, { min: 0.1, max: 2 }]], /eta\.max: "eta" is at most 1/);
    found(
      [[[...ranges, 'max_depth'], { min: 0, max: 5 }]],
      /max_depth\.min: "max_depth" is at least 1 \(0 would mean no limit/,
    );
    found(
      [[[...ranges, 'max_depth'], { min: 1.5, max: 5 }]],
      /max_depth\.min: "max_depth" takes whole numbers/,
    );
    found([[[...ranges, 'subsample'], { min: 0, max: 1 }]], /subsample\.min: "subsample" is more than 0/);
    found(
      [[[...ranges, 'gamma'], { min: 0, max: 5, type: 'integer' }]],
      /gamma\.type: "gamma" is continuous/,
    );
    found(
      [[[...ranges, 'learning_rate'], { min: 0.1, max: 0.5 }]],
      /ranges\.learning_rate: .*cannot be tuned\. \| Write "eta"/,
    );
    found([[[...ranges, 'seed'], { min: 1, max: 5 }]], /ranges\.seed: XGBoost's "seed" cannot be tuned/);
    found([[[...ranges, 'num_round'], undefined]], /tuning\.ranges: XGBoost needs num_round/);
    found([[ranges, {}]], /There is nothing to tune/, /XGBoost needs num_round/);
    assert.deepEqual(problemsAfter([ranges, undefined]), []);
    assert.deepEqual(
      problemsAfter([ranges, undefined], [[...ord, 'training', 'hyperparameters'], { num_round: 100 }]),
      [],
    );
  });
});
