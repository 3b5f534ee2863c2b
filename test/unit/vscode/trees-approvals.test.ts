import assert from 'node:assert/strict';
import { failedGate, pendingVersion } from './trees-fixtures';
import { base, looksLike, rendered } from './trees-lines';

describe('the lines of Approvals', () => {
  const decide = 'approvable comparable hasArn hasName refreshable rejectable';
  looksLike([
    [
      'a better candidate',
      pendingVersion(),
      '(clock) delay-ord v7 — rmse 31.25 ▲ better by 0.42 (1.3 %) · 3 h ago',
      decide,
    ],
    [
      'a worse one',
      pendingVersion({}, { value: 32.67 }),
      '(clock) delay-ord v7 — rmse 32.67 ▼ worse by 1 (3.2 %) · 3 h ago',
      decide,
    ],
    [
      'one whose difference may be chance',
      pendingVersion(
        {},
        {
          value: 32.67,
          champion: { version: 6, environment: 'production', value: 31.67, certainty: 'chance' },
        },
      ),
      '(clock) delay-ord v7 — rmse 32.67 ≈ worse by 1 (3.2 %) · 3 h ago',
      decide,
    ],
    [
      'one that failed a gate',
      pendingVersion({ gatesPassed: false }, { gates: [failedGate] }),
      '(warning) delay-ord v7 — rmse 31.25 ▲ better by 0.42 (1.3 %) · gate failed · 3 h ago',
      decide,
    ],
    [
      'one that failed two',
      pendingVersion({ gatesPassed: false }, { gates: [failedGate, failedGate] }),
      '(warning) delay-ord v7 — rmse 31.25 ▲ better by 0.42 (1.3 %) · 2 gates failed · 3 h ago',
      decide,
    ],
    [
      'the first of its model',
      pendingVersion({}, { champion: null, note: 'nothing serves yet' }),
      '(clock) delay-ord v7 — rmse 31.25 · 3 h ago',
      decide,
    ],
    [
      'one without an evaluation',
      pendingVersion({ evaluationUri: null, metrics: {} }, { metric: null, value: null, champion: null }),
      '(clock) delay-ord v7 — 3 h ago',
      'approvable hasArn hasName refreshable rejectable',
    ],
    [
      'a testing run, which is never approved',
      pendingVersion({ testing: true }),
      '(beaker) delay-ord v7 — testing · rmse 31.25 ▲ better by 0.42 (1.3 %) · 3 h ago',
      'comparable hasArn hasName refreshable rejectable',
    ],
    [
      'one whose registration goes on',
      pendingVersion({ status: 'InProgress' }),
      '(clock) delay-ord v7 — InProgress · rmse 31.25 ▲ better by 0.42 (1.3 %) · 3 h ago',
      'comparable hasArn hasName refreshable rejectable',
    ],
    [
      'a failed gate',
      { ...base, kind: 'gate', model: 'delay-ord', ...failedGate },
      '(warning) rmse — rmse may be 2 % worse; it is 5 % worse.',
      '',
    ],
  ]);
  it('opens to its failed gates and to nothing else', () => {
    assert.equal(rendered(pendingVersion({}, { gates: [failedGate] })).collapsible, 'collapsed');
    assert.equal(rendered(pendingVersion()).collapsible, 'none');
  });
  it('compares at a click', () => {
    assert.equal(rendered(pendingVersion()).command?.command, 'warmstart.compare');
  });
});
