import type { InferenceSpecification, ModelPackageContainerDefinition } from '@aws-sdk/client-sagemaker';
import type { Valid } from '../protocol/types';
import type { Caller, Objects } from '../service';
import { ServiceError } from '../service';
import { parseS3 } from './artifacts';
import { validationError } from './errors';
import { digestOf, findImage, parseImageUri } from './images';

/**
 * Looks at what a package points to, as the service does when a package is made: artifacts must be readable for
 * the caller; their ETag and, for SageMaker's own images, the image's digest are filled in.
 * @throws ServiceError ValidationException
 */
export async function inspectContainers(
  objects: Objects,
  caller: Caller,
  specification: Valid<InferenceSpecification>,
): Promise<Valid<InferenceSpecification>> {
  const Containers = await Promise.all(
    specification.Containers.map((container) => inspect(objects, caller, container)),
  );
  return { ...specification, Containers };
}

async function inspect(
  objects: Objects,
  caller: Caller,
  container: Valid<ModelPackageContainerDefinition>,
): Promise<Valid<ModelPackageContainerDefinition>> {
  const inspected = { ...container };
  if (container.Image !== undefined) {
    if (!parseImageUri(container.Image)) throw invalidImage(container.Image);
    if (findImage(container.Image).kind === 'xgboost')
      inspected.ImageDigest = container.ImageDigest ?? digestOf(container.Image);
  }
  if (container.ModelDataUrl !== undefined)
    inspected.ModelDataETag = await etagOf(objects, caller, container.ModelDataUrl);
  return inspected;
}

export function invalidImage(uri: string): ServiceError {
  return validationError(
    `Invalid image URI "${uri}". Please provide a valid Amazon Elastic Container Registry path of the Docker image to run.`,
  );
}

async function etagOf(objects: Objects, caller: Caller, url: string): Promise<string> {
  if (!url.endsWith('.tar.gz')) {
    throw validationError(
      `ModelDataUrl must point to a single gzip compressed tar archive (.tar.gz suffix): ${url}`,
    );
  }
  const { bucket, key } = parseS3(url);
  try {
    const { etag } = await objects.read(caller, bucket, key);
    return etag.replaceAll('"', '');
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.name === 'NoSuchKey') throw validationError(`Could not find model data at ${url}.`);
    throw validationError(
      `Could not access model data at ${url}. Please ensure that the caller has "s3:GetObject" permissions and ` +
        `that the object is located in ${caller.region}.`,
    );
  }
}
