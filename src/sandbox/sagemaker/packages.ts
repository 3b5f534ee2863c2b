import type {
  CreateModelPackageInput,
  CreateModelPackageOutput,
  DeleteModelPackageInput,
  DescribeModelPackageInput,
  DescribeModelPackageOutput,
  UpdateModelPackageInput,
  UpdateModelPackageOutput,
} from '@aws-sdk/client-sagemaker';
import {
  CreateModelPackage$,
  DeleteModelPackage$,
  DescribeModelPackage$,
  UpdateModelPackage$,
} from '@aws-sdk/client-sagemaker';
import type { Operation, Valid } from '../protocol/types';
import { operation } from '../protocol/types';
import type { Caller } from '../service';
import { arnOf } from './arn';
import type { Context } from './context';
import { validationError } from './errors';
import { groupOf } from './groups';
import { userContext } from './identity';
import { inspectContainers } from './package-contents';
import type { PackageRecord } from './records';
import type { PackageReference } from './registry-access';
import { demandAccess, groupReference, packageReference } from './registry-access';
import type { Scope } from './resources';
import { mergeTags } from './tags';
import { seconds } from './timing';

export function packageOperations(context: Context): Operation[] {
  return [
    operation<CreateModelPackageInput, CreateModelPackageOutput>(CreateModelPackage$, (input, caller) =>
      create(context, input, caller),
    ),
    operation<DescribeModelPackageInput, DescribeModelPackageOutput>(
      DescribeModelPackage$,
      (input, caller) => {
        const record = accessed(context, caller, 'sagemaker:DescribeModelPackage', input.ModelPackageName);
        return { ModelPackageName: undefined, ...record.described };
      },
    ),
    operation<UpdateModelPackageInput, UpdateModelPackageOutput>(UpdateModelPackage$, (input, caller) => {
      const record = accessed(context, caller, 'sagemaker:UpdateModelPackage', input.ModelPackageArn);
      const reference = packageReference(caller, input.ModelPackageArn);
      context.packages.set(reference, reference.name, updated(context, record, input, caller));
      return { ModelPackageArn: record.described.ModelPackageArn };
    }),
    operation<DeleteModelPackageInput, object>(DeleteModelPackage$, (input, caller) => {
      const record = accessed(context, caller, 'sagemaker:DeleteModelPackage', input.ModelPackageName);
      const reference = packageReference(caller, input.ModelPackageName);
      context.packages.delete(reference, reference.name);
      context.tags.delete(record.described.ModelPackageArn);
      return {};
    }),
  ];
}

/** Packages that were still being made when the sandbox ended. */
export function resumePackages(context: Context): void {
  for (const { scope, value } of context.packages.all()) {
    if (value.described.ModelPackageStatus === 'Completed') continue;
    void complete(context, scope, nameOf(value));
  }
}

/**
 * A package that the caller may see.
 * @throws ServiceError AccessDeniedException | ValidationException "ModelPackage … does not exist."
 */
export function accessed(context: Context, caller: Caller, action: string, nameOrArn: string): PackageRecord {
  const reference = packageReference(caller, nameOrArn);
  demandAccess(context, caller, action, ownerOf(reference), reference.arn);
  const record = context.packages.get(reference, reference.name);
  if (!record) throw validationError(`ModelPackage ${reference.arn} does not exist.`);
  return record;
}

function ownerOf(reference: PackageReference): Scope & { name: string } {
  return { ...reference, name: reference.group ?? reference.name };
}

async function create(
  context: Context,
  input: Valid<CreateModelPackageInput>,
  caller: Caller,
): Promise<CreateModelPackageOutput> {
  const target = targetOf(context, input, caller);
  const repeated = () =>
    context.packages
      .list(target)
      .find((each) => input.ClientToken !== undefined && each.clientToken === input.ClientToken);
  const known = repeated();
  if (known) return { ModelPackageArn: known.described.ModelPackageArn };
  const contents =
    input.InferenceSpecification &&
    (await inspectContainers(context.objects, caller, input.InferenceSpecification));
  // Looked up again: another version, or this very one, may have been made while the artifact was looked at.
  const meanwhile = repeated();
  if (meanwhile) return { ModelPackageArn: meanwhile.described.ModelPackageArn };
  const version = target.group === undefined ? undefined : nextVersion(context, target, target.group);
  const name = version === undefined ? target.name : `${target.group}/${version}`;
  if (context.packages.get(target, name)) throw validationError(`Model package already exists: ${name}`);
  const arn = arnOf(target, 'model-package', name);
  const now = context.clock.now().toISOString();
  const { ClientToken, Tags, ModelPackageGroupName: _, ModelPackageName: __, ...given } = input;
  context.packages.set(target, name, {
    ...(ClientToken === undefined ? {} : { clientToken: ClientToken }),
    described: {
      ...given,
      ...(version === undefined
        ? { ModelPackageName: name }
        : {
            ModelPackageGroupName: target.group,
            ModelPackageVersion: version,
            ModelApprovalStatus: input.ModelApprovalStatus ?? 'PendingManualApproval',
          }),
      ModelPackageArn: arn,
      InferenceSpecification: contents,
      SourceAlgorithmSpecification: given.SourceAlgorithmSpecification,
      ModelPackageStatus: 'Pending',
      ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
      CreationTime: now,
      CreatedBy: userContext(caller),
    },
  });
  context.tags.set(arn, mergeTags([], Tags ?? []));
  void complete(context, target, name);
  return { ModelPackageArn: arn };
}

