import assert from 'node:assert/strict';
import { closest, editDistance } from '../../../src/project/suggest';
import {
  compareVersions,
  parseImage,
  recommendedRanges,
  tunables,
  xgboostImage,
} from '../../../src/project/xgboost';

describe('the XGBoost image', () => {
  it('is that of the region, in the domain of its partition', () => {
    assert.equal(
      xgboostImage('us-east-1', '1.7-1'),
      '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1',
    );
    assert.equal(
      xgboostImage('cn-north-1', '3.0-5'),
      '450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn/sagemaker-xgboost:3.0-5',
    );
    assert.throws(() => xgboostImage('xx-nowhere-1', '1.7-1'), { code: 'project.xgboost-region' });
    assert.throws(() => xgboostImage('constructor', '1.7-1'), { code: 'project.xgboost-region' });
  });

  it('is read back', () => {
    assert.deepEqual(parseImage(xgboostImage('eu-west-1', '1.7-1')), {
      account: '141502667606',
      region: 'eu-west-1',
      repository: 'sagemaker-xgboost',
      tag: '1.7-1',
    });
    assert.equal(parseImage(`${xgboostImage('cn-north-1', '1.7-1')}@sha256:abc`)?.tag, '1.7-1');
    assert.equal(
      parseImage('111111111111.dkr.ecr-fips.us-gov-west-1.amazonaws.com/team/image:v1')?.repository,
      'team/image',
    );
    assert.equal(parseImage('python:3.12'), undefined);
  });

  it('has versions in order', () => {
    assert.deepEqual(['3.0-5', '1.2-2', '1.7-1', '1.2-1', '3.2-0'].sort(compareVersions), [
      '1.2-1',
      '1.2-2',
      '1.7-1',
      '3.0-5',
      '3.2-0',
    ]);
  });
});

describe('the recommended ranges', () => {
  it('are within what the container accepts, one for each tunable hyperparameter', () => {
    assert.deepEqual(Object.keys(recommendedRanges), Object.keys(tunables));
    for (const [name, range] of Object.entries(recommendedRanges)) {
      assert.ok('min' in range && range.min < range.max, name);
      assert.ok(range.min >= tunables[name]!.min && range.max <= tunables[name]!.max, name);
    }
    assert.deepEqual(recommendedRanges.max_depth, { min: 1, max: 10, scaling: 'Auto', type: 'integer' });
    assert.deepEqual(recommendedRanges.num_round, { min: 1, max: 4000, scaling: 'Auto', type: 'integer' });
  });
});

describe('a suggestion', () => {
  it('is the nearest name, swapped letters and case included', () => {
    assert.equal(editDistance('flihgts', 'flights'), 1);
    assert.equal(editDistance('kitten', 'sitting'), 3);
    assert.equal(closest('REGION', ['region', 'profile']), 'region');
    assert.equal(closest('xyz', ['region', 'profile']), undefined);
  });
});
