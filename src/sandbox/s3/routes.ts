import * as buckets from './buckets';
import { copyObject } from './copy';
import * as lists from './lists';
import * as multipart from './multipart';
import * as tagging from './object-tagging';
import * as objects from './objects';
import type { Operation, S3Request } from './request';
import * as uploads from './upload-lists';
import { listObjectVersions } from './version-list';

export interface Route {
  operation: string;
  run: Operation;
}

/** Query parameters that name a subresource or a variant of an operation; the first that a request has decides. */
type Selector = string;

const bucketRoutes: Record<string, Record<Selector, Route>> = {
  GET: {
    location: { operation: 'GetBucketLocation', run: buckets.getBucketLocation },
    versioning: { operation: 'GetBucketVersioning', run: buckets.getBucketVersioning },
    policy: { operation: 'GetBucketPolicy', run: buckets.getBucketPolicy },
    tagging: { operation: 'GetBucketTagging', run: buckets.getBucketTagging },
    versions: { operation: 'ListObjectVersions', run: listObjectVersions },
    uploads: { operation: 'ListMultipartUploads', run: uploads.listMultipartUploads },
    'list-type': { operation: 'ListObjectsV2', run: lists.listObjectsV2 },
    '': { operation: 'ListObjects', run: lists.listObjects },
  },
  HEAD: { '': { operation: 'HeadBucket', run: buckets.headBucket } },
  PUT: {
    versioning: { operation: 'PutBucketVersioning', run: buckets.putBucketVersioning },
    policy: { operation: 'PutBucketPolicy', run: buckets.putBucketPolicy },
    tagging: { operation: 'PutBucketTagging', run: buckets.putBucketTagging },
    '': { operation: 'CreateBucket', run: buckets.createBucket },
  },
  DELETE: {
    policy: { operation: 'DeleteBucketPolicy', run: buckets.deleteBucketPolicy },
    tagging: { operation: 'DeleteBucketTagging', run: buckets.deleteBucketTagging },
    '': { operation: 'DeleteBucket', run: buckets.deleteBucket },
  },
  POST: { delete: { operation: 'DeleteObjects', run: objects.deleteObjects } },
};

const objectRoutes: Record<string, Record<Selector, Route>> = {
  GET: {
    tagging: { operation: 'GetObjectTagging', run: tagging.getObjectTagging },
    uploadId: { operation: 'ListParts', run: uploads.listParts },
    '': { operation: 'GetObject', run: objects.getObject },
  },
  HEAD: { '': { operation: 'HeadObject', run: objects.getObject } },
  PUT: {
    tagging: { operation: 'PutObjectTagging', run: tagging.putObjectTagging },
    uploadId: { operation: 'UploadPart', run: multipart.uploadPart },
    '': { operation: 'PutObject', run: objects.putObject },
  },
  DELETE: {
    tagging: { operation: 'DeleteObjectTagging', run: tagging.deleteObjectTagging },
    uploadId: { operation: 'AbortMultipartUpload', run: multipart.abortMultipartUpload },
    '': { operation: 'DeleteObject', run: objects.deleteObject },
  },
  POST: {
    uploads: { operation: 'CreateMultipartUpload', run: multipart.createMultipartUpload },
    uploadId: { operation: 'CompleteMultipartUpload', run: multipart.completeMultipartUpload },
  },
};

/** What a write becomes when `x-amz-copy-source` says where its body is. */
const copyRoutes: Record<string, Route> = {
  PutObject: { operation: 'CopyObject', run: copyObject },
  UploadPart: { operation: 'UploadPartCopy', run: multipart.uploadPartCopy },
};

/** Subresources that S3 has and the sandbox does not: they must not fall through to the plain operation. */
const unsupported = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'torrent',
  'website',
];

/** Which operation a request is; `undefined` for one that the sandbox does not have. */
export function routeOf({ exchange, bucketName, key }: S3Request): Route | undefined {
  const { method, query, headers } = exchange;
  if (!bucketName)
    return method === 'GET' ? { operation: 'ListBuckets', run: buckets.listBuckets } : undefined;
  const routes = (key ? objectRoutes : bucketRoutes)[method] ?? {};
  const selector = Object.keys(routes).find((name) => name !== '' && query.has(name));
  if (selector === undefined && unsupported.some((name) => query.has(name))) return undefined;
  const route = routes[selector ?? ''];
  const copies = headers['x-amz-copy-source'] !== undefined;
  return (copies && copyRoutes[route?.operation ?? '']) || route;
}
