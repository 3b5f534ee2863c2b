import { type PolicyDocument, PolicyError, parsePolicy } from '../policy';
import { ServiceError } from '../service';
import { parseXml, textOf, xmlDocument } from '../xml';
import { authorize } from './access';
import { notImplemented } from './conditions';
import { checkBucketName, compareKeys } from './names';
import { type Answer, integer, namespace, type S3Request, xmlAnswer } from './request';
import { wholeSeconds } from './store';
import { parseTagging, taggingXml } from './tags';

/** ListBuckets: the caller's own, by name. */
export function listBuckets(request: S3Request): Answer {
  const { caller, store } = request;
  const max = integer('max-buckets', request.query('max-buckets'), 10_000, 10_000);
  const after = Buffer.from(request.query('continuation-token') ?? '', 'base64').toString();
  const prefix = request.query('prefix') ?? '';
  const own = store
    .buckets()
    .filter((bucket) => bucket.accountId === caller.accountId && bucket.name.startsWith(prefix))
    .filter((bucket) => compareKeys(bucket.name, after) > 0);
  const page = own.slice(0, max);
  const last = own.length > page.length ? page.at(-1)?.name : undefined;
  return xmlAnswer(
    xmlDocument(
      'ListAllMyBucketsResult',
      {
        Owner: { ID: canonicalId(caller.accountId) },
        Buckets: {
          Bucket: page.map(({ name, created, region }) => ({
            Name: name,
            CreationDate: created,
            BucketRegion: region,
            BucketArn: `arn:aws:s3:::${name}`,
          })),
        },
        ContinuationToken: last && Buffer.from(last).toString('base64'),
        Prefix: prefix || undefined,
      },
      namespace,
    ),
  );
}

/** S3 names an owner by 64 hex digits. */
export function canonicalId(accountId: string): string {
  return accountId.padStart(64, '0');
}

