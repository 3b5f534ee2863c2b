import assert from 'node:assert/strict';
import { applyEdits, modify } from 'jsonc-parser';
import { parseProject } from '../../../src/project/load';
import { endpointOf } from '../../../src/project/project';
import { sample } from './sample';

type Edit = [path: (string | number)[], value: unknown];

const ord = ['models', 'delay-ord'];
const tuning = [...ord, 'tuning'];
const ranges = [...tuning, 'ranges'];

/** The problems of the sample after some edits (undefined deletes), each as `severity path: message | remedy`. */
function problemsAfter(...edits: Edit[]): string[] {
  let text = sample;
  for (const [path, value] of edits) text = applyEdits(text, modify(text, path, value, {}));
  return parseProject(text, 'warmstart.json').problems.map(
    (p) => `${p.severity} ${p.path}: ${p.message} | ${p.remedy ?? ''}`,
  );
}

function found(edits: Edit[], ...expected: RegExp[]): void {
  const problems = problemsAfter(...edits);
  assert.equal(problems.length, expected.length, problems.join('\n'));
  for (const [index, pattern] of expected.entries()) assert.match(problems[index] ?? '', pattern);
}

/** A second model like the sample's, with its own names. */
function second(own: Record<string, unknown> = {}): Edit {
  const { project } = parseProject(sample, 'warmstart.json');
  const model = structuredClone(project?.source.models['delay-ord']);
  return [['models', 'delay-lax'], { ...model, packageGroup: 'flights-delay-lax', ...own }];
}

describe('names in a project', () => {
  it('must exist', () => {
    found(
      [[['registry'], 'trainin']],
      /^error registry: There is no environment "trainin"\. \| Did you mean "training"\?/,
    );
    found([[[...ord, 'endpoint'], 'flihgts']], /delay-ord\.endpoint: .*Did you mean "flights"\?/);
    found(
      [[[...ord, 'evaluation', 'champion'], 'prod']],
      /evaluation\.champion: There is no environment "prod"/,
    );
    found([[['endpoints', 'flights', 'environments', 'QA'], {}]], /environments\.QA: .*Did you mean "qa"\?/);
    found(
      [[['environments', 'qa', 'promote', 'after'], 'nowhere']],
      /qa\.promote\.after: There is no environment/,
    );
  });

  it('may be what every object inherits', () => {
    const { project } = parseProject(sample, 'warmstart.json');
    const qa = { ...project?.source.environments.qa, promote: { after: 'toString' } };
    found(
      [
        [['environments', 'constructor'], { ...qa, bucket: 'other' }],
        [['environments', 'qa', 'promote', 'after'], 'constructor'],
        [['endpoints', 'flights', 'environments', 'constructor'], { name: 'flights-2' }],
      ],
      /constructor\.promote\.after: There is no environment "toString"/,
    );
    const text = sample.replaceAll('"qa"', '"constructor"');
    const renamed = parseProject(text, 'warmstart.json').project;
    assert.ok(renamed);
    assert.equal(endpointOf(renamed, 'flights', 'constructor').name, 'flights');
    assert.equal(endpointOf(renamed, 'flights', 'toString').name, 'flights');
    assert.throws(() => endpointOf(renamed, 'toString', 'training'), { code: 'project.unknown-endpoint' });
  });

  it('must not wait for each other in a circle', () => {
    found(
      [[['environments', 'qa', 'promote', 'after'], 'production']],
      /qa waits for production waits for qa/,
      /production waits for qa waits for production/,
    );
    found([[['environments', 'qa', 'promote', 'after'], 'qa']], /qa waits for qa/);
  });

  it('must tell models apart', () => {
    assert.deepEqual(problemsAfter(second()), []);
    found(
      [second({ packageGroup: 'flights-delay-ord' })],
      /delay-lax\.packageGroup: "delay-ord" uses this package group/,
    );
    found(
      [second({ targetModel: 'delay-ord.tar.gz' })],
      /delay-lax\.targetModel: "delay-ord" is delay-ord\.tar\.gz/,
    );
    found(
      [[['models', 'Delay-ORD'], { ...(second()[1] as object) }]],
      /models\.Delay-ORD: "Delay-ORD" and "delay-ord" differ by case only/,
    );
  });
});

