import {
  CreateModelPackageGroupCommand,
  DescribeModelPackageGroupCommand,
  GetModelPackageGroupPolicyCommand,
  PutModelPackageGroupPolicyCommand,
} from '@aws-sdk/client-sagemaker';
import { isNotFound } from '../aws/errors';
import type { Session } from '../aws/session';
import { WarmstartError } from '../errors';
import type { Environment, Model } from '../project/project';
import { resourceTags } from '../tuning/tags';
import { mergePolicy, partitionOf, rootPrincipals } from './policy';

type Place = Pick<Environment, 'accountId' | 'region'>;

/** The ARN of a package group in the registry's account, which is seldom the caller's. */
export function groupArn(registry: Place, group: string): string {
  return `arn:${partitionOf(registry.region)}:sagemaker:${registry.region}:${registry.accountId}:model-package-group/${group}`;
}

/** The ARN of one version, or of all of them with `*`. */
export function versionArn(registry: Place, group: string, version: number | '*'): string {
  return `arn:${partitionOf(registry.region)}:sagemaker:${registry.region}:${registry.accountId}:model-package/${group}/${version}`;
}

/** Creates the model's package group when there is none. */
export async function ensureGroup(
  session: Pick<Session, 'sagemaker'>,
  model: Pick<Model, 'name' | 'layer' | 'packageGroup' | 'description'>,
  registry: Environment,
): Promise<{ created: boolean }> {
  const exists = async () => {
    try {
      await session
        .sagemaker()
        .send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName: model.packageGroup }));
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  };
  if (await exists()) return { created: false };
  try {
    await session.sagemaker().send(
      new CreateModelPackageGroupCommand({
        ModelPackageGroupName: model.packageGroup,
        ModelPackageGroupDescription: describable(
          model.description ?? `Versions of the model ${model.name} of layer ${model.layer}.`,
        ),
        Tags: resourceTags({ 'warmstart:model': model.name, 'warmstart:layer': model.layer }, registry.tags),
      }),
    );
    return { created: true };
  } catch (error) {
    // Another run created it between the look and the write; AWS names no error of its own for that.
    if (await exists()) return { created: false };
    throw error;
  }
}

/** The characters of descriptions in the registry (`[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]`, at most 1024): no line breaks. */
export function describable(text: string): string {
  return [...text.replace(/[^\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]+/gu, ' ').trim()].slice(0, 1024).join('');
}

const readGroup = [
  'sagemaker:DescribeModelPackageGroup',
  'sagemaker:DescribeModelPackage',
  'sagemaker:ListModelPackages',
];
const readVersions = ['sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages'];

/**
 * A group's resource policy with read access for the accounts that release from it: nothing more, since a
 * release copies the artifact and approvals are made in the registry. Statements of others stay as they are, and
 * accounts already granted stay granted. Both resource forms are needed (Developer Guide, "Cross-account support").
 * Pure; answers `existing` itself when nothing is missing.
 */
export function groupPolicy(
  existing: string | undefined,
  readers: readonly string[],
  registry: Place,
  group: string,
): string | undefined {
  const others = readers.filter((id) => id !== registry.accountId);
  if (others.length === 0) return existing;
  const principals = rootPrincipals(others, registry.region);
  return mergePolicy(existing, [
    {
      Sid: 'WarmstartReadGroup',
      Effect: 'Allow',
      Principal: { AWS: principals },
      Action: readGroup,
      Resource: groupArn(registry, group),
    },
    {
      Sid: 'WarmstartReadVersions',
      Effect: 'Allow',
      Principal: { AWS: principals },
      Action: readVersions,
      Resource: versionArn(registry, group, '*'),
    },
  ]);
}

/** Lets the readers' accounts see the group and its versions. PutModelPackageGroupPolicy replaces, so it is read and merged first. */
export async function ensureGroupReadable(
  session: Pick<Session, 'sagemaker'>,
  registry: Environment,
  group: string,
  readers: readonly string[],
): Promise<{ changed: boolean }> {
  const existing = await readPolicy(session, group);
  const merged = groupPolicy(existing, readers, registry, group);
  if (merged === undefined || merged === existing) return { changed: false };
  if (merged.length > 20_480) {
    throw new WarmstartError(
      'registry.policy-too-long',
      `The resource policy of ${group} would exceed 20480 characters.`,
      {
        remedy: 'Remove statements that are no longer needed from the group’s resource policy.',
      },
    );
  }
  await session
    .sagemaker()
    .send(new PutModelPackageGroupPolicyCommand({ ModelPackageGroupName: group, ResourcePolicy: merged }));
  return { changed: true };
}

async function readPolicy(session: Pick<Session, 'sagemaker'>, group: string): Promise<string | undefined> {
  try {
    const answer = await session
      .sagemaker()
      .send(new GetModelPackageGroupPolicyCommand({ ModelPackageGroupName: group }));
    return answer.ResourcePolicy;
  } catch (error) {
    // A group without a policy answers a ValidationException like "Cannot find resource policy for …".
    if (
      isNotFound(error) ||
      (error instanceof Error && /cannot find|could not find|not exist/i.test(error.message))
    ) {
      return undefined;
    }
    throw error;
  }
}