export async function createBucket(request: S3Request): Promise<Answer> {
  const { bucketName: name, caller, store } = request;
  checkBucketName(name);
  if (request.header('x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true') {
    throw notImplemented('Object Lock is not part of the sandbox.');
  }
  const text = await request.text();
  const stated =
    text === '' ? undefined : textOf(parseXml(text, 'CreateBucketConfiguration'), 'LocationConstraint');
  const region = stated || 'us-east-1';
  if (region !== caller.region) {
    throw new ServiceError(
      'IllegalLocationConstraintException',
      `The ${stated ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  }
  const existing = store.findBucket(name);
  if (existing && existing.accountId !== caller.accountId) {
    throw new ServiceError(
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      409,
      { BucketName: name },
    );
  }
  // In us-east-1, and only there, creating one's own bucket again succeeds.
  if (existing && caller.region !== 'us-east-1') {
    throw new ServiceError(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      409,
      { BucketName: name },
    );
  }
  if (!existing) {
    store.saveBucket({ name, accountId: caller.accountId, region, created: wholeSeconds(new Date()) });
  }
  return { headers: { location: `/${name}` } };
}

export function headBucket(request: S3Request): Answer {
  const bucket = request.bucketFor('s3:ListBucket');
  return {
    headers: {
      'content-type': 'application/xml',
      'x-amz-bucket-region': bucket.region,
      'x-amz-bucket-arn': `arn:aws:s3:::${bucket.name}`,
      'x-amz-access-point-alias': 'false',
    },
  };
}

export function deleteBucket(request: S3Request): Answer {
  const bucket = request.bucketFor('s3:DeleteBucket');
  if (request.store.keys(bucket.name).length > 0) {
    const message =
      bucket.versioning === undefined
        ? 'The bucket you tried to delete is not empty'
        : 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
    throw new ServiceError('BucketNotEmpty', message, 409, { BucketName: bucket.name });
  }
  request.store.deleteBucket(bucket.name);
  return { status: 204 };
}

export function getBucketLocation(request: S3Request): Answer {
  // The one operation that any region's endpoint answers.
  const bucket = request.anyRegionBucket();
  authorize(request.caller, bucket, 's3:GetBucketLocation');
  const { region } = bucket;
  return xmlAnswer(xmlDocument('LocationConstraint', region === 'us-east-1' ? '' : region, namespace));
}

export function getBucketVersioning(request: S3Request): Answer {
  const bucket = request.bucketFor('s3:GetBucketVersioning');
  return xmlAnswer(xmlDocument('VersioningConfiguration', { Status: bucket.versioning }, namespace));
}

export async function putBucketVersioning(request: S3Request): Promise<Answer> {
  const bucket = request.bucketFor('s3:PutBucketVersioning');
  const configuration = parseXml(await request.text(), 'VersioningConfiguration');
  if (textOf(configuration, 'MfaDelete') === 'Enabled')
    throw notImplemented('MFA delete is not part of the sandbox.');
  const status = textOf(configuration, 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') {
    throw new ServiceError(
      'IllegalVersioningConfigurationException',
      'The Versioning element must be specified',
    );
  }
  request.store.saveBucket({ ...bucket, versioning: status });
  return {};
}

export function getBucketPolicy(request: S3Request): Answer {
  const bucket = request.bucketFor('s3:GetBucketPolicy');
  if (bucket.policy === undefined) {
    throw new ServiceError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, {
      BucketName: bucket.name,
    });
  }
  return { headers: { 'content-type': 'application/json' }, body: bucket.policy };
}

export async function putBucketPolicy(request: S3Request): Promise<Answer> {
  const bucket = request.bucketFor('s3:PutBucketPolicy');
  const policy = await request.text();
  if (Buffer.byteLength(policy) > 20 * 1024) throw malformedPolicy('The policy is larger than 20 KB.');
  try {
    checkBucketPolicy(parsePolicy(policy), bucket.name);
  } catch (error) {
    throw error instanceof PolicyError ? malformedPolicy(error.message) : error;
  }
  request.store.saveBucket({ ...bucket, policy });
  return { status: 204 };
}

/** A bucket policy speaks of S3 actions on this bucket only. */
function checkBucketPolicy(policy: PolicyDocument, bucket: string): void {
  const arn = `arn:aws:s3:::${bucket}`;
  for (const { actions, resources } of policy.Statement) {
    if (!actions.patterns.every((action) => action === '*' || /^s3:/i.test(action))) {
      throw new PolicyError('Policy has invalid action');
    }
    const foreign = resources.patterns.find(
      (each) => each !== '*' && each !== arn && !each.startsWith(`${arn}/`) && each !== `${arn}*`,
    );
    if (foreign !== undefined) throw new PolicyError('Policy has invalid resource');
  }
}

function malformedPolicy(message: string): ServiceError {
  return new ServiceError('MalformedPolicy', message);
}

export function deleteBucketPolicy(request: S3Request): Answer {
  const bucket = request.bucketFor('s3:DeleteBucketPolicy');
  request.store.saveBucket({ ...bucket, policy: undefined });
  return { status: 204 };
}

export function getBucketTagging(request: S3Request): Answer {
  const bucket = request.bucketFor('s3:GetBucketTagging');
  if (!bucket.tags) {
    throw new ServiceError('NoSuchTagSet', 'The TagSet does not exist', 404, { BucketName: bucket.name });
  }
  return xmlAnswer(taggingXml(bucket.tags));
}

export async function putBucketTagging(request: S3Request): Promise<Answer> {
  const bucket = request.bucketFor('s3:PutBucketTagging');
  request.store.saveBucket({ ...bucket, tags: parseTagging(await request.text(), 50) });
  return { status: 204 };
}

export function deleteBucketTagging(request: S3Request): Answer {
  const bucket = request.bucketFor('s3:PutBucketTagging');
  request.store.saveBucket({ ...bucket, tags: undefined });
  return { status: 204 };
}
