import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  type DescribeEndpointCommandOutput,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { isAlreadyExists, isNotFound } from '../aws/errors';
import type { Session } from '../aws/session';
import { waitFor } from '../aws/wait';
import { WarmstartError } from '../errors';
import type { Endpoint, Environment } from '../project/project';
import { sleep, type Task } from '../task';
import { describeEndpoint, type LiveEndpoint } from './live';
import type { Manifest } from './manifest';
import { clonedConfig, deploymentConfig, firstConfig, modelRequest, releaseTags } from './requests';

/** Two hours: AWS's own default limit for a deployment is shorter, unless a slow canary was asked for. */
const updateDeadlineSeconds = 2 * 3600;

/** Creates the release's Model; a Model of that name that reads the same prefix is taken as ours from before a crash. */
export async function ensureModel(
  session: Session,
  manifest: Manifest,
  environment: Environment,
  live: LiveEndpoint | null,
): Promise<void> {
  const request = modelRequest(manifest, environment, live?.model);
  try {
    await session.sagemaker().send(new CreateModelCommand(request));
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const existing = await session
      .sagemaker()
      .send(new DescribeModelCommand({ ModelName: manifest.modelName }));
    if (existing.PrimaryContainer?.ModelDataUrl !== request.PrimaryContainer?.ModelDataUrl) throw error;
  }
}

/** Creates the release's config and waits until SageMaker's eventually consistent read sees it. */
export async function ensureConfig(
  session: Session,
  manifest: Manifest,
  endpoint: Endpoint,
  environment: Environment,
  live: LiveEndpoint | null,
  task: Task,
): Promise<void> {
  const request = live
    ? clonedConfig(manifest, live.config, live.configTags)
    : firstConfig(manifest, endpoint, environment);
  try {
    await session.sagemaker().send(new CreateEndpointConfigCommand(request));
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
  for (let attempt = 0; ; attempt++) {
    try {
      await session
        .sagemaker()
        .send(new DescribeEndpointConfigCommand({ EndpointConfigName: manifest.configName }));
      return;
    } catch (error) {
      if (!isNotFound(error) || attempt === 5) throw error;
      await sleep(1000 * 2 ** attempt, task.signal);
    }
  }
}

/** Creates the endpoint of a first release, or leaves the one that a killed run had created. */
export async function ensureEndpoint(session: Session, manifest: Manifest): Promise<void> {
  try {
    await session.sagemaker().send(
      new CreateEndpointCommand({
        EndpointName: manifest.endpointName,
        EndpointConfigName: manifest.configName,
        Tags: releaseTags(manifest),
      }),
    );
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

/** Waits until nothing is under way on the endpoint, then asks for `configName` unless it is there already. */
export async function switchTo(
  session: Session,
  endpointName: string,
  configName: string,
  endpoint: Endpoint,
  task: Task,
): Promise<DescribeEndpointCommandOutput> {
  const before = await waitUntilSteady(session, endpointName, task);
  if (before.EndpointConfigName !== configName) {
    const deployment = deploymentConfig(endpoint.deployment);
    await session.sagemaker().send(
      new UpdateEndpointCommand({
        EndpointName: endpointName,
        EndpointConfigName: configName,
        // The instance count and weights that autoscaling or a person set stay as they are.
        RetainAllVariantProperties: true,
        ...(deployment ? { DeploymentConfig: deployment } : {}),
      }),
    );
  }
  return waitUntilSteady(session, endpointName, task);
}

/**
 * Waits until the endpoint is in a state that it will not leave by itself.
 * `InService` proves nothing yet: compare the config name and probe the models.
 */
export async function waitUntilSteady(
  session: Session,
  endpointName: string,
  task: Task,
): Promise<DescribeEndpointCommandOutput> {
  let reported = '';
  const steady = await waitFor(
    task,
    async () => {
      const endpoint = await describeEndpoint(session, endpointName);
      if (!endpoint)
        throw new WarmstartError(
          'release.endpoint-gone',
          `Endpoint ${endpointName} does not exist any more.`,
        );
      if (endpoint.EndpointStatus && endpoint.EndpointStatus !== reported) {
        reported = endpoint.EndpointStatus;
        task.report({
          step: 'update',
          subject: endpointName,
          message: `endpoint ${endpointName}: ${reported}`,
        });
      }
      return endpoint;
    },
    (endpoint) =>
      !['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting'].includes(
        endpoint.EndpointStatus ?? '',
      ),
    { deadlineSeconds: updateDeadlineSeconds, what: `endpoint ${endpointName}` },
  );
  if (steady.EndpointStatus === 'Failed' || steady.EndpointStatus === 'UpdateRollbackFailed') {
    throw new WarmstartError(
      'release.endpoint-failed',
      `Endpoint ${endpointName} is ${steady.EndpointStatus}: ${steady.FailureReason ?? 'SageMaker gave no reason'}`,
      { remedy: 'A failed endpoint can only be deleted; delete it and release again.' },
    );
  }
  return steady;
}
