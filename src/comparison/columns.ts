import { needsReason, refusalOf } from '../registry/approval';
import type { Version } from '../registry/versions';
import type { Column, MetricRow } from './comparison';
import { decisionOf, testOf } from './decision';
import { deleted, deletedText } from './deleted';
import type { ModelFacts, VersionFacts } from './facts';
import { type Measured, measuredBaseline, measuredOf } from './measured';

/** The versions side by side: the baseline first, where there is one, then the candidates. */
export function columnsOf(facts: ModelFacts, headline: MetricRow | undefined): Column[] {
  const { baseline, candidates } = facts;
  const first = baseline ? 1 : 0;
  return [
    ...(baseline ? [columnOf(baseline, 'baseline', measuredBaseline(baseline, candidates), null)] : []),
    ...candidates.map((candidate, i) =>
      columnOf(
        candidate,
        'candidate',
        measuredOf(candidate),
        decisionOf(candidate, first + i, headline, facts),
      ),
    ),
  ];
}

function columnOf(
  { version }: VersionFacts,
  role: Column['role'],
  { scorecard, test }: Measured,
  decision: Column['decision'],
): Column {
  return {
    arn: version.arn,
    role,
    version: version.version,
    approval: version.approval,
    status: version.status,
    testing: version.testing,
    createdAt: version.createdAt,
    lastModified: version.lastModified,
    approvedBy: version.approvedBy,
    comment: version.comment,
    description: version.description,
    trainingJob: version.trainingJob,
    tuningJob: version.tuningJob,
    runId: version.runId,
    evaluationUri: version.evaluationUri,
    test: testOf(test),
    scorecard,
    decision,
    refusals: refusalsOf(version),
    reasonNeeded: needsReason(version, 'Approved'),
  };
}

function refusalsOf(version: Version): Column['refusals'] {
  if (version.status === deleted) return { approve: deletedText(version), reject: deletedText(version) };
  return {
    approve: refusalOf(version, 'Approved')?.message ?? null,
    reject: refusalOf(version, 'Rejected')?.message ?? null,
  };
}
