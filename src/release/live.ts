import {
  DescribeEndpointCommand,
  type DescribeEndpointCommandOutput,
  DescribeEndpointConfigCommand,
  type DescribeEndpointConfigCommandOutput,
  DescribeModelCommand,
  type DescribeModelCommandOutput,
  ListTagsCommand,
  type Tag,
} from '@aws-sdk/client-sagemaker';
import { isNotFound } from '../aws/errors';
import type { Session } from '../aws/session';
import { parseS3Uri, type Store } from '../aws/store';
import { WarmstartError } from '../errors';
import { unquoted } from '../registry/metadata';
import { readManifest } from './manifest';
import { isInRelease, releaseIdOf } from './names';
import type { Live } from './plan';

/** The endpoint as SageMaker describes it, with the config that serves and what that config reads. */
export interface LiveEndpoint extends Live {
  endpoint: DescribeEndpointCommandOutput;
  config: DescribeEndpointConfigCommandOutput;
  configTags: Tag[];
  model: DescribeModelCommandOutput;
  modelName: string;
}

/** Describes the endpoint, or answers undefined when there is none. */
export async function describeEndpoint(
  session: Session,
  name: string,
): Promise<DescribeEndpointCommandOutput | undefined> {
  try {
    return await session.sagemaker().send(new DescribeEndpointCommand({ EndpointName: name }));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Reads what an endpoint serves: endpoint → config → Model → S3 prefix, joined with the manifest that made it.
 * @param store the environment's bucket, where manifests are
 * @param storeOf opens the bucket that the live Model reads, which may be another one for an endpoint made elsewhere
 */
export async function readLive(
  session: Session,
  store: Store,
  storeOf: (bucket: string) => Store,
  endpointKey: string,
  endpointName: string,
): Promise<LiveEndpoint | null> {
  const endpoint = await describeEndpoint(session, endpointName);
  if (!endpoint) return null;
  if (!endpoint.EndpointConfigName) {
    throw new WarmstartError(
      'release.endpoint-state',
      `Endpoint ${endpointName} is ${endpoint.EndpointStatus} and has no config.`,
      {
        remedy: endpoint.FailureReason ?? 'Delete the endpoint and release again.',
      },
    );
  }
  const sagemaker = session.sagemaker();
  const config = await sagemaker.send(
    new DescribeEndpointConfigCommand({ EndpointConfigName: endpoint.EndpointConfigName }),
  );
  const modelName = config.ProductionVariants?.[0]?.ModelName;
  if (!modelName || config.ProductionVariants?.length !== 1) {
    throw new WarmstartError(
      'release.not-multi-model',
      `Endpoint ${endpointName} has ${config.ProductionVariants?.length ?? 0} variants; Warmstart releases endpoints with exactly one.`,
      { kind: 'refused' },
    );
  }
  const model = await sagemaker.send(new DescribeModelCommand({ ModelName: modelName }));
  const container = model.PrimaryContainer ?? model.Containers?.[0];
  if (container?.Mode !== 'MultiModel' || !container.ModelDataUrl || !container.Image) {
    throw new WarmstartError(
      'release.not-multi-model',
      `Endpoint ${endpointName} does not serve a multi-model container.`,
      {
        kind: 'refused',
        remedy: 'Name another endpoint in warmstart.json; Warmstart creates it on the first release.',
      },
    );
  }
  const { bucket, key: prefix } = parseS3Uri(container.ModelDataUrl);
  const artifacts: Live['artifacts'] = [];
  for await (const object of storeOf(bucket).list(prefix)) {
    // An endpoint made by hand may read `models/`, under which the folders of releases stand, too.
    const isOthers = isInRelease(object.key) && !isInRelease(prefix);
    if (object.key.endsWith('.tar.gz') && !isOthers) {
      artifacts.push({
        targetModel: object.key.slice(prefix.length),
        key: object.key,
        etag: unquoted(object.etag),
        size: object.size,
      });
    }
  }
  const releaseId = releaseIdOf(endpoint.EndpointConfigName);
  const tags = await sagemaker.send(new ListTagsCommand({ ResourceArn: config.EndpointConfigArn }));
  return {
    endpoint,
    config,
    configTags: tags.Tags ?? [],
    configName: endpoint.EndpointConfigName,
    model,
    modelName,
    image: container.Image,
    bucket,
    prefix,
    manifest: releaseId === undefined ? undefined : await readManifest(store, endpointKey, releaseId),
    ...(endpoint.EndpointStatus === 'Failed'
      ? { failure: endpoint.FailureReason ?? 'it gave no reason' }
      : {}),
    artifacts,
  };
}
