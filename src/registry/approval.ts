import { UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { isConflict } from '../aws/errors';
import type { Session } from '../aws/session';
import { WarmstartError } from '../errors';
import { plainValue } from '../tuning/tags';
import { describable } from './groups';
import { type Approval, describeVersion, type Version } from './versions';

export interface DecisionRequest {
  arn: string;
  decision: 'Approved' | 'Rejected';
  /** Required to reject, and to approve against a failed gate. */
  comment: string;
  /** What the person saw when deciding; the decision is refused if that is no longer so. */
  expect: Pick<Version, 'approval' | 'lastModified'>;
  /** Who decides, such as the ARN of the caller's identity. */
  by: string;
}

/**
 * Approves or rejects a version, if it is still what the person saw. SageMaker has no conditional update, so that a
 * change between the look and the write, one call apart, can still be overwritten.
 * @throws WarmstartError (refused) `registry.stale`, `registry.already-decided`, `registry.not-complete`,
 * `registry.testing`, `registry.reason-needed`
 */
export async function decide(
  session: Pick<Session, 'sagemaker'>,
  request: DecisionRequest,
  now: Date = new Date(),
): Promise<Version> {
  checkDecision(await describeVersion(session, request.arn), request);
  const comment = describable(request.comment);
  try {
    await session.sagemaker().send(
      new UpdateModelPackageCommand({
        ModelPackageArn: request.arn,
        ModelApprovalStatus: request.decision,
        // Always given, or the comment of an earlier decision would stand beside this one.
        ApprovalDescription: comment === '' ? `${request.decision} without a comment.` : comment,
        CustomerMetadataProperties: {
          decision: request.decision,
          decidedAt: now.toISOString(),
          decidedBy: plainValue(request.by),
        },
      }),
    );
  } catch (error) {
    if (isConflict(error)) throw stale(request.arn, error);
    throw error;
  }
  return describeVersion(session, request.arn);
}

/** The rules of a decision, over what the registry says now. Pure; returns nothing when it may be written. */
export function checkDecision(version: Version, request: Omit<DecisionRequest, 'by'>): void {
  const { decision, expect } = request;
  requireUnchanged(version, expect);
  const refusal = refusalOf(version, decision);
  if (refusal) throw refusal;
  if (describable(request.comment) !== '' || !needsReason(version, decision)) return;
  const name = nameOf(version);
  throw decision === 'Rejected'
    ? refused('registry.reason-needed', `${name} cannot be rejected without a comment.`, 'Say why.')
    : refused(
        'registry.reason-needed',
        `${name} failed a gate, so approving it needs a reason.`,
        'Give the reason as the comment.',
      );
}

/**
 * Holds a version against what a person saw of it.
 * @throws WarmstartError (refused) `registry.stale` when it was decided or changed since
 */
export function requireUnchanged(
  version: Pick<Version, 'arn' | 'approval' | 'lastModified'>,
  shown: Pick<Version, 'approval' | 'lastModified'>,
): void {
  if (version.approval !== shown.approval || version.lastModified !== shown.lastModified) {
    throw stale(version.arn, undefined, version.approval);
  }
}

/** Why a version cannot be decided so, whatever the comment; null when it can. Pure. */
export function refusalOf(
  version: Pick<Version, 'version' | 'group' | 'approval' | 'status' | 'testing'>,
  decision: DecisionRequest['decision'],
): WarmstartError | null {
  const name = nameOf(version);
  if (version.approval === decision) {
    return refused(
      'registry.already-decided',
      `${name} is ${wordOf(decision)} already.`,
      'There is nothing to do.',
    );
  }
  if (decision === 'Rejected') return null;
  if (version.testing) {
    return refused(
      'registry.testing',
      `${name} comes from a testing run and can never be approved.`,
      'Retrain without the testing option.',
    );
  }
  if (version.status === 'Completed') return null;
  return refused(
    'registry.not-complete',
    `The registration of ${name} is ${version.status}.`,
    'Only a complete version can be approved.',
  );
}

/** Whether a decision must be given with a comment. Pure. */
export function needsReason(
  version: Pick<Version, 'gatesPassed'>,
  decision: DecisionRequest['decision'],
): boolean {
  return decision === 'Rejected' || version.gatesPassed === false;
}

function nameOf({ version, group }: Pick<Version, 'version' | 'group'>): string {
  return `Version ${version} of ${group}`;
}

function stale(arn: string, cause: unknown, approval?: Approval): WarmstartError {
  const now = approval === undefined ? '' : ` It is ${wordOf(approval)} now.`;
  return new WarmstartError(
    'registry.stale',
    `${arn} changed after it was shown to you, so nothing was written.${now}`,
    {
      kind: 'refused',
      remedy: 'Refresh, look at it again and decide anew.',
      cause,
    },
  );
}

function refused(code: string, message: string, remedy: string): WarmstartError {
  return new WarmstartError(code, message, { kind: 'refused', remedy });
}

function wordOf(approval: Approval): string {
  if (approval === 'PendingManualApproval') return 'waiting for approval';
  return approval.toLowerCase();
}
