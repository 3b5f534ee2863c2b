import assert from 'node:assert/strict';
import { WarmstartError } from '../../../src/errors';
import { checkDecision, type DecisionRequest, decide } from '../../../src/registry/approval';
import type { Version } from '../../../src/registry/versions';
import { awsError, clientOf } from '../tuning/client';
import { arnOf, described, version } from './fixtures';

const pending = version(3, { approval: 'PendingManualApproval', gatesPassed: true });
const request = (over: Partial<DecisionRequest> = {}, shown: Version = pending): DecisionRequest => ({
  arn: arnOf(3),
  decision: 'Approved',
  comment: '',
  expect: { approval: shown.approval, lastModified: shown.lastModified },
  by: 'arn:aws:sts::111111111111:assumed-role/DS/ann',
  ...over,
});
const refuses = (code: string, work: () => unknown) =>
  assert.throws(work, (e) => e instanceof WarmstartError && e.code === code && e.kind === 'refused', code);

describe('a decision', () => {
  it('may approve what waits, and reject it with a comment', () => {
    checkDecision(pending, request());
    checkDecision(pending, request({ decision: 'Rejected', comment: 'too slow at night' }));
  });

  it('is refused when the version changed after it was shown', () => {
    const rejected = { ...pending, approval: 'Rejected' as const };
    refuses('registry.stale', () => checkDecision(rejected, request()));
    refuses('registry.stale', () =>
      checkDecision({ ...pending, lastModified: '2026-02-01T00:00:00.000Z' }, request()),
    );
  });

  it('can be revised: rejected to approved and back', () => {
    const rejected = version(3, { approval: 'Rejected' });
    checkDecision(rejected, request({}, rejected));
    const approved = version(3);
    checkDecision(approved, request({ decision: 'Rejected', comment: 'it drifts' }, approved));
    refuses('registry.already-decided', () => checkDecision(approved, request({}, approved)));
  });

  it('needs a comment to reject, and a reason to approve against a failed gate', () => {
    for (const comment of ['', '  ', '\n\u0000']) {
      refuses('registry.reason-needed', () =>
        checkDecision(pending, request({ decision: 'Rejected', comment })),
      );
      refuses('registry.reason-needed', () =>
        checkDecision({ ...pending, gatesPassed: false }, request({ comment })),
      );
    }
    checkDecision({ ...pending, gatesPassed: false }, request({ comment: 'the champion is stale' }));
    checkDecision({ ...pending, gatesPassed: null }, request());
  });

  it('never approves a testing run, with whatever reason, nor one that is not complete', () => {
    refuses('registry.testing', () =>
      checkDecision({ ...pending, testing: true }, request({ comment: 'please' })),
    );
    refuses('registry.not-complete', () => checkDecision({ ...pending, status: 'InProgress' }, request()));
    checkDecision({ ...pending, testing: true }, request({ decision: 'Rejected', comment: 'a test' }));
  });

  it('is written with who, when and why, in characters that SageMaker takes', async () => {
    let now = described(3, { ModelApprovalStatus: 'PendingManualApproval' });
    const { client, sent } = clientOf({
      DescribeModelPackage: () => now,
      UpdateModelPackage: (input) => {
        now = {
          ...now,
          ModelApprovalStatus: 'Rejected',
          ApprovalDescription: String(input.ApprovalDescription),
        };
        return { ModelPackageArn: arnOf(3) };
      },
    });
    const decided = await decide(
      client,
      request({ decision: 'Rejected', comment: `first line\r\nsecond\tline ${'x'.repeat(2000)}` }),
      new Date('2026-11-22T15:30:00.000Z'),
    );
    assert.equal(decided.approval, 'Rejected');
    const input = sent[1]?.input;
    assert.match(String(input?.ApprovalDescription), /^first line second line x+$/);
    assert.equal(String(input?.ApprovalDescription).length, 1024);
    assert.deepEqual(input?.CustomerMetadataProperties, {
      decision: 'Rejected',
      decidedAt: '2026-11-22T15:30:00.000Z',
      decidedBy: 'arn:aws:sts::111111111111:assumed-role/DS/ann',
    });
  });

  it('writes nothing that is refused, and calls a concurrent edit stale', async () => {
    const { client, sent } = clientOf({ DescribeModelPackage: () => described(3) });
    await assert.rejects(
      decide(client, request()),
      (e) => e instanceof WarmstartError && e.code === 'registry.stale',
    );
    assert.deepEqual(
      sent.map((s) => s.operation),
      ['DescribeModelPackage'],
    );
    const raced = clientOf({
      DescribeModelPackage: () => described(3, { ModelApprovalStatus: 'PendingManualApproval' }),
      UpdateModelPackage: () => {
        throw awsError('ConflictException', 'edited');
      },
    });
    await assert.rejects(
      decide(raced.client, request()),
      (e) => e instanceof WarmstartError && e.code === 'registry.stale',
    );
  });
});
