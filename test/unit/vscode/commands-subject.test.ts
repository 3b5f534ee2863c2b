import assert from 'node:assert/strict';
import { subjectOf } from '../../../src/vscode/commands/subject';
import type { TreeNode } from '../../../src/vscode/trees/node';
import {
  activity,
  endpoint,
  packageArn,
  pendingVersion,
  release,
  run,
  target,
  trainingJob,
  tuningJob,
  versionNode,
} from './trees-fixtures';

describe('what a command is about', () => {
  it('is nothing when the palette calls it', () => {
    for (const argument of [undefined, null, 42, [], {}]) assert.deepEqual(subjectOf(argument), {});
  });

  it('is what a CodeLens or a key binding names', () => {
    assert.deepEqual(subjectOf('delay-ord'), { model: 'delay-ord' });
    assert.deepEqual(subjectOf({ endpoint: 'flights', environment: 'qa', other: 'x', model: 1 }), {
      endpoint: 'flights',
      environment: 'qa',
    });
  });

  it('is what the node stands for', () => {
    assert.deepEqual(subjectOf(pendingVersion()), { model: 'delay-ord', arn: packageArn(7) });
    assert.deepEqual(subjectOf(versionNode({ version: 3 })), { model: 'delay-ord', arn: packageArn(3) });
    assert.deepEqual(subjectOf(tuningJob()), { model: 'delay-ord', tuningJob: 'flights-delay-ord-a' });
    assert.deepEqual(subjectOf(trainingJob()), {
      tuningJob: 'flights-delay-ord-a',
      trainingJob: 'flights-delay-ord-a-001',
    });
    assert.deepEqual(subjectOf(endpoint()), { environment: 'qa', endpoint: 'flights' });
    assert.deepEqual(subjectOf(target()), {
      environment: 'qa',
      endpoint: 'flights',
      targetModel: 'delay-ord.tar.gz',
      model: 'delay-ord',
      arn: packageArn(6),
    });
    assert.deepEqual(subjectOf(release({}, { activityId: 'a1' })), {
      environment: 'qa',
      endpoint: 'flights',
      releaseId: '20261122-090000-ab12',
      activityId: 'a1',
    });
  });

  it('of a run includes the tuning job and the version that it came to', () => {
    const node = run({
      steps: {
        tune: {
          status: 'done',
          startedAt: '',
          result: { tuningJob: 'ws-1', warmStart: null, parents: [], refused: [], coldStartReason: null },
        },
        register: { status: 'done', startedAt: '', result: { packageArn: packageArn(9), version: 9 } },
      },
    });
    assert.deepEqual(subjectOf(node), {
      model: 'delay-ord',
      runId: '20261122-090000-ab12cd34',
      tuningJob: 'ws-1',
      arn: packageArn(9),
    });
  });

  it('of an activity is the run or release that it drives', () => {
    const retraining = activity({ operation: { kind: 'retrain', model: 'delay-ord', runId: 'r1' } });
    assert.deepEqual(subjectOf(retraining), { activityId: 'activity-1', model: 'delay-ord', runId: 'r1' });
    const operation = { kind: 'release' as const, environment: 'qa', endpoint: 'flights', releaseId: null };
    assert.deepEqual(subjectOf(activity({ operation })), {
      activityId: 'activity-1',
      environment: 'qa',
      endpoint: 'flights',
    });
  });

  it('is nothing for what cannot be acted on', () => {
    const more: TreeNode = { kind: 'loadMore', id: 'x/more', parent: 'x', shown: 3, loading: false };
    assert.deepEqual(subjectOf(more), {});
  });
});
