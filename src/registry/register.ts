import { createHash } from 'node:crypto';
import type { CreateModelPackageCommandInput } from '@aws-sdk/client-sagemaker';
import { CreateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import type { Session } from '../aws/session';
import { waitFor } from '../aws/wait';
import { WarmstartError } from '../errors';
import type { Evaluation } from '../evaluation/report';
import type { Environment, Model } from '../project/project';
import type { Task } from '../task';
import type { Dataset } from '../warehouse/dataset';
import { describable, groupArn } from './groups';
import { toMetadata, unquoted } from './metadata';
import { partitionOf } from './policy';
import { describeVersion, describeVersions, listSummaries, type Version } from './versions';

export interface Registration {
  registry: Environment;
  model: Pick<Model, 'name' | 'layer' | 'packageGroup'>;
  evaluation: Evaluation;
  evaluationUri: string;
  tuningJob: string;
  probes: { s3Uri: string; sha256: string };
  git: Dataset['git'];
}

/** The CreateModelPackage call that makes the run's candidate a version which waits for approval. Pure. */
export function registrationRequest(registration: Registration): CreateModelPackageCommandInput {
  const { registry, model, evaluation, evaluationUri, git } = registration;
  const { candidate } = evaluation;
  const repository = git?.remote === undefined ? undefined : withoutCredentials(git.remote);
  return {
    ModelPackageGroupName: model.packageGroup,
    ModelPackageDescription: describable(summaryOf(evaluation)),
    ModelApprovalStatus: 'PendingManualApproval',
    InferenceSpecification: {
      Containers: [
        {
          Image: candidate.image,
          ModelDataUrl: candidate.artifact.s3Uri,
          ModelDataETag: unquoted(candidate.artifact.etag),
        },
      ],
      SupportedContentTypes: ['text/csv'],
      SupportedResponseMIMETypes: ['text/csv'],
    },
    // Studio draws the metric blocks of this file on the version's page.
    ModelMetrics: { ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: evaluationUri } } },
    MetadataProperties: {
      GeneratedBy: candidate.trainingJob,
      ...(git ? { CommitId: git.dirty ? `${git.commit} (with uncommitted changes)` : git.commit } : {}),
      ...(repository === undefined ? {} : { Repository: repository.slice(0, 1024) }),
    },
    CustomerMetadataProperties: toMetadata({
      model: model.name,
      layer: model.layer,
      runId: evaluation.runId,
      trainingJob: candidate.trainingJob,
      tuningJob: registration.tuningJob,
      testing: evaluation.testing,
      artifact: candidate.artifact,
      evaluationUri,
      datasetUri: evaluation.dataset.s3Uri,
      commit: git?.commit ?? null,
      probes: registration.probes,
      gatesPassed: evaluation.gates.every((gate) => gate.passed),
      objective: evaluation.objective,
      metrics: candidate.scorecard.metrics,
    }),
    SkipModelValidation: 'All',
    ClientToken: clientToken(registry, model.packageGroup, candidate.trainingJob),
  };
}

/**
 * Registers the candidate, or answers the version that an earlier attempt registered: AWS itself registers the
 * same artifact as often as it is asked to.
 * @throws WarmstartError `registry.registration-failed` when the package ends Failed
 */
export async function registerVersion(
  session: Pick<Session, 'sagemaker'>,
  registry: Environment,
  request: CreateModelPackageCommandInput,
  task: Task,
): Promise<{ version: Version; existed: boolean }> {
  const group = groupArn(registry, request.ModelPackageGroupName ?? '');
  const earlier = await findRegistered(session, group, artifactOf(request));
  const arn =
    earlier?.arn ??
    (await session.sagemaker().send(new CreateModelPackageCommand(request))).ModelPackageArn ??
    '';
  const version = await waitFor(
    task,
    () => describeVersion(session, arn),
    (v) => v.status !== 'Pending' && v.status !== 'InProgress',
    { what: `version ${arn} to be registered`, deadlineSeconds: 900, step: 'register' },
  );
  if (version.status !== 'Completed') {
    throw new WarmstartError(
      'registry.registration-failed',
      `Version ${version.version} of ${version.group} is ${version.status}.`,
      {
        remedy: `Look at ${arn} in the registry; the execution role must be able to read ${version.artifact.s3Uri}.`,
      },
    );
  }
  return { version, existed: earlier !== undefined };
}

/** How far back an interrupted registration is looked for: nobody registers that many versions meanwhile. */
const newestLookedAt = 24;

/** The version of this artifact among the newest of the group. Artifact URIs hold the training job's unique name. */
export async function findRegistered(
  session: Pick<Session, 'sagemaker'>,
  group: string,
  artifactUri: string,
): Promise<Version | undefined> {
  const arns = (await listSummaries(session, group)).slice(0, newestLookedAt).map((s) => s.arn);
  for (let i = 0; i < arns.length; i += 4) {
    const found = (await describeVersions(session, arns.slice(i, i + 4))).find(
      (version) => version.artifact.s3Uri === artifactUri && version.status !== 'Failed',
    );
    if (found) return found;
  }
  return undefined;
}

/** The idempotency token of a training job's registration: the same for every attempt, a UUID of version 5. */
export function clientToken(
  registry: Pick<Environment, 'accountId' | 'region'>,
  group: string,
  trainingJob: string,
): string {
  const job = `arn:${partitionOf(registry.region)}:sagemaker:${registry.region}:${registry.accountId}:training-job/${trainingJob}`;
  return uuidV5(`${job}|${group}`);
}

/** RFC 9562, section 5.5, in the namespace of URLs. */
export function uuidV5(name: string): string {
  const namespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');
  const digest = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  digest[6] = ((digest[6] as number) & 0x0f) | 0x50;
  digest[8] = ((digest[8] as number) & 0x3f) | 0x80;
  return digest.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A Git remote without the user and token that some clones carry in it. */
export function withoutCredentials(remote: string): string {
  return remote.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1');
}

function artifactOf(request: CreateModelPackageCommandInput): string {
  return request.InferenceSpecification?.Containers?.[0]?.ModelDataUrl ?? '';
}

/** One line for the registry's list: what it is, how good, and whether the gates held. */
function summaryOf(evaluation: Evaluation): string {
  const metrics = Object.entries(evaluation.candidate.scorecard.metrics)
    .slice(0, 3)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`);
  const failed = evaluation.gates.filter((gate) => !gate.passed).length;
  const gates = failed === 0 ? 'all gates passed' : `${failed} of ${evaluation.gates.length} gates failed`;
  const kind = evaluation.testing ? 'testing run' : 'run';
  return `${evaluation.model}, ${kind} ${evaluation.runId}: ${[...metrics, gates].join(', ')}.`;
}
