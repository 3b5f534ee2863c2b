import type {
  CreateModelPackageGroupInput,
  CreateModelPackageGroupOutput,
  DeleteModelPackageGroupInput,
  DeleteModelPackageGroupPolicyInput,
  DescribeModelPackageGroupInput,
  DescribeModelPackageGroupOutput,
  GetModelPackageGroupPolicyInput,
  GetModelPackageGroupPolicyOutput,
  ListModelPackageGroupsInput,
  ListModelPackageGroupsOutput,
  PutModelPackageGroupPolicyInput,
  PutModelPackageGroupPolicyOutput,
} from '@aws-sdk/client-sagemaker';
import {
  CreateModelPackageGroup$,
  DeleteModelPackageGroup$,
  DeleteModelPackageGroupPolicy$,
  DescribeModelPackageGroup$,
  GetModelPackageGroupPolicy$,
  ListModelPackageGroups$,
  PutModelPackageGroupPolicy$,
} from '@aws-sdk/client-sagemaker';
import { PolicyError, parsePolicy } from '../policy';
import type { Operation } from '../protocol/types';
import { operation } from '../protocol/types';
import type { Caller } from '../service';
import { arnOf } from './arn';
import type { Context } from './context';
import { conflict, validationError } from './errors';
import { userContext } from './identity';
import { listed } from './paging';
import type { GroupRecord } from './records';
import { demandAccess, groupReference, isVisible } from './registry-access';
import type { Scope } from './resources';
import { mergeTags } from './tags';

export function groupOperations(context: Context): Operation[] {
  return [
    operation<CreateModelPackageGroupInput, CreateModelPackageGroupOutput>(
      CreateModelPackageGroup$,
      (input, caller) => {
        const name = input.ModelPackageGroupName;
        const arn = arnOf(caller, 'model-package-group', name);
        if (context.groups.get(caller, name))
          throw validationError(`Model Package Group already exists: ${arn}`);
        context.tags.set(arn, mergeTags([], input.Tags ?? []));
        context.groups.set(caller, name, {
          lastVersion: 0,
          described: {
            ModelPackageGroupName: name,
            ModelPackageGroupArn: arn,
            ModelPackageGroupDescription: input.ModelPackageGroupDescription,
            CreationTime: context.clock.now().toISOString(),
            CreatedBy: userContext(caller),
            ModelPackageGroupStatus: 'Completed',
          },
        });
        return { ModelPackageGroupArn: arn };
      },
    ),
    operation<DescribeModelPackageGroupInput, DescribeModelPackageGroupOutput>(
      DescribeModelPackageGroup$,
      (input, caller) => {
        const reference = groupReference(caller, input.ModelPackageGroupName);
        demandAccess(context, caller, 'sagemaker:DescribeModelPackageGroup', reference, reference.arn);
        return groupOf(context, reference, reference.name).described;
      },
    ),
    operation<ListModelPackageGroupsInput, ListModelPackageGroupsOutput>(
      ListModelPackageGroups$,
      (input, caller) => {
        const crossAccount = input.CrossAccountFilterOption === 'CrossAccount';
        const groups = crossAccount
          ? context.groups
              .all()
              .filter((each) => each.scope.accountId !== caller.accountId)
              .filter((each) => isVisible(caller, each.value))
              .map((each) => each.value.described)
          : context.groups.list(caller).map((each) => each.described);
        const { items, ...rest } = listed(groups, input, (each) => ({
          name: each.ModelPackageGroupName,
          created: each.CreationTime,
        }));
        return { ModelPackageGroupSummaryList: items, ...rest };
      },
    ),
    operation<DeleteModelPackageGroupInput, object>(DeleteModelPackageGroup$, (input, caller) => {
      const reference = groupReference(caller, input.ModelPackageGroupName);
      demandAccess(context, caller, 'sagemaker:DeleteModelPackageGroup', reference, reference.arn);
      groupOf(context, reference, reference.name);
      if (versionsOf(context, reference, reference.name).length > 0) {
        throw conflict(
          `Model Package Group cannot be deleted because it still contains model packages: ${reference.arn}`,
        );
      }
      context.groups.delete(reference, reference.name);
      context.tags.delete(reference.arn);
      return {};
    }),
    ...policyOperations(context),
  ];
}

function policyOperations(context: Context): Operation[] {
  return [
    operation<PutModelPackageGroupPolicyInput, PutModelPackageGroupPolicyOutput>(
      PutModelPackageGroupPolicy$,
      (input, caller) => {
        const group = groupOf(context, caller, input.ModelPackageGroupName);
        demandPolicy(input.ResourcePolicy);
        context.groups.set(caller, input.ModelPackageGroupName, { ...group, policy: input.ResourcePolicy });
        return { ModelPackageGroupArn: group.described.ModelPackageGroupArn };
      },
    ),
    operation<GetModelPackageGroupPolicyInput, GetModelPackageGroupPolicyOutput>(
      GetModelPackageGroupPolicy$,
      (input, caller) => ({ ResourcePolicy: policyOf(context, caller, input.ModelPackageGroupName) }),
    ),
    operation<DeleteModelPackageGroupPolicyInput, object>(DeleteModelPackageGroupPolicy$, (input, caller) => {
      const group = groupOf(context, caller, input.ModelPackageGroupName);
      policyOf(context, caller, input.ModelPackageGroupName);
      const { policy: _, ...rest } = group;
      context.groups.set(caller, input.ModelPackageGroupName, rest);
      return {};
    }),
  ];
}

/** @throws ServiceError ValidationException "… does not exist." */
export function groupOf(context: Context, scope: Scope, name: string): GroupRecord {
  const group = context.groups.get(scope, name);
  if (!group) {
    throw validationError(`ModelPackageGroup ${arnOf(scope, 'model-package-group', name)} does not exist.`);
  }
  return group;
}

export function versionsOf(context: Context, scope: Scope, groupName: string) {
  return context.packages
    .list(scope)
    .filter((each) => each.described.ModelPackageGroupName?.toLowerCase() === groupName.toLowerCase());
}

function policyOf(context: Context, caller: Caller, name: string): string {
  const group = groupOf(context, caller, name);
  if (group.policy === undefined) {
    throw validationError(`Cannot find resource policy for: ${group.described.ModelPackageGroupArn}`);
  }
  return group.policy;
}

function demandPolicy(policy: string): void {
  try {
    parsePolicy(policy);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw validationError(`Invalid resource policy: ${error.message}`);
  }
}
