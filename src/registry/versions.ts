import type { DescribeModelPackageCommandOutput, ModelPackageSummary } from '@aws-sdk/client-sagemaker';
import { DescribeModelPackageCommand, ListModelPackagesCommand } from '@aws-sdk/client-sagemaker';
import { isNotFound } from '../aws/errors';
import { collect, pages } from '../aws/pages';
import type { Session } from '../aws/session';
import { WarmstartError } from '../errors';
import { mapParallel } from '../task';
import { metricsOf, unquoted } from './metadata';

export type Approval = 'Approved' | 'Rejected' | 'PendingManualApproval';

/** One version of a package group, told in our words. What a foreign version does not say is null. */
export interface Version {
  arn: string;
  group: string;
  /** Numbers go up by one and are never used again. */
  version: number;
  approval: Approval;
  /** Pending | InProgress | Completed | Failed | Deleting; only Completed can be released. */
  status: string;
  /** ISO-8601, UTC. */
  createdAt: string;
  lastModified: string;
  trainingJob: string | null;
  tuningJob: string | null;
  runId: string | null;
  testing: boolean;
  /** `s3Uri` is empty for a package without an artifact; ETag unquoted; sha256 in hex. */
  artifact: { s3Uri: string; etag: string | null; sha256: string | null };
  image: string | null;
  /** The image's tag, such as `1.7-1`. */
  imageVersion: string | null;
  /** Of the candidate on its test set. */
  metrics: Record<string, number>;
  evaluationUri: string | null;
  dataset: string | null;
  commit: string | null;
  probes: { s3Uri: string; sha256: string } | null;
  gatesPassed: boolean | null;
  description: string | null;
  /** The comment of the last decision. */
  comment: string | null;
  /** Who decided last; null while nobody has. */
  approvedBy: string | null;
}

export interface VersionSummary {
  arn: string;
  version: number;
  approval: Approval;
  status: string;
  createdAt: string;
}

/**
 * Versions of a group, the highest first, from list calls alone; none while the group does not exist.
 * @param groupArn the ARN, not the name: a name means the caller's own account
 */
export async function listSummaries(
  session: Pick<Session, 'sagemaker'>,
  groupArn: string,
  filter: { approval?: Approval } = {},
): Promise<VersionSummary[]> {
  const summaries = await collect(summariesOf(session, groupArn, filter));
  return summaries.sort((a, b) => b.version - a.version);
}

