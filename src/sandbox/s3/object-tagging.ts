import { noSuchKey } from './conditions';
import { versionHeaders } from './description';
import { readableVersion } from './read';
import type { Version } from './records';
import { type Answer, type S3Request, xmlAnswer } from './request';
import { parseTagging, type Tags, taggingXml } from './tags';

function taggedVersion(request: S3Request, action: string): Version {
  const { store, caller, key } = request;
  return readableVersion(store, caller, request.bucket(), key, request.query('versionId'), action);
}

export function getObjectTagging(request: S3Request): Answer {
  const version = taggedVersion(request, 's3:GetObjectTagging');
  return xmlAnswer(taggingXml(version.tags), versionHeaders(request.bucket(), version));
}

export async function putObjectTagging(request: S3Request): Promise<Answer> {
  const version = taggedVersion(request, 's3:PutObjectTagging');
  return retag(request, version, 200, parseTagging(await request.text(), 10));
}

export function deleteObjectTagging(request: S3Request): Answer {
  return retag(request, taggedVersion(request, 's3:DeleteObjectTagging'), 204, {});
}

function retag(request: S3Request, version: Version, status: number, tags: Tags): Answer {
  const { store } = request;
  // The version may have been deleted while the tags came in.
  if (!store.versions(version.bucket, version.key).includes(version)) throw noSuchKey(version.key);
  store.retag(version, tags);
  return { status, headers: versionHeaders(request.bucket(), version) };
}
