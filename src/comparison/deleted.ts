import type { Evaluation, Subject } from '../evaluation/report';
import { imageTag, parseVersionArn, type Version } from '../registry/versions';

/** The status of a version that only evaluations remember. */
export const deleted = 'Deleted';

/** `Version 7 of flights-delay-ord is not in the registry any more.` */
export function deletedText({ version, group }: Pick<Version, 'version' | 'group'>): string {
  return `Version ${version} of ${group} is not in the registry any more.`;
}

/**
 * A deleted version as an evaluation knows it that scored it: artifact, image, training job and how it did. Nobody knows
 * how it was registered or decided; `approval` means nothing then.
 * @returns null when no evaluation scored it
 */
export function rememberedVersion(evaluations: readonly Evaluation[], arn: string): Version | null {
  const subject = evaluations.find(({ champion }) => champion?.packageArn === arn)?.champion;
  return subject && isVersion(arn) ? versionOf(arn, subject) : null;
}

function versionOf(arn: string, { trainingJob, artifact, image, scorecard }: Subject): Version {
  const { group, version } = parseVersionArn(arn);
  const unknown = new Date(0).toISOString();
  return {
    arn,
    group,
    version,
    approval: 'PendingManualApproval',
    status: deleted,
    createdAt: unknown,
    lastModified: unknown,
    // Scored without a training job, it goes by its own ARN.
    trainingJob: trainingJob === arn ? null : trainingJob,
    tuningJob: null,
    runId: null,
    testing: false,
    artifact,
    image,
    imageVersion: imageTag(image),
    metrics: scorecard.metrics,
    evaluationUri: null,
    dataset: null,
    commit: null,
    probes: null,
    gatesPassed: null,
    description: null,
    comment: null,
    approvedBy: null,
  };
}

/** An evaluation is a file that anybody may have written. */
function isVersion(arn: string): boolean {
  try {
    parseVersionArn(arn);
    return true;
  } catch {
    return false;
  }
}
