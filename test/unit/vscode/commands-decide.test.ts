import assert from 'node:assert/strict';
import { parseProject } from '../../../src/project/load';
import {
  decidedText,
  decisionDetail,
  decisionQuestion,
  needsReason,
  servesIn,
} from '../../../src/vscode/commands/decision-texts';
import { plainL10n } from '../../../src/vscode/trees/l10n';
import { evaluation } from '../evaluation/examples';
import { sample } from '../project/sample';
import { version } from './trees-fixtures';

const { project } = parseProject(sample, '/p/warmstart.json');
assert.ok(project);
const passed = {
  gate: { metric: 'rmse', maxRegressionPercent: 2 },
  passed: true,
  candidate: 31,
  champion: 32,
  reason: 'rmse is 31 against 32.',
};
const better = evaluation(
  { metrics: { rmse: 31, mae: 20 } },
  { metrics: { rmse: 32, mae: 20 } },
  { gates: [passed] },
);

describe('a decision', () => {
  it('names the version and its group', () => {
    assert.equal(
      decisionQuestion(plainL10n, 'Approved', version()),
      'Approve version 7 of flights-delay-ord?',
    );
    assert.equal(
      decisionQuestion(plainL10n, 'Rejected', version()),
      'Reject version 7 of flights-delay-ord?',
    );
  });

  it('is asked for with account, metric, gates, warnings and where the version would serve', () => {
    const facts = { project, version: version(), evaluation: { ...better, warnings: ['Few rows.'] } };
    assert.deepEqual(decisionDetail(plainL10n, 'Approved', facts).split('\n'), [
      'Registry: training, account 111111111111',
      'rmse 31: better by 1 (3.1 %) than version 1 in production',
      'No interval of the difference is known.',
      '✓ gate passed: rmse is 31 against 32.',
      '⚠ Few rows.',
      '',
      'Would serve in training (111111111111) with the next release of flights.',
      'Would serve in qa (222222222222) with the next release of flights.',
      'Would serve in production (333333333333) with a release of flights after one to qa.',
    ]);
  });

  it('says of a difference that it may be chance', () => {
    const said = (low: number, high: number) => {
      const differences = [{ metric: 'rmse', estimate: -1, low, high, resamples: 1000 }];
      const facts = { project, version: version(), evaluation: { ...better, differences } };
      return decisionDetail(plainL10n, 'Approved', facts).includes('The difference may be chance');
    };
    assert.equal(said(-2, 0.5), true);
    assert.equal(said(-2, -0.5), false);
  });

  it('shows a failed gate, and why there is nothing to compare with', () => {
    const failed = { ...passed, passed: false, reason: 'rmse is 40 against 32.' };
    const alone = evaluation({ metrics: { rmse: 40 } }, null, { gates: [failed] });
    const text = decisionDetail(plainL10n, 'Approved', { project, version: version(), evaluation: alone });
    assert.match(text, /^rmse 40$/m);
    assert.match(text, /^nothing of delay-ord serves in production yet$/m);
    assert.match(text, /^✗ GATE FAILED: rmse is 40 against 32\.$/m);
  });

  it('can be taken without an evaluation, and says so', () => {
    const facts = { project, version: version({ gatesPassed: false }), evaluation: null };
    const text = decisionDetail(plainL10n, 'Approved', facts);
    assert.match(text, /^It has no evaluation that can be read\.$/m);
    assert.match(text, /^A gate failed\.$/m);
  });

  it('to reject says what a release does then', () => {
    const text = decisionDetail(plainL10n, 'Rejected', { project, version: version(), evaluation: better });
    assert.match(text, /the next release goes back/);
    assert.doesNotMatch(text, /Would serve/);
  });

  it('that was taken is told with what it means', () => {
    const approved = decidedText(plainL10n, version({ approval: 'Approved' }));
    assert.equal(approved, 'Version 7 of flights-delay-ord is approved. It serves with the next release.');
    const rejected = decidedText(plainL10n, version({ approval: 'Rejected' }));
    assert.match(
      rejected,
      /^Version 7 of flights-delay-ord is rejected\. Where it serves, the next release goes/,
    );
  });

  it('over a group of no model says that it serves nowhere', () => {
    assert.match(servesIn(plainL10n, project, { group: 'strange' }).join(), /serve nowhere/);
  });

  it('needs a reason to reject, and against a failed gate', () => {
    assert.equal(needsReason('Approved', { gatesPassed: true }), false);
    assert.equal(needsReason('Approved', { gatesPassed: null }), false);
    assert.equal(needsReason('Approved', { gatesPassed: false }), true);
    assert.equal(needsReason('Rejected', { gatesPassed: true }), true);
  });
});
