import type {
  ContainerDefinition,
  CreateModelInput,
  CreateModelOutput,
  DeleteModelInput,
  DescribeModelInput,
  DescribeModelOutput,
  ListModelsInput,
  ListModelsOutput,
} from '@aws-sdk/client-sagemaker';
import { CreateModel$, DeleteModel$, DescribeModel$, ListModels$ } from '@aws-sdk/client-sagemaker';
import type { Operation, Valid } from '../protocol/types';
import { operation } from '../protocol/types';
import type { Caller } from '../service';
import { arnOf } from './arn';
import { checkModelData } from './artifacts';
import type { Context } from './context';
import { validationError } from './errors';
import { parseImageUri } from './images';
import { invalidImage } from './package-contents';
import { accessed } from './packages';
import { listed } from './paging';
import type { ModelRecord } from './records';
import type { Scope } from './resources';
import { asRole, passRole } from './roles';
import { mergeTags } from './tags';

export type Container = Valid<ContainerDefinition>;

export function modelOperations(context: Context): Operation[] {
  return [
    operation<CreateModelInput, CreateModelOutput>(CreateModel$, (input, caller) =>
      create(context, input, caller),
    ),
    operation<DescribeModelInput, DescribeModelOutput>(DescribeModel$, (input, caller) =>
      modelOf(context, caller, input.ModelName),
    ),
    operation<ListModelsInput, ListModelsOutput>(ListModels$, (input, caller) => {
      const { items, ...rest } = listed(
        context.models.list(caller),
        input,
        (each) => ({ name: each.ModelName, created: each.CreationTime }),
        { order: 'Descending' },
      );
      return { Models: items, ...rest };
    }),
    operation<DeleteModelInput, object>(DeleteModel$, (input, caller) => {
      const model = modelOf(context, caller, input.ModelName);
      context.models.delete(caller, input.ModelName);
      context.tags.delete(model.ModelArn);
      return {};
    }),
  ];
}

/** @throws ServiceError ValidationException "Could not find model …" */
export function modelOf(context: Context, scope: Scope, name: string): ModelRecord {
  const model = context.models.get(scope, name);
  if (!model) throw validationError(`Could not find model "${arnOf(scope, 'model', name)}".`);
  return model;
}

/** A model's containers, whichever way they were given. */
export function containersOf(model: Pick<ModelRecord, 'PrimaryContainer' | 'Containers'>): Container[] {
  return model.PrimaryContainer ? [model.PrimaryContainer] : (model.Containers ?? []);
}

async function create(
  context: Context,
  input: Valid<CreateModelInput>,
  caller: Caller,
): Promise<CreateModelOutput> {
  const arn = arnOf(caller, 'model', input.ModelName);
  const given = containersOf(input);
  if ((input.PrimaryContainer === undefined) === (input.Containers === undefined) || given.length === 0) {
    throw validationError('Exactly one of PrimaryContainer and Containers must be specified.');
  }
  if (input.ExecutionRoleArn === undefined) throw validationError('ExecutionRoleArn is required.');
  passRole(caller, input.ExecutionRoleArn);
  const demandNew = (): void => {
    if (context.models.get(caller, input.ModelName))
      throw validationError(`Cannot create already existing model "${arn}".`);
  };
  demandNew();
  if (given.filter((each) => each.Mode === 'MultiModel').length > 1) {
    throw validationError('A serial inference pipeline can contain only one multi-model container.');
  }
  const containers: Container[] = [];
  for (const container of given) {
    containers.push(await checked(context, caller, container, input.ExecutionRoleArn));
  }
  demandNew();
  const { Tags, ...described } = input;
  context.models.set(caller, input.ModelName, {
    ...described,
    ...(input.PrimaryContainer ? { PrimaryContainer: containers[0] } : { Containers: containers }),
    EnableNetworkIsolation: input.EnableNetworkIsolation ?? false,
    CreationTime: context.clock.now().toISOString(),
    ModelArn: arn,
  });
  context.tags.set(arn, mergeTags([], Tags ?? []));
  return { ModelArn: arn };
}

/** The container as DescribeModel shows it: what a model package says is filled in, defaults are written out. */
async function checked(
  context: Context,
  caller: Caller,
  container: Container,
  roleArn: string,
): Promise<Container> {
  const full = { ...container, ...fromPackage(context, caller, container) };
  const multi = full.Mode === 'MultiModel';
  if (full.Image === undefined) throw validationError('A container needs an Image or a ModelPackageName.');
  const image = parseImageUri(full.Image);
  if (!image) throw invalidImage(full.Image);
  if (image.region !== caller.region) {
    throw validationError(
      `Image "${full.Image}" is in region ${image.region}, but the model is created in ${caller.region}.`,
    );
  }
  if (multi && full.ModelDataSource)
    throw validationError('ModelDataSource is not supported for multi-model containers. Use ModelDataUrl.');
  if (multi && full.ModelDataUrl === undefined)
    throw validationError('ModelDataUrl is required for multi-model containers.');
  if (!multi && full.MultiModelConfig)
    throw validationError('MultiModelConfig is supported for containers in MultiModel mode only.');
  if (full.ModelDataUrl !== undefined) {
    const role = asRole(roleArn, caller.region);
    await checkModelData(context.objects, role, roleArn, full.ModelDataUrl, multi);
  }
  return { ...full, Mode: full.Mode ?? 'SingleModel' };
}

function fromPackage(context: Context, caller: Caller, container: Container): Container {
  if (container.ModelPackageName === undefined) return {};
  if (container.Image !== undefined)
    throw validationError('Image and ModelPackageName cannot be specified together.');
  const { described } = accessed(context, caller, 'sagemaker:CreateModel', container.ModelPackageName);
  if (described.ModelPackageStatus !== 'Completed')
    throw validationError(`ModelPackage ${described.ModelPackageArn} is not in status Completed.`);
  if (described.ModelPackageVersion !== undefined && described.ModelApprovalStatus !== 'Approved')
    throw validationError(
      `ModelPackage ${described.ModelPackageArn} cannot be deployed: its approval status is ${described.ModelApprovalStatus}.`,
    );
  const source = described.InferenceSpecification?.Containers[0];
  return {
    Image: source?.Image,
    ModelDataUrl: container.ModelDataUrl ?? source?.ModelDataUrl,
    Environment: { ...source?.Environment, ...container.Environment },
  };
}
