import type {
  CreateEndpointInput,
  CreateEndpointOutput,
  DeleteEndpointInput,
  DescribeEndpointInput,
  DescribeEndpointOutput,
  ListEndpointsInput,
  ListEndpointsOutput,
  UpdateEndpointInput,
  UpdateEndpointOutput,
  UpdateEndpointWeightsAndCapacitiesInput,
  UpdateEndpointWeightsAndCapacitiesOutput,
} from '@aws-sdk/client-sagemaker';
import {
  CreateEndpoint$,
  DeleteEndpoint$,
  DescribeEndpoint$,
  ListEndpoints$,
  UpdateEndpoint$,
  UpdateEndpointWeightsAndCapacities$,
} from '@aws-sdk/client-sagemaker';
import type { Operation, Valid } from '../protocol/types';
import { operation } from '../protocol/types';
import type { Caller } from '../service';
import { arnOf } from './arn';
import type { Context } from './context';
import { checkDeployment } from './deployment';
import { configOf } from './endpoint-configs';
import { startChange } from './endpoint-course';
import { validationError } from './errors';
import { demandInstances, fleetOf, retained } from './fleet-spec';
import { listed } from './paging';
import type { Change, EndpointRecord } from './records';
import type { Scope } from './resources';
import { mergeTags } from './tags';

export function endpointOperations(context: Context): Operation[] {
  return [
    operation<CreateEndpointInput, CreateEndpointOutput>(CreateEndpoint$, (input, caller) =>
      create(context, input, caller),
    ),
    operation<DescribeEndpointInput, DescribeEndpointOutput>(
      DescribeEndpoint$,
      (input, caller) => endpointOf(context, caller, input.EndpointName).described,
    ),
    operation<ListEndpointsInput, ListEndpointsOutput>(ListEndpoints$, (input, caller) =>
      list(context, input, caller),
    ),
    operation<UpdateEndpointInput, UpdateEndpointOutput>(UpdateEndpoint$, (input, caller) =>
      update(context, input, caller),
    ),
    operation<UpdateEndpointWeightsAndCapacitiesInput, UpdateEndpointWeightsAndCapacitiesOutput>(
      UpdateEndpointWeightsAndCapacities$,
      (input, caller) => scale(context, input, caller),
    ),
    operation<DeleteEndpointInput, object>(DeleteEndpoint$, (input, caller) => {
      const endpoint = endpointOf(context, caller, input.EndpointName);
      demandSettled(endpoint, ['InService', 'OutOfService', 'Failed', 'UpdateRollbackFailed']);
      begin(context, caller, endpoint, 'Deleting', { kind: 'delete' });
      return {};
    }),
  ];
}

/** @throws ServiceError ValidationException "Could not find endpoint …" */
export function endpointOf(context: Context, scope: Scope, name: string): EndpointRecord {
  const endpoint = context.endpoints.get(scope, name);
  if (!endpoint) throw validationError(`Could not find endpoint "${arnOf(scope, 'endpoint', name)}".`);
  return endpoint;
}

function create(context: Context, input: Valid<CreateEndpointInput>, caller: Caller): CreateEndpointOutput {
  const arn = arnOf(caller, 'endpoint', input.EndpointName);
  if (context.endpoints.get(caller, input.EndpointName))
    throw validationError(`Cannot create already existing endpoint "${arn}".`);
  const config = configOf(context, caller, input.EndpointConfigName);
  const fleet = fleetOf(context, caller, input.EndpointName, config);
  demandInstances(context, caller, fleet.variants);
  const now = context.clock.now().toISOString();
  context.tags.set(arn, mergeTags([], input.Tags ?? []));
  const endpoint: EndpointRecord = {
    described: {
      EndpointName: input.EndpointName,
      EndpointArn: arn,
      EndpointConfigName: input.EndpointConfigName,
      EndpointStatus: 'Creating',
      CreationTime: now,
      LastModifiedTime: now,
      ...(config.AsyncInferenceConfig ? { AsyncInferenceConfig: config.AsyncInferenceConfig } : {}),
      ...(config.ExplainerConfig ? { ExplainerConfig: config.ExplainerConfig } : {}),
    },
    fleets: [],
  };
  begin(context, caller, endpoint, 'Creating', { kind: 'create', fleet });
  return { EndpointArn: arn };
}

