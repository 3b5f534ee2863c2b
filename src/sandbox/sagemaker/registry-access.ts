import { allows, parsePolicy } from '../policy';
import type { Caller } from '../service';
import { arnOf, parseArn } from './arn';
import type { Context } from './context';
import { accessDenied, validationError } from './errors';
import type { GroupRecord } from './records';
import type { Scope } from './resources';

export interface GroupReference extends Scope {
  name: string;
  arn: string;
}

/** A group named by its name (then the caller's own) or by its ARN, which may belong to another account. */
export function groupReference(caller: Caller, nameOrArn: string): GroupReference {
  if (!nameOrArn.startsWith('arn:')) {
    const { accountId, region } = caller;
    const arn = arnOf(caller, 'model-package-group', nameOrArn);
    return { accountId, region, name: nameOrArn, arn };
  }
  const parsed = parseArn(nameOrArn);
  if (parsed?.kind !== 'model-package-group') throw validationError(`Invalid ARN: ${nameOrArn}`);
  const { accountId, region, name } = parsed;
  return { accountId, region, name, arn: nameOrArn };
}

export interface PackageReference extends Scope {
  /** The group of a versioned package; undefined for one that stands alone. */
  group?: string;
  /** `group/3`, or the name of one that stands alone. */
  name: string;
  arn: string;
}

/** A package by its ARN, or by its bare name if it stands alone (or as `name/version` in the own account). */
export function packageReference(caller: Caller, nameOrArn: string): PackageReference {
  if (!nameOrArn.startsWith('arn:')) {
    const { accountId, region } = caller;
    return withGroup({ accountId, region, name: nameOrArn, arn: arnOf(caller, 'model-package', nameOrArn) });
  }
  const parsed = parseArn(nameOrArn);
  if (parsed?.kind !== 'model-package') throw validationError(`Invalid ARN: ${nameOrArn}`);
  const { accountId, region, name } = parsed;
  return withGroup({ accountId, region, name, arn: nameOrArn });
}

function withGroup(reference: PackageReference): PackageReference {
  const slash = reference.name.indexOf('/');
  return slash < 0 ? reference : { ...reference, group: reference.name.slice(0, slash) };
}

/**
 * Own resources are open unless the group policy denies; those of another account need it to allow.
 * @throws ServiceError AccessDeniedException, also where the resource does not exist
 */
export function demandAccess(
  context: Context,
  caller: Caller,
  action: string,
  group: Scope & { name: string },
  ...resources: string[]
): void {
  const own = group.accountId === caller.accountId;
  const [first = ''] = resources;
  if (own && group.region !== caller.region)
    throw validationError(`${first} is not in region ${caller.region}.`);
  const policy = context.groups.get(group, group.name)?.policy;
  const decisions = resources.map((resource) => decide(policy, caller, action, resource));
  const allowed = own || (group.region === caller.region && decisions.includes('allow'));
  if (decisions.includes('deny') || !allowed) throw accessDenied(caller.arn, action, first);
}

/** Whether the policy of a group of another account lets the caller describe it. */
export function isVisible(caller: Caller, group: GroupRecord): boolean {
  const resource = group.described.ModelPackageGroupArn;
  return decide(group.policy, caller, 'sagemaker:DescribeModelPackageGroup', resource) === 'allow';
}

function decide(policy: string | undefined, caller: Caller, action: string, resource: string) {
  if (policy === undefined) return 'none';
  const { arn: principalArn, accountId } = caller;
  return allows(parsePolicy(policy), { principalArn, accountId, action, resource });
}