/** The same as they are asked for, a hundred a call: for groups of which only the newest are looked at. */
export async function* summariesOf(
  session: Pick<Session, 'sagemaker'>,
  groupArn: string,
  filter: { approval?: Approval } = {},
): AsyncGenerator<VersionSummary, void> {
  try {
    yield* pages(async (token) => {
      // SortOrder is always given: the documented default is the oldest first.
      const page = await session.sagemaker().send(
        new ListModelPackagesCommand({
          ModelPackageGroupName: groupArn,
          ModelApprovalStatus: filter.approval,
          SortBy: 'CreationTime',
          SortOrder: 'Descending',
          MaxResults: 100,
          NextToken: token,
        }),
      );
      return { items: (page.ModelPackageSummaryList ?? []).map(summaryOf), next: page.NextToken };
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/**
 * Versions of a group in full, the highest first. ListModelPackages and BatchDescribeModelPackage answer no
 * metadata, so that each version costs one Describe: give `limit` where the newest are enough.
 */
export async function listVersions(
  session: Pick<Session, 'sagemaker'>,
  groupArn: string,
  options: { approval?: Approval; limit?: number } = {},
): Promise<Version[]> {
  const summaries = await listSummaries(session, groupArn, options);
  return describeVersions(
    session,
    summaries.slice(0, options.limit).map((s) => s.arn),
  );
}

/** Describes versions, at most four at a time, in the order asked for. */
export function describeVersions(session: Pick<Session, 'sagemaker'>, arns: string[]): Promise<Version[]> {
  return mapParallel(arns, 4, (arn) => describeVersion(session, arn));
}

export async function describeVersion(session: Pick<Session, 'sagemaker'>, arn: string): Promise<Version> {
  return toVersion(
    await session.sagemaker().send(new DescribeModelPackageCommand({ ModelPackageName: arn })),
  );
}

/** A described package as a Version. Pure. */
export function toVersion(described: Omit<DescribeModelPackageCommandOutput, '$metadata'>): Version {
  const arn = described.ModelPackageArn ?? '';
  const { group, version } = parseVersionArn(arn);
  const container = described.InferenceSpecification?.Containers?.[0];
  const metadata = described.CustomerMetadataProperties ?? {};
  const image = container?.Image ?? null;
  const approval = described.ModelApprovalStatus ?? 'PendingManualApproval';
  const createdAt = described.CreationTime ?? new Date(0);
  return {
    arn,
    group,
    version,
    approval,
    status: described.ModelPackageStatus ?? 'Pending',
    createdAt: createdAt.toISOString(),
    lastModified: (described.LastModifiedTime ?? createdAt).toISOString(),
    trainingJob: metadata.trainingJob ?? null,
    tuningJob: metadata.tuningJob ?? null,
    runId: metadata.runId ?? null,
    testing: metadata.testing === 'true',
    artifact: {
      s3Uri: container?.ModelDataUrl ?? container?.ModelDataSource?.S3DataSource?.S3Uri ?? '',
      etag: nullable(metadata.artifactETag ?? unquoted(container?.ModelDataETag ?? '')),
      sha256: metadata.artifactSha256 ?? null,
    },
    image,
    imageVersion: imageTag(image),
    metrics: metricsOf(metadata),
    evaluationUri: metadata.evaluation ?? described.ModelMetrics?.ModelQuality?.Statistics?.S3Uri ?? null,
    dataset: metadata.dataset ?? null,
    commit: metadata.commit ?? described.MetadataProperties?.CommitId ?? null,
    probes:
      metadata.probes && metadata.probesSha256
        ? { s3Uri: metadata.probes, sha256: metadata.probesSha256 }
        : null,
    gatesPassed: metadata.gatesPassed === undefined ? null : metadata.gatesPassed === 'true',
    description: nullable(described.ModelPackageDescription),
    comment: nullable(described.ApprovalDescription),
    approvedBy: deciderOf(described, approval),
  };
}

/** What an environment admits; `releasedBefore` is required where `after` is given. */
export interface AdmissionPolicy {
  requires: 'approved' | 'pending';
  /** The environment in which a version must have been released before. */
  after?: string;
  /** ARNs of the versions that were released there. */
  releasedBefore?: ReadonlySet<string>;
}

export interface Admission {
  /** The highest version admitted; null when there is none. */
  version: Version | null;
  /** Higher versions that were passed over, the highest first, each with a clause that says why. */
  skipped: { version: Version; reason: string }[];
}

/** The desired state of one model in one environment: the highest version that the policy admits. Pure. */
export function admitted(versions: readonly Version[], policy: AdmissionPolicy): Admission {
  const skipped: Admission['skipped'] = [];
  for (const version of [...versions].sort((a, b) => b.version - a.version)) {
    const reason = refusal(version, policy);
    if (reason === null) return { version, skipped };
    skipped.push({ version, reason });
  }
  return { version: null, skipped };
}

/**
 * The same over the registry, describing no more versions than it has to: the highest four first, then four more.
 */
export async function findAdmitted(
  session: Pick<Session, 'sagemaker'>,
  groupArn: string,
  policy: AdmissionPolicy,
): Promise<Admission> {
  const summaries = await listSummaries(session, groupArn);
  const skipped: Admission['skipped'] = [];
  for (let i = 0; i < summaries.length; i += 4) {
    const batch = await describeVersions(
      session,
      summaries.slice(i, i + 4).map((s) => s.arn),
    );
    const found = admitted(batch, policy);
    skipped.push(...found.skipped);
    if (found.version) return { version: found.version, skipped };
  }
  return { version: null, skipped };
}

/** Why a policy does not admit a version, as a clause; null when it does. */
function refusal(version: Version, policy: AdmissionPolicy): string | null {
  if (version.testing) return 'it comes from a testing run, which is never released';
  if (version.status !== 'Completed') return `its registration is ${version.status}`;
  if (version.approval === 'Rejected') return 'it was rejected';
  if (version.approval === 'PendingManualApproval' && policy.requires === 'approved') {
    return 'it waits for approval';
  }
  if (version.artifact.s3Uri === '') return 'it names no artifact';
  if (policy.after !== undefined && !policy.releasedBefore?.has(version.arn)) {
    return `it was not released to ${policy.after} yet`;
  }
  return null;
}

/** @throws WarmstartError `registry.not-a-version` for the ARN of anything else, such as an unversioned package */
export function parseVersionArn(arn: string): {
  region: string;
  account: string;
  group: string;
  version: number;
} {
  const found = /^arn:aws[a-z-]*:sagemaker:([^:]*):(\d{12}):model-package\/([^/]+)\/(\d+)$/.exec(arn);
  if (!found) {
    throw new WarmstartError(
      'registry.not-a-version',
      `"${arn}" is not the ARN of a model package version.`,
      {
        kind: 'usage',
        remedy: 'It looks like arn:aws:sagemaker:us-east-1:111111111111:model-package/<group>/<version>.',
      },
    );
  }
  const [, region = '', account = '', group = '', version] = found;
  return { region, account, group, version: Number(version) };
}

/** The tag of an image URI; null for an image without one, or one pinned by digest only. */
export function imageTag(image: string | null): string | null {
  const named = (image ?? '').replace(/@sha256:[0-9a-f]+$/, '');
  return /:([\w.-]+)$/.exec(named)?.[1] ?? null;
}

/** A listed package as a VersionSummary. Pure. */
export function summaryOf(summary: ModelPackageSummary): VersionSummary {
  const arn = summary.ModelPackageArn ?? '';
  return {
    arn,
    version: summary.ModelPackageVersion ?? parseVersionArn(arn).version,
    approval: summary.ModelApprovalStatus ?? 'PendingManualApproval',
    status: summary.ModelPackageStatus ?? 'Pending',
    createdAt: (summary.CreationTime ?? new Date(0)).toISOString(),
  };
}

/** Our own note of who decided holds only while nobody decided otherwise in the console since. */
function deciderOf(
  described: Pick<DescribeModelPackageCommandOutput, 'CustomerMetadataProperties' | 'LastModifiedBy'>,
  approval: Approval,
): string | null {
  if (approval === 'PendingManualApproval') return null;
  const { decision, decidedBy } = described.CustomerMetadataProperties ?? {};
  if (decision === approval && decidedBy) return decidedBy;
  return nullable(described.LastModifiedBy?.UserProfileName ?? described.LastModifiedBy?.IamIdentity?.Arn);
}

function nullable(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
