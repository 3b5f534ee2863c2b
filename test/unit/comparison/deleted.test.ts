import assert from 'node:assert/strict';
import { comparisonCsv } from '../../../src/comparison/csv';
import { rememberedVersion } from '../../../src/comparison/deleted';
import { arnOf } from '../registry/fixtures';
import { better, built, comparison, measured, serving } from './examples';

/** Version 2 as the evaluation of version 3 remembers it. */
function remembered() {
  const { evaluation } = better();
  const version = rememberedVersion(evaluation ? [evaluation] : [], arnOf(2)) ?? assert.fail();
  return serving({ version, evaluation: null, dataset: null, tuning: null });
}

describe('a baseline that was deleted from the registry', () => {
  it('is what the evaluation knows that scored it', () => {
    const { version } = remembered();
    assert.deepEqual(
      [version.version, version.group, version.status, version.trainingJob, version.imageVersion],
      [2, 'flights-delay-ord', 'Deleted', 'job-2', '1.7-1'],
    );
    assert.equal(version.artifact.sha256, 'job-2');
    assert.equal(version.metrics.rmse, 12.3);
  });

  it('keeps its column, differences, intervals and verdict', () => {
    const [whole, made] = [built(), built({ baseline: remembered() })];
    assert.deepEqual(made.metrics, whole.metrics);
    assert.deepEqual(made.columns[1], whole.columns[1]);
    assert.deepEqual(made.columns[0]?.scorecard, whole.columns[0]?.scorecard);
  });

  it('cannot be decided, and nobody says that it waits', () => {
    const { refusals } = built({ baseline: remembered() }).columns[0] ?? assert.fail();
    const why = 'Version 2 of flights-delay-ord is not in the registry any more.';
    assert.deepEqual(refusals, { approve: why, reject: why });
    const [baseline, candidate] = comparisonCsv(comparison({ baseline: remembered() }))
      .split('\r\n')
      .slice(1);
    assert.match(baseline ?? '', /,2,baseline,production,,mae,/);
    assert.match(candidate ?? '', /,3,candidate,,PendingManualApproval,mae,/);
  });

  it('is not known where no evaluation scored it, or it is no version', () => {
    assert.equal(rememberedVersion([measured({ rmse: 1 })], arnOf(2)), null);
    const made = measured({ rmse: 1 }, { rmse: 2 });
    assert.equal(rememberedVersion([made], arnOf(1)), null);
    const foreign = 'arn:aws:sagemaker:us-east-1:111111111111:model-package/legacy';
    if (made.champion) made.champion.packageArn = foreign;
    assert.equal(rememberedVersion([made], foreign), null);
  });
});
