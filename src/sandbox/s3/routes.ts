import {
  AbortMultipartUpload$,
  CompleteMultipartUpload$,
  CopyObject$,
  CreateBucket$,
  CreateMultipartUpload$,
  DeleteBucket$,
  DeleteBucketPolicy$,
  DeleteBucketTagging$,
  DeleteObject$,
  DeleteObjects$,
  DeleteObjectTagging$,
  GetBucketLocation$,
  GetBucketPolicy$,
  GetBucketTagging$,
  GetBucketVersioning$,
  GetObject$,
  GetObjectTagging$,
  HeadBucket$,
  HeadObject$,
  ListBuckets$,
  ListMultipartUploads$,
  ListObjects$,
  ListObjectsV2$,
  ListObjectVersions$,
  ListParts$,
  PutBucketPolicy$,
  PutBucketTagging$,
  PutBucketVersioning$,
  PutObject$,
  PutObjectTagging$,
  UploadPart$,
  UploadPartCopy$,
} from '@aws-sdk/client-s3';
import type { StaticOperationSchema } from '@smithy/types';
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
  /** The SDK's run-time schema of the operation, which has its name and its input. */
  schema: StaticOperationSchema;
  run: Operation;
}

/** Query parameters that name a subresource or a variant of an operation; the first that a request has decides. */
type Selector = string;

const bucketRoutes: Record<string, Record<Selector, Route>> = {
  GET: {
    location: { schema: GetBucketLocation$, run: buckets.getBucketLocation },
    versioning: { schema: GetBucketVersioning$, run: buckets.getBucketVersioning },
    policy: { schema: GetBucketPolicy$, run: buckets.getBucketPolicy },
    tagging: { schema: GetBucketTagging$, run: buckets.getBucketTagging },
    versions: { schema: ListObjectVersions$, run: listObjectVersions },
    uploads: { schema: ListMultipartUploads$, run: uploads.listMultipartUploads },
    'list-type': { schema: ListObjectsV2$, run: lists.listObjectsV2 },
    '': { schema: ListObjects$, run: lists.listObjects },
  },
  HEAD: { '': { schema: HeadBucket$, run: buckets.headBucket } },
  PUT: {
    versioning: { schema: PutBucketVersioning$, run: buckets.putBucketVersioning },
    policy: { schema: PutBucketPolicy$, run: buckets.putBucketPolicy },
    tagging: { schema: PutBucketTagging$, run: buckets.putBucketTagging },
    '': { schema: CreateBucket$, run: buckets.createBucket },
  },
  DELETE: {
    policy: { schema: DeleteBucketPolicy$, run: buckets.deleteBucketPolicy },
    tagging: { schema: DeleteBucketTagging$, run: buckets.deleteBucketTagging },
    '': { schema: DeleteBucket$, run: buckets.deleteBucket },
  },
  POST: { delete: { schema: DeleteObjects$, run: objects.deleteObjects } },
};

const objectRoutes: Record<string, Record<Selector, Route>> = {
  GET: {
    tagging: { schema: GetObjectTagging$, run: tagging.getObjectTagging },
    uploadId: { schema: ListParts$, run: uploads.listParts },
    '': { schema: GetObject$, run: objects.getObject },
  },
  HEAD: { '': { schema: HeadObject$, run: objects.getObject } },
  PUT: {
    tagging: { schema: PutObjectTagging$, run: tagging.putObjectTagging },
    uploadId: { schema: UploadPart$, run: multipart.uploadPart },
    '': { schema: PutObject$, run: objects.putObject },
  },
  DELETE: {
    tagging: { schema: DeleteObjectTagging$, run: tagging.deleteObjectTagging },
    uploadId: { schema: AbortMultipartUpload$, run: multipart.abortMultipartUpload },
    '': { schema: DeleteObject$, run: objects.deleteObject },
  },
  POST: {
    uploads: { schema: CreateMultipartUpload$, run: multipart.createMultipartUpload },
    uploadId: { schema: CompleteMultipartUpload$, run: multipart.completeMultipartUpload },
  },
};

/** What a write becomes when `x-amz-copy-source` says where its body is. */
const copyRoutes: Record<string, Route> = {
  PutObject: { schema: CopyObject$, run: copyObject },
  UploadPart: { schema: UploadPartCopy$, run: multipart.uploadPartCopy },
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
  if (!bucketName) return method === 'GET' ? { schema: ListBuckets$, run: buckets.listBuckets } : undefined;
  const routes = (key ? objectRoutes : bucketRoutes)[method] ?? {};
  const selector = Object.keys(routes).find((name) => name !== '' && query.has(name));
  if (selector === undefined && unsupported.some((name) => query.has(name))) return undefined;
  const route = routes[selector ?? ''];
  const copies = headers['x-amz-copy-source'] !== undefined;
  return (copies && copyRoutes[route?.schema[2] ?? '']) || route;
}
