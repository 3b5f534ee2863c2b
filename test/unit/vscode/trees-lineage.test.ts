import assert from 'node:assert/strict';
import type { TreeNode } from '../../../src/vscode/trees/node';
import { trainingJob, tuningJob } from './trees-fixtures';
import { base, looksLike, rendered } from './trees-lines';

describe('the lines of Tuning Lineage', () => {
  const job = 'hasArn hasLogs hasName refreshable';
  looksLike([
    [
      'a model',
      { ...base, kind: 'lineageModel', model: 'delay-ord' },
      '(type-hierarchy-sub) delay-ord',
      'hasName refreshable retrainable',
    ],
    [
      'a finished job',
      tuningJob(),
      '(pass) flights-delay-ord-a — validation:rmse 31.12 · 10/10 jobs · TransferLearning · v7 · 3 h ago',
      job,
    ],
    [
      'a job that runs',
      tuningJob({ status: 'InProgress', jobs: { done: 4, total: 10 }, packageArn: null }, true),
      '(loading~spin) flights-delay-ord-a — InProgress · validation:rmse 31.12 · 4/10 jobs · TransferLearning · 3 h ago',
      job,
    ],
    [
      'a cold start',
      tuningJob({ warmStart: null, parents: [], packageArn: null }),
      '(pass) flights-delay-ord-a — validation:rmse 31.12 · 10/10 jobs · cold start · 3 h ago',
      job,
    ],
    [
      'a failed job',
      tuningJob({ status: 'Failed', value: null, packageArn: null }),
      '(error) flights-delay-ord-a — Failed · 10/10 jobs · TransferLearning · 3 h ago',
      job,
    ],
    [
      'a stopped job',
      tuningJob({ status: 'Stopped', packageArn: null }),
      '(circle-slash) flights-delay-ord-a — Stopped · validation:rmse 31.12 · 10/10 jobs · TransferLearning · 3 h ago',
      job,
    ],
    [
      'a parent of which only the name is left',
      tuningJob({
        status: 'Unknown',
        createdAt: undefined,
        metric: null,
        value: null,
        jobs: null,
        warmStart: null,
        packageArn: null,
      }),
      '(question) flights-delay-ord-a — Unknown',
      job,
    ],
    [
      'a parent that was turned down',
      {
        ...base,
        kind: 'refusedParent',
        model: 'delay-ord',
        tuningJob: 'old',
        reason: 'old was a testing run.',
      },
      '(circle-slash) old — turned down · old was a testing run.',
      'hasArn hasName',
    ],
    [
      'the best training job',
      trainingJob({}, true),
      '(star-full) flights-delay-ord-a-001 — validation:rmse 31.25 · eta 0.201, max_depth 6',
      'hasArn hasLogs hasName',
    ],
    [
      'another',
      trainingJob(),
      '(circle-outline) flights-delay-ord-a-001 — validation:rmse 31.25 · eta 0.201, max_depth 6',
      'hasArn hasLogs hasName',
    ],
    [
      'one that runs',
      trainingJob({ status: 'InProgress', value: null, hyperparameters: {} }),
      '(loading~spin) flights-delay-ord-a-001 — InProgress',
      'hasArn hasLogs hasName',
    ],
    [
      'one that failed',
      trainingJob({ status: 'Failed', value: null, hyperparameters: {} }),
      '(error) flights-delay-ord-a-001 — Failed',
      'hasArn hasLogs hasName',
    ],
  ]);
  it('tells why a parent was turned down', () => {
    const node: TreeNode = {
      ...base,
      kind: 'refusedParent',
      model: 'm',
      tuningJob: 'old',
      reason: 'old was a testing run.',
    };
    assert.match(rendered(node).tooltip, /old was a testing run/);
  });
});