describe('environments', () => {
  it('must not share a bucket', () => {
    const qa = ['environments', 'qa'];
    found(
      [
        [[...qa, 'accountId'], '333333333333'],
        [[...qa, 'executionRoleArn'], 'arn:aws:iam::333333333333:role/R'],
        [[...qa, 'bucket'], 'acme-prod-ml'],
        [['endpoints', 'flights', 'environments', 'qa', 'name'], 'flights-qa'],
      ],
      /production\.bucket: "production" and "qa" are the same account, region and bucket/,
    );
  });

  it('must not share an endpoint', () => {
    const qa = ['environments', 'qa'];
    found(
      [
        [[...qa, 'accountId'], '333333333333'],
        [[...qa, 'executionRoleArn'], 'arn:aws:iam::333333333333:role/R'],
      ],
      /In "qa" and "production" this endpoint is one and the same: flights of account 333333333333/,
    );
  });

  it('have roles of their own account, and keep production apart from training', () => {
    const role = 'arn:aws:iam::999999999999:role/R';
    found(
      [[['environments', 'qa', 'executionRoleArn'], role]],
      /qa\.executionRoleArn: The role belongs to account 999999999999/,
    );
    found(
      [
        [['environments', 'production', 'accountId'], '111111111111'],
        [['environments', 'production', 'executionRoleArn'], 'arn:aws:iam::111111111111:role/R'],
      ],
      /^warning environments\.production\.accountId: .*shares its account with "training"/,
    );
    found(
      [[['environments', 'production', 'promote', 'requires'], 'pending']],
      /^warning .*admits versions that nobody approved/,
    );
  });
});

describe('an endpoint', () => {
  const flights = ['endpoints', 'flights'];

  it('runs one container', () => {
    const training = { algorithm: 'xgboost', version: '3.0-5', objective: 'reg:squarederror' };
    found(
      [second({ training })],
      /delay-lax\.training\.version: "delay-ord" of endpoint "flights" is xgboost 1\.7-1, this is xgboost 3\.0-5/,
    );
    const image = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1';
    const same = { image, objectiveType: 'Minimize', objective: 'reg:squarederror' };
    const typed = { eta: { min: 0.1, max: 0.5, type: 'continuous' } };
    assert.deepEqual(
      problemsAfter(second({ training: same, tuning: { metric: 'validation:rmse', ranges: typed } })),
      [],
    );
  });

  it('in production has more than one instance, and none that tires', () => {
    found(
      [[[...flights, 'variant', 'instanceCount'], 1]],
      /^warning .*variant\.instanceCount: One instance serves "production"/,
    );
    found(
      [[[...flights, 'variant', 'instanceType'], 'ml.t2.large']],
      /^warning .*variant\.instanceType: ml\.t2\.large serves "production"/,
    );
  });

  it('shifts traffic as SageMaker can', () => {
    found(
      [[[...flights, 'deployment'], { type: 'linear', percent: 5, alarms: ['errors'] }]],
      /deployment\.type: A linear deployment needs two instances; "qa" has one/,
      /error endpoints\.flights\.deployment\.percent: A linear step is 10 to 50 percent/,
    );
    found(
      [[[...flights, 'environments', 'production'], { deployment: { type: 'canary' } }]],
      /^warning .*Without an alarm/,
    );
  });
});

describe('data', () => {
  const data = [...ord, 'data'];

  it('is split so that something is left, and by a column when by time', () => {
    found(
      [
        [[...data, 'split', 'test'], 0.5],
        [[...data, 'split', 'validation'], 0.5],
      ],
      /leave nothing to train with/,
    );
    found([[[...data, 'split', 'column'], undefined]], /split\.by: A split by time needs the column/);
    found([[[...data, 'split', 'column'], 'delay']], /The label cannot be the column to split by/);
  });

  it('comes from a file of the project', () => {
    for (const query of ['/etc/passwd', '../other.sql', 'sql/../../x.sql', 'C:\\x.sql', '..\\x.sql'])
      found([[[...data, 'query'], query]], /data\.query: The query must be a file inside the project/);
    assert.deepEqual(problemsAfter([[...data, 'query'], 'sql/a..b/delay.sql']), []);
  });

  it('has a window whose names no parameter takes', () => {
    found([[[...data, 'parameters', 'until'], 'x']], /parameters\.until: \{\{until\}\} is the window's/);
  });
});

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

describe('a gate', () => {
  it('asks for something that can be', () => {
    const gates = [...ord, 'evaluation', 'gates'];
    found([[gates, [{ metric: 'rmse' }]]], /gates\.0: This gate lets everything through/);
    found(
      [[gates, [{ metric: 'rmse', min: 2, max: 1 }]]],
      /gates\.0\.min: Nothing is at least 2 and at most 1/,
    );
  });
});
