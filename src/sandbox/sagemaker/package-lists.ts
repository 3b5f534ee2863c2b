import type {
  BatchDescribeModelPackageError,
  BatchDescribeModelPackageInput,
  BatchDescribeModelPackageOutput,
  ListModelPackagesInput,
  ListModelPackagesOutput,
} from '@aws-sdk/client-sagemaker';
import { BatchDescribeModelPackage$, ListModelPackages$ } from '@aws-sdk/client-sagemaker';
import type { Operation, Valid, Wire } from '../protocol/types';
import { operation } from '../protocol/types';
import type { Caller } from '../service';
import { ServiceError } from '../service';
import { arnOf } from './arn';
import type { Context } from './context';
import { groupOf, versionsOf } from './groups';
import { accessed } from './packages';
import { listed } from './paging';
import type { PackageRecord } from './records';
import { demandAccess, groupReference } from './registry-access';

export function packageListOperations(context: Context): Operation[] {
  return [
    operation<ListModelPackagesInput, ListModelPackagesOutput>(ListModelPackages$, (input, caller) => {
      const status = input.ModelApprovalStatus;
      const { items, ...rest } = listed(
        candidates(context, input, caller)
          .map((each) => each.described)
          .filter((each) => status === undefined || each.ModelApprovalStatus === status),
        input,
        (each) => ({ name: labelOf(each), created: each.CreationTime, tie: each.ModelPackageVersion }),
      );
      return { ModelPackageSummaryList: items, ...rest };
    }),
    operation<BatchDescribeModelPackageInput, BatchDescribeModelPackageOutput>(
      BatchDescribeModelPackage$,
      (input, caller) => batchDescribe(context, input.ModelPackageArnList, caller),
    ),
  ];
}

/** Which kind a list shows without being asked: of a group its versions, else only what stands alone. */
function candidates(context: Context, input: Valid<ListModelPackagesInput>, caller: Caller): PackageRecord[] {
  if (input.ModelPackageGroupName !== undefined) {
    const reference = groupReference(caller, input.ModelPackageGroupName);
    const versions = arnOf(reference, 'model-package', `${reference.name}/*`);
    demandAccess(context, caller, 'sagemaker:ListModelPackages', reference, reference.arn, versions);
    groupOf(context, reference, reference.name);
    return input.ModelPackageType === 'Unversioned' ? [] : versionsOf(context, reference, reference.name);
  }
  const type = input.ModelPackageType ?? 'Unversioned';
  return context.packages
    .list(caller)
    .filter(
      (each) =>
        type === 'Both' || (type === 'Versioned') === (each.described.ModelPackageVersion !== undefined),
    );
}

function labelOf(described: PackageRecord['described']): string {
  return described.ModelPackageName ?? described.ModelPackageGroupName ?? '';
}

function batchDescribe(
  context: Context,
  arns: string[],
  caller: Caller,
): Wire<BatchDescribeModelPackageOutput> {
  const ModelPackageSummaries: NonNullable<Wire<BatchDescribeModelPackageOutput>['ModelPackageSummaries']> =
    {};
  const BatchDescribeModelPackageErrorMap: Record<string, BatchDescribeModelPackageError> = {};
  for (const arn of arns) {
    try {
      const { described } = accessed(context, caller, 'sagemaker:DescribeModelPackage', arn);
      ModelPackageSummaries[arn] = {
        ...described,
        ModelPackageGroupName: described.ModelPackageGroupName,
        InferenceSpecification: described.InferenceSpecification,
      };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      BatchDescribeModelPackageErrorMap[arn] = { ErrorCode: error.name, ErrorResponse: error.message };
    }
  }
  return { ModelPackageSummaries, BatchDescribeModelPackageErrorMap };
}
