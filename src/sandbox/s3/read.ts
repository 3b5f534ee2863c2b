import { type Caller, ServiceError } from '../service';
import { authorize } from './access';
import { noSuchKey } from './conditions';
import type { Bucket, Version } from './records';
import { invalidArgument } from './request';
import type { Store } from './store';

/**
 * The version that a read addresses, once the caller may read it.
 * @throws ServiceError AccessDenied | NoSuchKey | NoSuchVersion | MethodNotAllowed | InvalidArgument
 */
export function readableVersion(
  store: Store,
  caller: Caller,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  action = 's3:GetObject',
): Version {
  authorize(caller, bucket, versionId === undefined ? action : versionAction(action), key);
  const version = findVersion(store, bucket, key, versionId);
  if (version === undefined || (version.deleteMarker && versionId === undefined)) {
    // Who may not list must not learn what does not exist.
    authorize(caller, bucket, 's3:ListBucket');
    if (versionId !== undefined) throw noSuchVersion(key, versionId);
    throw version ? withMarker(noSuchKey(key), version) : noSuchKey(key);
  }
  if (version.deleteMarker) throw onDeleteMarker(version);
  return version;
}

/** `s3:GetObject` → `s3:GetObjectVersion`, `s3:GetObjectTagging` → `s3:GetObjectVersionTagging`. */
export function versionAction(action: string): string {
  return action.replace('Object', 'ObjectVersion');
}

/**
 * The version of that id, or without one the newest, be it a delete marker.
 * @throws ServiceError InvalidArgument when it cannot be an id
 */
export function findVersion(
  store: Store,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): Version | undefined {
  const versions = store.versions(bucket.name, key);
  if (versionId === undefined) return versions[0];
  if (versionId !== 'null' && !/^[0-9a-f]{32}$/.test(versionId)) {
    throw invalidArgument('versionId', versionId, 'Invalid version id specified');
  }
  return versions.find((version) => version.versionId === versionId);
}

export function noSuchVersion(key: string, versionId: string): ServiceError {
  return new ServiceError('NoSuchVersion', 'The specified version does not exist.', 404, {
    Key: key,
    VersionId: versionId,
  });
}

function onDeleteMarker(version: Version): ServiceError {
  const error = new ServiceError(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    405,
    {
      ResourceType: 'DeleteMarker',
    },
  );
  error.headers = { allow: 'DELETE', 'last-modified': new Date(version.modified).toUTCString() };
  return withMarker(error, version);
}

function withMarker(error: ServiceError, marker: Version): ServiceError {
  error.headers = { ...error.headers, 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.versionId };
  return error;
}
