import type {
  CreateEndpointConfigInput,
  CreateEndpointConfigOutput,
  DeleteEndpointConfigInput,
  DescribeEndpointConfigInput,
  DescribeEndpointConfigOutput,
  ListEndpointConfigsInput,
  ListEndpointConfigsOutput,
  ProductionVariant,
} from '@aws-sdk/client-sagemaker';
import {
  CreateEndpointConfig$,
  DeleteEndpointConfig$,
  DescribeEndpointConfig$,
  ListEndpointConfigs$,
} from '@aws-sdk/client-sagemaker';
import type { Operation, Valid } from '../protocol/types';
import { operation } from '../protocol/types';
import type { Caller } from '../service';
import { arnOf } from './arn';
import type { Context } from './context';
import { validationError } from './errors';
import { containersOf, modelOf } from './models';
import { listed } from './paging';
import type { ConfigRecord } from './records';
import type { Scope } from './resources';
import { mergeTags } from './tags';

export function configOperations(context: Context): Operation[] {
  return [
    operation<CreateEndpointConfigInput, CreateEndpointConfigOutput>(CreateEndpointConfig$, (input, caller) =>
      create(context, input, caller),
    ),
    operation<DescribeEndpointConfigInput, DescribeEndpointConfigOutput>(
      DescribeEndpointConfig$,
      (input, caller) => configOf(context, caller, input.EndpointConfigName),
    ),
    operation<ListEndpointConfigsInput, ListEndpointConfigsOutput>(ListEndpointConfigs$, (input, caller) => {
      const { items, ...rest } = listed(
        context.configs.list(caller),
        input,
        (each) => ({ name: each.EndpointConfigName, created: each.CreationTime }),
        { order: 'Descending' },
      );
      return { EndpointConfigs: items, ...rest };
    }),
    operation<DeleteEndpointConfigInput, object>(DeleteEndpointConfig$, (input, caller) => {
      const config = configOf(context, caller, input.EndpointConfigName);
      context.configs.delete(caller, input.EndpointConfigName);
      context.tags.delete(config.EndpointConfigArn);
      return {};
    }),
  ];
}

/** @throws ServiceError ValidationException "Could not find endpoint configuration …" */
export function configOf(context: Context, scope: Scope, name: string): ConfigRecord {
  const config = context.configs.get(scope, name);
  if (!config) {
    throw validationError(
      `Could not find endpoint configuration "${arnOf(scope, 'endpoint-config', name)}".`,
    );
  }
  return config;
}

function create(
  context: Context,
  input: Valid<CreateEndpointConfigInput>,
  caller: Caller,
): CreateEndpointConfigOutput {
  const name = input.EndpointConfigName;
  const arn = arnOf(caller, 'endpoint-config', name);
  if (context.configs.get(caller, name))
    throw validationError(`Cannot create already existing endpoint configuration "${arn}".`);
  const variants = [...input.ProductionVariants, ...(input.ShadowProductionVariants ?? [])];
  const names = variants.map((each) => each.VariantName);
  if (new Set(names).size < names.length)
    throw validationError(`Variant names must be unique: ${names.join(', ')}`);
  for (const variant of variants) checkVariant(context, caller, variant);
  const { Tags, ...described } = input;
  context.configs.set(caller, name, {
    ...described,
    ProductionVariants: input.ProductionVariants.map(withDefaults),
    ...(input.ShadowProductionVariants
      ? { ShadowProductionVariants: input.ShadowProductionVariants.map(withDefaults) }
      : {}),
    EnableNetworkIsolation: input.EnableNetworkIsolation ?? false,
    EndpointConfigArn: arn,
    CreationTime: context.clock.now().toISOString(),
  });
  context.tags.set(arn, mergeTags([], Tags ?? []));
  return { EndpointConfigArn: arn };
}

type Variant = Valid<ProductionVariant>;

function withDefaults(variant: Variant): Variant {
  return { ...variant, InitialVariantWeight: variant.InitialVariantWeight ?? 1 };
}

function checkVariant(context: Context, caller: Caller, variant: Variant): void {
  const where = `production variant ${variant.VariantName}`;
  if (variant.ModelName === undefined) throw validationError(`ModelName is required for ${where}.`);
  const model = modelOf(context, caller, variant.ModelName);
  const multi = containersOf(model).some((each) => each.Mode === 'MultiModel');
  if (variant.ServerlessConfig) {
    if (variant.InstanceType !== undefined || variant.InitialInstanceCount !== undefined)
      throw validationError(`ServerlessConfig cannot be combined with instances for ${where}.`);
    if (multi)
      throw validationError(`Serverless inference does not support multi-model containers (${where}).`);
    return;
  }
  if (variant.InstanceType === undefined) throw validationError(`InstanceType is required for ${where}.`);
  if (variant.InitialInstanceCount === undefined)
    throw validationError(`InitialInstanceCount is required for ${where}.`);
  if (variant.InitialInstanceCount < 1 && !variant.ManagedInstanceScaling)
    throw validationError(`InitialInstanceCount must be at least 1 for ${where}.`);
}
