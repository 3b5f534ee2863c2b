import assert from 'node:assert/strict';
import { parseProject } from '../../../src/project/load';
import { endpointOf } from '../../../src/project/project';
import { found, ord, problemsAfter, second } from './edits';
import { sample } from './sample';

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
