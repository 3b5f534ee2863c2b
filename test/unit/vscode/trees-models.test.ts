import assert from 'node:assert/strict';
import { versionNode } from './trees-fixtures';
import { base, looksLike, rendered } from './trees-lines';

describe('the lines of Models', () => {
  const own = 'comparable hasArn hasName lineage refreshable retrainable';
  const model = {
    ...base,
    kind: 'model',
    model: 'delay-ord',
    packageGroup: 'g',
    pending: 0,
    latest: 7,
    problem: null,
  } as const;
  looksLike([
    ['a model', model, '(package) delay-ord — v7', own],
    [
      'a model with a version that waits',
      { ...model, pending: 1 },
      '(package) delay-ord — v7 · 1 waiting',
      own,
    ],
    ['a model without a version', { ...model, latest: null }, '(package) delay-ord — no version yet', own],
    [
      'a model that may not be read',
      { ...model, latest: null, problem: 'AccessDenied' },
      '(warning) delay-ord — cannot be read',
      own,
    ],
    [
      'a version that waits',
      versionNode(),
      '(clock) v7 — rmse 31.25 · 3 h ago',
      'approvable comparable hasArn hasName rejectable',
    ],
    [
      'an approved one that serves',
      versionNode({ approval: 'Approved' }, { servesIn: ['qa', 'production'] }),
      '(pass) v7 — rmse 31.25 · serves in qa, production · 3 h ago',
      'comparable hasArn hasName rejectable',
    ],
    [
      'a rejected one',
      versionNode({ approval: 'Rejected' }),
      '(circle-slash) v7 — rmse 31.25 · 3 h ago',
      'approvable comparable hasArn hasName',
    ],
    [
      'one of a testing run',
      versionNode({ testing: true }),
      '(beaker) v7 — testing · rmse 31.25 · 3 h ago',
      'comparable hasArn hasName rejectable',
    ],
    [
      'one whose registration failed',
      versionNode({ status: 'Failed' }),
      '(error) v7 — Failed · rmse 31.25 · 3 h ago',
      'comparable hasArn hasName rejectable',
    ],
  ]);
  it('names the environments of which it does not know', () => {
    const { tooltip } = rendered(versionNode({}, { unread: ['production'] }));
    assert.match(tooltip, /Not known whether it serves in production/);
  });
});
