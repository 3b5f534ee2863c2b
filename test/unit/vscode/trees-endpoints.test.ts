import assert from 'node:assert/strict';
import { endpoint, now, release, target } from './trees-fixtures';
import { base, line, looksLike, rendered } from './trees-lines';

describe('the lines of Endpoints', () => {
  const place = {
    ...base,
    kind: 'environment',
    environment: 'qa',
    accountId: '222222222222',
    region: 'us-east-1',
    protected: false,
    current: false,
  } as const;
  const served = 'comparable hasArn hasName invokable retrainable';
  looksLike([
    [
      'the current environment',
      { ...place, current: true },
      '(vm-active) qa — current · 222222222222 · us-east-1',
      'hasName refreshable',
    ],
    [
      'another environment',
      place,
      '(vm-outline) qa — 222222222222 · us-east-1',
      'hasName refreshable switchable',
    ],
    [
      'a protected one',
      { ...place, protected: true },
      '(shield) qa — protected · 222222222222 · us-east-1',
      'hasName refreshable switchable',
    ],
    [
      'an endpoint',
      endpoint(),
      '(pass) flights — 2 × ml.m5.large · 5 models loaded · 98 % cache hits · released 3 h ago',
      'hasArn hasLogs hasName refreshable releasable rollbackable',
    ],
    [
      'one with something to look at',
      endpoint({ targets: [target('stale').target], cache: null }),
      '(warning) flights — 1 to look at · 2 × ml.m5.large · released 3 h ago',
      'hasArn hasLogs hasName refreshable releasable rollbackable',
    ],
    [
      'one that is being updated',
      endpoint({ status: 'Updating', cache: null }),
      '(loading~spin) flights — Updating · 2 × ml.m5.large · released 3 h ago',
      'hasArn hasLogs hasName refreshable releasable rollbackable',
    ],
    [
      'one that failed',
      endpoint({ status: 'Failed', cache: null, instances: null }),
      '(error) flights — Failed · released 3 h ago',
      'hasArn hasLogs hasName refreshable releasable rollbackable',
    ],
    [
      'one that nobody released',
      endpoint({ releaseId: null, cache: null }),
      '(pass) flights — 2 × ml.m5.large',
      'hasArn hasLogs hasName refreshable releasable',
    ],
    [
      'one that does not exist',
      endpoint({ status: null, releaseId: null, cache: null, instances: null }),
      '(circle-outline) flights — not created yet',
      'hasLogs hasName refreshable releasable',
    ],
    ['a target model as it should be', target(), '(pass) delay-ord.tar.gz — v6', served],
    [
      'a stale one',
      target('stale', { admitted: 7 }),
      '(arrow-up) delay-ord.tar.gz — v6 · stale: v7 may serve',
      served,
    ],
    [
      'a missing one',
      target('missing', { version: null, packageArn: null, artifact: null }),
      '(circle-large-outline) delay-ord.tar.gz — missing',
      'hasName retrainable',
    ],
    ['a drifted one', target('drifted'), '(git-compare) delay-ord.tar.gz — v6 · drifted', served],
    [
      'one that is not approved any more',
      target('not-approved', { approval: 'Rejected' }),
      '(circle-slash) delay-ord.tar.gz — v6 · not approved',
      served,
    ],
    ['one never proven', target('unverified'), '(unverified) delay-ord.tar.gz — v6 · unverified', served],
    [
      'a stranger',
      target('unmanaged', { model: null, version: null, packageArn: null }),
      '(question) delay-ord.tar.gz — unmanaged',
      'hasName invokable',
    ],
    [
      'its releases',
      { ...base, kind: 'releases', environment: 'qa', endpoint: 'flights', live: null },
      '(history) Releases',
      'refreshable',
    ],
    [
      'the release that serves',
      release({}, { live: true }),
      '(record) 20261122-090000-ab12 — serves · 1 model · 3 h ago',
      'hasName',
    ],
    [
      'one to go back to',
      release(),
      '(pass) 20261122-090000-ab12 — released · 1 model · 3 h ago',
      'hasName rollbackable',
    ],
    [
      'one that retention removed',
      release({ prunedAt: now.toISOString() }),
      '(pass) 20261122-090000-ab12 — removed by retention · 1 model · 3 h ago',
      'hasName',
    ],
    [
      'one that AWS turned back',
      release({ status: 'rolled-back', reason: 'no capacity' }, { standing: 'failed' }),
      '(discard) 20261122-090000-ab12 — was rolled back · 1 model · 3 h ago',
      'hasName',
    ],
    [
      'one that failed',
      release({ status: 'failed' }, { standing: 'failed' }),
      '(error) 20261122-090000-ab12 — failed · 1 model · 3 h ago',
      'hasName',
    ],
    [
      'one that was interrupted',
      release({ status: 'in-progress' }, { standing: 'interrupted' }),
      '(warning) 20261122-090000-ab12 — interrupted · 1 model · 3 h ago',
      'hasName resumableRelease',
    ],
    [
      'a rollback',
      release({ kind: 'rollback', rolledBackTo: '20261121-090000-ff00' }),
      '(pass) 20261122-090000-ab12 — rolled back · back to 20261121-090000-ff00 · 1 model · 3 h ago',
      'hasName',
    ],
  ]);
  it('never rounds a cache that missed up to 100 %', () => {
    const cache = { loadedModels: null, hitRatio: 0.9999, invocations: null };
    assert.match(line(endpoint({ cache })), /99 % cache hits/);
  });
  it('opens the current environment and its endpoints by itself, others not', () => {
    assert.equal(rendered({ ...place, current: true }).collapsible, 'expanded');
    assert.equal(rendered(place).collapsible, 'collapsed');
    assert.equal(rendered(endpoint()).collapsible, 'expanded');
  });
});
