import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  type Caller,
  type Handler,
  type ObjectInfo,
  type Objects,
  type Reply,
  ServiceError,
} from '../service';
import { authorize } from './access';
import { notImplemented } from './conditions';
import { checkKey } from './names';
import { paramsOf } from './params';
import { readableVersion } from './read';
import type { Bucket, Version } from './records';
import { addressOf, S3Request } from './request';
import { routeOf } from './routes';
import { Store } from './store';

export interface S3 {
  handler: Handler;
  /** The same store, in process, under the same policies. */
  objects: Objects;
  /** Makes a bucket unless there is one of that name. */
  ensureBucket(bucket: Bucket): void;
}

/** S3 over the folder `<home>/s3`. */
export function createS3(options: { home: string }): S3 {
  const store = new Store(join(options.home, 's3'));
  return {
    handler: (exchange) => answer(store, exchange),
    objects: objectsOf(store),
    ensureBucket: (bucket) => {
      if (!store.findBucket(bucket.name)) store.saveBucket(bucket);
    },
  };
}

async function answer(store: Store, exchange: Parameters<Handler>[0]): Promise<Reply> {
  const { bucket, key } = addressOf(exchange.path, exchange.headers.host ?? '');
  const request = new S3Request(store, exchange, bucket, key);
  const route = routeOf(request);
  const operation = route?.schema[2] ?? `${exchange.method} ?${[...exchange.query.keys()].join('&')}`;
  const params = () => paramsOf(request, route?.schema);
  try {
    if (!route)
      throw notImplemented('A header or query you provided implies functionality that is not implemented');
    const { status = 200, headers = {}, body = '' } = await route.run(request);
    return { status, headers, body, operation, params: params() };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { name, message, status, fields, headers } = error;
    throw Object.assign(new ServiceError(name, message, status, fields, operation, params()), { headers });
  }
}

function objectsOf(store: Store): Objects {
  return {
    async read(caller, bucketName, key) {
      const version = readableVersion(store, caller, store.bucket(bucketName), key, undefined);
      const body = await buffer(store.blobs.read(version.blobs, 0, version.size - 1));
      return { ...infoOf(version), body };
    },
    async write(caller, bucketName, key, body, contentType = 'binary/octet-stream') {
      checkWritable(store, caller, bucketName, key);
      const blob = await store.blobs.write(Readable.from([Buffer.from(body)], { objectMode: false }));
      const version = store.add(store.bucket(bucketName), {
        key,
        size: blob.size,
        etag: `"${blob.md5}"`,
        blobs: [blob],
        headers: { 'content-type': contentType, 'x-amz-server-side-encryption': 'AES256' },
        metadata: {},
        tags: {},
      });
      return infoOf(version);
    },
    async list(caller, bucketName, prefix) {
      const bucket = store.bucket(bucketName);
      authorize(caller, bucket, 's3:ListBucket', undefined, { 's3:prefix': prefix });
      return store
        .keys(bucketName)
        .filter((key) => key.startsWith(prefix))
        .flatMap((key) => store.current(bucketName, key) ?? [])
        .map(infoOf);
    },
  };
}

function checkWritable(store: Store, caller: Caller, bucketName: string, key: string): void {
  authorize(caller, store.bucket(bucketName), 's3:PutObject', key);
  checkKey(key);
}

function infoOf({ key, size, etag, versionId, modified }: Version): ObjectInfo {
  return { key, size, etag, versionId, lastModified: new Date(modified) };
}
