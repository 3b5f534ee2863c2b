import { randomUUID } from 'node:crypto';
import type {
  PendingProductionVariantSummary,
  ProductionVariantSummary,
  VariantStatus,
} from '@aws-sdk/client-sagemaker';
import type { Stored } from '../protocol/types';
import type { Context } from './context';
import { findImage, resolvedImage } from './images';
import { demandQuota } from './instances';
import { containersOf, modelOf } from './models';
import type { ConfigRecord, FleetSpec, VariantSpec } from './records';
import type { Scope } from './resources';

/** The fleet that an endpoint config asks for, with its models as they are now. */
export function fleetOf(
  context: Context,
  scope: Scope,
  endpointName: string,
  config: ConfigRecord,
): FleetSpec {
  return {
    id: randomUUID(),
    accountId: scope.accountId,
    region: scope.region,
    endpointName,
    configName: config.EndpointConfigName,
    variants: config.ProductionVariants.map((variant) => ({
      name: variant.VariantName,
      instanceType: variant.InstanceType ?? 'serverless',
      instanceCount: variant.InitialInstanceCount ?? 1,
      weight: variant.InitialVariantWeight ?? 1,
      ...(variant.VolumeSizeInGB === undefined ? {} : { volumeSizeInGB: variant.VolumeSizeInGB }),
      model: modelOf(context, scope, variant.ModelName ?? ''),
    })),
  };
}

/** `RetainAllVariantProperties`: instance counts and weights stay those of the running variants of the same name. */
export function retained(fresh: VariantSpec[], current: VariantSpec[], excluded: string[]): VariantSpec[] {
  return fresh.map((variant) => {
    const running = current.find((each) => each.name === variant.name);
    if (!running) return variant;
    return {
      ...variant,
      instanceCount: excluded.includes('DesiredInstanceCount')
        ? variant.instanceCount
        : running.instanceCount,
      weight: excluded.includes('DesiredWeight') ? variant.weight : running.weight,
    };
  });
}

/** @throws ServiceError ResourceLimitExceeded: all fleets of the account's endpoints count, old ones too. */
export function demandInstances(context: Context, scope: Scope, variants: VariantSpec[]): void {
  const running = context.endpoints.list(scope).flatMap((endpoint) => {
    const { change } = endpoint;
    const coming = change?.kind === 'create' || change?.kind === 'update' ? change.fleet.variants : [];
    return [...endpoint.fleets.flatMap((each) => each.spec.variants), ...coming];
  });
  const types = new Set(variants.map((each) => each.instanceType));
  types.delete('serverless');
  for (const type of types) {
    demandQuota(type, 'endpoint usage', countOf(running, type), countOf(variants, type));
  }
}

function countOf(variants: VariantSpec[], type: string): number {
  return variants
    .filter((each) => each.instanceType === type)
    .reduce((sum, each) => sum + each.instanceCount, 0);
}

/** The fleet's variants as DescribeEndpoint shows them. */
export function describeVariants(
  fleet: FleetSpec,
  at: string,
  status?: VariantStatus,
): Stored<ProductionVariantSummary>[] {
  return fleet.variants.map((variant) => ({
    VariantName: variant.name,
    DeployedImages: containersOf(variant.model).map(({ Image = '' }) => ({
      SpecifiedImage: Image,
      ResolvedImage: findImage(Image).kind === 'xgboost' ? resolvedImage(Image) : Image,
      ResolutionTime: at,
    })),
    CurrentWeight: variant.weight,
    DesiredWeight: variant.weight,
    CurrentInstanceCount: variant.instanceCount,
    DesiredInstanceCount: variant.instanceCount,
    ...(status === undefined ? {} : { VariantStatus: [{ Status: status, StartTime: at }] }),
  }));
}

/** A fleet that is being built, as `PendingDeploymentSummary` shows its variants. */
export function describePending(
  fleet: FleetSpec,
  at: string,
  status: VariantStatus,
): Stored<PendingProductionVariantSummary>[] {
  const ready = status !== 'Creating';
  return describeVariants(fleet, at, status).map((variant, i) => ({
    ...variant,
    CurrentInstanceCount: ready ? variant.CurrentInstanceCount : 0,
    CurrentWeight: ready ? variant.CurrentWeight : 0,
    ...instanceTypeOf(fleet.variants[i]?.instanceType),
  }));
}

type InstanceTypeMember = Pick<Stored<PendingProductionVariantSummary>, 'InstanceType'>;

function instanceTypeOf(type: string | undefined): InstanceTypeMember {
  // The name came through the schema's enumeration when the config was made.
  return type === undefined || type === 'serverless'
    ? {}
    : { InstanceType: type as InstanceTypeMember['InstanceType'] };
}
