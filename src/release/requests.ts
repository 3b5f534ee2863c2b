import type {
  CreateEndpointConfigCommandInput,
  CreateModelCommandInput,
  DeploymentConfig,
  DescribeEndpointConfigCommandOutput,
  DescribeModelCommandOutput,
  Tag,
} from '@aws-sdk/client-sagemaker';
import type { Endpoint, Environment } from '../project/project';
import type { Deployment } from '../project/schema';
import type { Manifest } from './manifest';

/** Tags by which a release's resources are known again; they are never cloned to the next one. */
export function releaseTags(manifest: Manifest): Tag[] {
  return [
    { Key: 'warmstart:release', Value: manifest.releaseId },
    { Key: 'warmstart:endpoint', Value: manifest.endpoint },
  ];
}

/**
 * The Model on the release's prefix. The prefix ends with `/`: SageMaker concatenates it with TargetModel. What the
 * live Model says beyond image, prefix and role is kept: its environment, its cache setting, its network.
 */
export function modelRequest(
  manifest: Manifest,
  environment: Environment,
  live?: DescribeModelCommandOutput,
): CreateModelCommandInput {
  const { ModelDataSource, ...container } = live?.PrimaryContainer ?? live?.Containers?.[0] ?? {};
  const vpc = environment.vpc
    ? { Subnets: environment.vpc.subnets, SecurityGroupIds: environment.vpc.securityGroupIds }
    : live?.VpcConfig;
  return {
    ModelName: manifest.modelName,
    ExecutionRoleArn: environment.executionRoleArn,
    PrimaryContainer: {
      ...container,
      Image: manifest.image,
      Mode: 'MultiModel',
      ModelDataUrl: `s3://${manifest.bucket}/${manifest.prefix}`,
    },
    ...(vpc ? { VpcConfig: vpc } : {}),
    ...(live?.EnableNetworkIsolation ? { EnableNetworkIsolation: true } : {}),
    Tags: [...environmentTags(environment), ...releaseTags(manifest)],
  };
}

/** The endpoint's first config, from the project file alone. */
export function firstConfig(
  manifest: Manifest,
  endpoint: Endpoint,
  environment: Environment,
): CreateEndpointConfigCommandInput {
  const { variant } = endpoint;
  return {
    EndpointConfigName: manifest.configName,
    ProductionVariants: [
      {
        VariantName: variant.name,
        ModelName: manifest.modelName,
        InstanceType: variant.instanceType as NonNullable<
          CreateEndpointConfigCommandInput['ProductionVariants']
        >[number]['InstanceType'],
        InitialInstanceCount: variant.instanceCount,
        InitialVariantWeight: 1,
        ...(variant.volumeSizeGB === undefined ? {} : { VolumeSizeInGB: variant.volumeSizeGB }),
      },
    ],
    ...(environment.kmsKeyId === undefined ? {} : { KmsKeyId: environment.kmsKeyId }),
    Tags: [...environmentTags(environment), ...releaseTags(manifest)],
  };
}

/**
 * The next config: the live one, whole, on the release's Model. Everything that CreateEndpointConfig takes is
 * kept (variant name, KMS, data capture, volume, routing, explainer …), so a refresh changes the models and
 * nothing else. Describe does not answer tags, so they are passed in.
 */
export function clonedConfig(
  manifest: Manifest,
  live: DescribeEndpointConfigCommandOutput,
  liveTags: Tag[],
): CreateEndpointConfigCommandInput {
  const { $metadata, EndpointConfigName, EndpointConfigArn, CreationTime, ProductionVariants, ...rest } =
    live;
  const kept = liveTags.filter((tag) => !tag.Key?.startsWith('warmstart:') && !tag.Key?.startsWith('aws:'));
  return {
    ...rest,
    EndpointConfigName: manifest.configName,
    ProductionVariants: (ProductionVariants ?? []).map((variant) => ({
      ...variant,
      ModelName: manifest.modelName,
    })),
    Tags: [...kept, ...releaseTags(manifest)],
  };
}

/** SageMaker's DeploymentConfig of the project's wish; undefined leaves AWS's default (all at once, no bake). */
export function deploymentConfig(deployment: Deployment): DeploymentConfig | undefined {
  if (deployment.type === 'all-at-once') {
    if (deployment.bakeSeconds === 0) return undefined;
    return {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 },
        TerminationWaitInSeconds: deployment.bakeSeconds,
      },
    };
  }
  const size = { Type: 'CAPACITY_PERCENT' as const, Value: deployment.percent };
  const rollback = deployment.alarms.length
    ? { AutoRollbackConfiguration: { Alarms: deployment.alarms.map((AlarmName) => ({ AlarmName })) } }
    : {};
  if (deployment.type === 'rolling') {
    return {
      RollingUpdatePolicy: { MaximumBatchSize: size, WaitIntervalInSeconds: deployment.waitSeconds },
      ...rollback,
    };
  }
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: {
        WaitIntervalInSeconds: deployment.waitSeconds,
        ...(deployment.type === 'canary'
          ? { Type: 'CANARY', CanarySize: size }
          : { Type: 'LINEAR', LinearStepSize: { ...size, Value: Math.max(10, deployment.percent) } }),
      },
    },
    ...rollback,
  };
}

function environmentTags(environment: Environment): Tag[] {
  return Object.entries(environment.tags).map(([Key, Value]) => ({ Key, Value }));
}