function update(context: Context, input: Valid<UpdateEndpointInput>, caller: Caller): UpdateEndpointOutput {
  const endpoint = endpointOf(context, caller, input.EndpointName);
  const { described } = endpoint;
  demandSettled(endpoint, ['InService', 'OutOfService']);
  const config = configOf(context, caller, input.EndpointConfigName);
  if (config.EndpointConfigName === described.EndpointConfigName) {
    throw validationError(
      `Cannot update endpoint "${described.EndpointArn}": it already uses the endpoint configuration ` +
        `"${config.EndpointConfigArn}". Create a new endpoint configuration.`,
    );
  }
  const current = endpoint.fleets[0]?.spec.variants ?? [];
  const excluded = (input.ExcludeRetainedVariantProperties ?? []).map((each) => each.VariantPropertyType);
  if (excluded.length > 0 && !input.RetainAllVariantProperties)
    throw validationError('ExcludeRetainedVariantProperties requires RetainAllVariantProperties to be true.');
  const fresh = fleetOf(context, caller, input.EndpointName, config);
  const fleet = input.RetainAllVariantProperties
    ? { ...fresh, variants: retained(fresh.variants, current, excluded) }
    : fresh;
  if (input.DeploymentConfig && input.RetainDeploymentConfig)
    throw validationError('DeploymentConfig and RetainDeploymentConfig cannot be specified together.');
  const deployment =
    input.DeploymentConfig ?? (input.RetainDeploymentConfig ? described.LastDeploymentConfig : undefined);
  if (deployment)
    checkDeployment(
      deployment,
      current,
      fleet.variants.map((each) => each.name),
    );
  demandInstances(context, caller, fleet.variants);
  begin(context, caller, endpoint, 'Updating', {
    kind: 'update',
    fleet,
    startedAt: context.clock.now().toISOString(),
    ...(deployment ? { deployment } : {}),
  });
  return { EndpointArn: described.EndpointArn };
}

function scale(
  context: Context,
  input: Valid<UpdateEndpointWeightsAndCapacitiesInput>,
  caller: Caller,
): UpdateEndpointWeightsAndCapacitiesOutput {
  const endpoint = endpointOf(context, caller, input.EndpointName);
  demandSettled(endpoint, ['InService']);
  const current = endpoint.fleets[0]?.spec.variants ?? [];
  const variants = input.DesiredWeightsAndCapacities.map((desired) => {
    const variant = current.find((each) => each.name === desired.VariantName);
    if (!variant) throw validationError(`Could not find variant "${desired.VariantName}" of the endpoint.`);
    const more = (desired.DesiredInstanceCount ?? variant.instanceCount) - variant.instanceCount;
    if (more > 0) demandInstances(context, caller, [{ ...variant, instanceCount: more }]);
    return {
      name: desired.VariantName,
      ...(desired.DesiredWeight === undefined ? {} : { weight: desired.DesiredWeight }),
      ...(desired.DesiredInstanceCount === undefined ? {} : { instanceCount: desired.DesiredInstanceCount }),
    };
  });
  begin(context, caller, endpoint, 'Updating', { kind: 'scale', variants });
  return { EndpointArn: endpoint.described.EndpointArn };
}

function begin(
  context: Context,
  scope: Scope,
  endpoint: EndpointRecord,
  status: 'Creating' | 'Updating' | 'Deleting',
  change: Change,
): void {
  const { EndpointName } = endpoint.described;
  const { FailureReason: _, ...described } = endpoint.described;
  context.endpoints.set(scope, EndpointName, {
    ...endpoint,
    described: { ...described, EndpointStatus: status, LastModifiedTime: context.clock.now().toISOString() },
    change,
  });
  startChange(context, scope, EndpointName);
}

function demandSettled({ described }: EndpointRecord, allowed: string[]): void {
  const { EndpointStatus: status, EndpointArn: arn } = described;
  if (allowed.includes(status)) return;
  if (status === 'Failed') throw validationError(`Cannot update endpoint "${arn}" in status Failed.`);
  throw validationError(`Cannot update in-progress endpoint "${arn}".`);
}

function list(context: Context, input: Valid<ListEndpointsInput>, caller: Caller) {
  const { items, ...rest } = listed(
    context.endpoints.list(caller).map((each) => each.described),
    input,
    (each) => ({
      name: each.EndpointName,
      created: each.CreationTime,
      modified: each.LastModifiedTime,
      status: each.EndpointStatus,
    }),
    { order: 'Descending' },
  );
  return { Endpoints: items, ...rest };
}
