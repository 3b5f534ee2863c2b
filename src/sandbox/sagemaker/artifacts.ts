import type { Caller, ObjectInfo, Objects } from '../service';
import { ServiceError } from '../service';
import { validationError } from './errors';

export interface S3Location {
  bucket: string;
  key: string;
}

/** @throws ServiceError ValidationException when it is no `s3://bucket/key` */
export function parseS3(uri: string): S3Location {
  const match = /^(?:s3:\/\/|https:\/\/s3[.\w-]*\.amazonaws\.com\/)([^/]+)\/?(.*)$/.exec(uri);
  if (!match) throw validationError(`Invalid S3 URI: ${uri}`);
  const [, bucket = '', key = ''] = match;
  return { bucket, key };
}

/**
 * Checks that model data can be had with a role: an object, or for a multi-model container a prefix with objects.
 * @throws ServiceError ValidationException "Could not access model data at …" or "Could not find model data at …"
 */
export async function checkModelData(
  objects: Objects,
  role: Caller,
  roleArn: string,
  url: string,
  isPrefix: boolean,
): Promise<ObjectInfo[]> {
  const { bucket, key } = parseS3(url);
  try {
    const found = isPrefix ? await objects.list(role, bucket, key) : [await objects.read(role, bucket, key)];
    if (found.length > 0) return found;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.name !== 'NoSuchKey') throw noAccess(url, roleArn, role.region);
  }
  throw validationError(`Could not find model data at ${url}.`);
}

function noAccess(url: string, roleArn: string, region: string): ServiceError {
  return validationError(
    `Could not access model data at ${url}. Please ensure that the role "${roleArn}" exists and that its trust ` +
      'relationship policy allows the action "sts:AssumeRole" for the service principal ' +
      '"sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject" permissions and that the object ' +
      `is located in ${region}. If your Model uses multiple models or uncompressed models, please ensure that ` +
      'the role has "s3:ListBucket" permission.',
  );
}
