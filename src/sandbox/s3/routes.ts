import * as buckets from './buckets';
import { copyObject } from './copy';
import * as lists from './lists';
import * as objects from './objects';
import type { Operation, S3Request } from './request';

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
  GET: { '': { operation: 'GetObject', run: objects.getObject } },
  HEAD: { '': { operation: 'HeadObject', run: objects.getObject } },
  PUT: { '': { operation: 'PutObject', run: objects.putObject } },
  DELETE: { '': { operation: 'DeleteObject', run: objects.deleteObject } },
  POST: {},
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
  const copies = headers['x-amz-copy-source'] !== undefined;
  if (copies && key && method === 'PUT' && selector === undefined) {
    return { operation: 'CopyObject', run: copyObject };
  }
  return routes[selector ?? ''];
}