interface Target extends Scope {
  group?: string;
  name: string;
}

function targetOf(context: Context, input: Valid<CreateModelPackageInput>, caller: Caller): Target {
  const { ModelPackageName: name, ModelPackageGroupName: group } = input;
  const { accountId, region } = caller;
  if ((name === undefined) === (group === undefined)) {
    throw validationError('Exactly one of ModelPackageName and ModelPackageGroupName must be provided.');
  }
  if (!input.InferenceSpecification && !input.SourceAlgorithmSpecification && !input.SourceUri) {
    throw validationError(
      'At least one of InferenceSpecification, SourceAlgorithmSpecification and SourceUri must be provided.',
    );
  }
  if (group === undefined) return { accountId, region, name: name ?? '' };
  if (input.Tags && input.Tags.length > 0) {
    throw validationError(
      'Tags are not supported for versioned model packages. Tag the model package group instead.',
    );
  }
  const reference = groupReference(caller, group);
  const resource = arnOf(reference, 'model-package', `${reference.name}/*`);
  demandAccess(context, caller, 'sagemaker:CreateModelPackage', reference, resource);
  const known = groupOf(context, reference, reference.name).described.ModelPackageGroupName;
  return { accountId: reference.accountId, region: reference.region, group: known, name: known };
}

function nextVersion(context: Context, scope: Scope, group: string): number {
  const record = groupOf(context, scope, group);
  const version = record.lastVersion + 1;
  context.groups.set(scope, group, { ...record, lastVersion: version });
  return version;
}

/** Pending → InProgress → Completed, unless it was deleted meanwhile. */
async function complete(context: Context, scope: Scope, name: string): Promise<void> {
  for (const status of ['InProgress', 'Completed'] as const) {
    await context.clock.sleep(seconds.packageStep);
    const record = context.packages.get(scope, name);
    if (!record) return;
    context.packages.set(scope, name, {
      ...record,
      described: { ...record.described, ModelPackageStatus: status },
    });
  }
}

function nameOf({ described }: PackageRecord): string {
  return described.ModelPackageGroupName === undefined
    ? (described.ModelPackageName ?? '')
    : `${described.ModelPackageGroupName}/${described.ModelPackageVersion}`;
}

/** The package after an update: metadata given are added or overwritten, those to remove go, the others stay. */
function updated(
  context: Context,
  record: PackageRecord,
  input: Valid<UpdateModelPackageInput>,
  caller: Caller,
): PackageRecord {
  const {
    ModelPackageArn: _,
    ClientToken: __,
    CustomerMetadataProperties: added,
    CustomerMetadataPropertiesToRemove: removed = [],
    AdditionalInferenceSpecificationsToAdd: more = [],
    ...given
  } = input;
  const old = record.described;
  if (given.ModelApprovalStatus !== undefined && old.ModelPackageVersion === undefined) {
    throw validationError('ModelApprovalStatus can be updated for versioned model packages only.');
  }
  const metadata = { ...old.CustomerMetadataProperties, ...added };
  for (const key of removed) delete metadata[key];
  if (Object.keys(metadata).length > 50) {
    throw validationError('The number of customer metadata properties exceeds the limit of 50.');
  }
  const specifications = [...(old.AdditionalInferenceSpecifications ?? []), ...more];
  return {
    ...record,
    described: {
      ...old,
      ...given,
      ...(Object.keys(metadata).length > 0 || old.CustomerMetadataProperties
        ? { CustomerMetadataProperties: metadata }
        : {}),
      ...(specifications.length > 0 ? { AdditionalInferenceSpecifications: specifications } : {}),
      LastModifiedTime: context.clock.now().toISOString(),
      LastModifiedBy: userContext(caller),
    },
  };
}
