import assert from 'node:assert/strict';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { clientConfig, fails, type TestSandbox, testSandbox } from './harness';

const Bucket = 'training-ml';
const qa = '222222222222';

describe('accounts in S3', () => {
  let sandbox: TestSandbox;
  let owner: S3Client;
  let other: S3Client;

  before(async () => {
    sandbox = await testSandbox();
    owner = sandbox.s3('training');
    other = sandbox.s3('qa');
    await owner.send(new CreateBucketCommand({ Bucket }));
    await other.send(new CreateBucketCommand({ Bucket: 'qa-ml' }));
    await owner.send(new PutObjectCommand({ Bucket, Key: 'output/model', Body: 'x', Tagging: 'a=b' }));
  });
  after(() => sandbox.end());
  afterEach(() => owner.send(new DeleteBucketPolicyCommand({ Bucket })));

  const policy = (...Statement: object[]) =>
    owner.send(
      new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
    );
  const allow = (Action: string | string[], Resource = `arn:aws:s3:::${Bucket}/*`, more: object = {}) => ({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${qa}:root` },
    Action,
    Resource,
    ...more,
  });
  const get = (Key = 'output/model', client = other) => client.send(new GetObjectCommand({ Bucket, Key }));
  const copy = (more: object = {}) =>
    other.send(
      new CopyObjectCommand({ Bucket: 'qa-ml', Key: 'm', CopySource: `${Bucket}/output/model`, ...more }),
    );

  it('share one set of bucket names', async () => {
    await fails(other.send(new CreateBucketCommand({ Bucket })), 'BucketAlreadyExists', 409);
    await owner.send(new CreateBucketCommand({ Bucket }));
    const { Buckets } = await other.send(new ListBucketsCommand({}));
    assert.deepEqual(
      Buckets?.map((each) => each.Name),
      ['qa-ml'],
    );
    for (const name of ['ab', 'Upper', 'a..b', '1.2.3.4', '-a-', 'a_b']) {
      await fails(owner.send(new CreateBucketCommand({ Bucket: name })), 'InvalidBucketName', 400);
    }
  });

  it('do not reach each other without a policy', async () => {
    await fails(get(), 'AccessDenied', 403);
    await fails(other.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' })), 'AccessDenied', 403);
    await fails(other.send(new ListObjectsV2Command({ Bucket })), 'AccessDenied', 403);
    await fails(copy(), 'AccessDenied', 403);
    await fails(other.send(new HeadBucketCommand({ Bucket })), 'Unknown', 403);
  });

  it('do what a policy allows and nothing else', async () => {
    await policy(allow('s3:GetObject', `arn:aws:s3:::${Bucket}/output/*`));
    assert.equal(await (await get()).Body?.transformToString(), 'x');
    await fails(
      other.send(new PutObjectCommand({ Bucket, Key: 'output/model', Body: 'y' })),
      'AccessDenied',
      403,
    );
    await fails(get('input/train.csv'), 'AccessDenied', 403);
    await fails(
      sandbox.s3('production').send(new GetObjectCommand({ Bucket, Key: 'output/model' })),
      'AccessDenied',
      403,
    );
  });

  it('copy across with the right to the tags too, unless these are replaced', async () => {
    await policy(allow('s3:GetObject'));
    await fails(copy(), 'AccessDenied', 403);
    await copy({ TaggingDirective: 'REPLACE' });
    await policy(allow(['s3:GetObject', 's3:GetObjectTagging']));
    await copy();
  });

  it('learn what is missing only with the right to list', async () => {
    await policy(allow('s3:GetObject'));
    await fails(get('absent'), 'AccessDenied', 403);
    await policy(allow('s3:GetObject'), allow('s3:ListBucket', `arn:aws:s3:::${Bucket}`));
    await fails(get('absent'), 'NoSuchKey', 404);
  });

  it('list the prefix that a condition names', async () => {
    const Condition = { StringLike: { 's3:prefix': 'output/*' } };
    await policy(allow('s3:ListBucket', `arn:aws:s3:::${Bucket}`, { Condition }));
    const list = (Prefix?: string) => other.send(new ListObjectsV2Command({ Bucket, Prefix }));
    assert.equal((await list('output/m')).KeyCount, 1);
    await fails(list('input/'), 'AccessDenied', 403);
    await fails(list(), 'AccessDenied', 403);
  });

  it('bind the owner too where a policy denies', async () => {
    const Deny = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    };
    await policy(Deny);
    await fails(get('output/model', owner), 'AccessDenied', 403);
    await assert.rejects(sandbox.objects.read(callerOf('111111111111'), Bucket, 'output/model'), {
      name: 'AccessDenied',
    });
  });

  it('are held to the same policies in process', async () => {
    const read = () => sandbox.objects.read(callerOf(qa), Bucket, 'output/model');
    await assert.rejects(read(), { name: 'AccessDenied', status: 403 });
    await policy(allow('s3:*'), allow('s3:ListBucket', `arn:aws:s3:::${Bucket}`));
    assert.equal((await read()).body.toString(), 'x');
    const written = await sandbox.objects.write(callerOf(qa), Bucket, 'output/other', Buffer.from('yy'));
    assert.equal(written.etag, '"2fb1c5cf58867b5bbc9a1b145a86f3a0"');
    const listed = await sandbox.objects.list(callerOf(qa), Bucket, 'output/');
    assert.deepEqual(
      listed.map(({ key, size }) => [key, size]),
      [
        ['output/model', 1],
        ['output/other', 2],
      ],
    );
  });

  it('refuse a policy that is not evaluated in full, and keep the one before', async () => {
    await policy(allow('s3:GetObject'));
    const before = (await owner.send(new GetBucketPolicyCommand({ Bucket }))).Policy;
    for (const wrong of [
      allow('s3:GetObject', undefined, { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      allow('s3:GetObject', 'arn:aws:s3:::another-bucket/*'),
      allow('sagemaker:CreateModel'),
    ]) {
      await fails(policy(wrong), 'MalformedPolicy', 400);
    }
    assert.equal((await owner.send(new GetBucketPolicyCommand({ Bucket }))).Policy, before);
    await owner.send(new DeleteBucketPolicyCommand({ Bucket }));
    await fails(owner.send(new GetBucketPolicyCommand({ Bucket })), 'NoSuchBucketPolicy', 404);
  });

  it('hold whom a caller expects to own a bucket', async () => {
    const get = (ExpectedBucketOwner: string) =>
      owner.send(new GetObjectCommand({ Bucket, Key: 'output/model', ExpectedBucketOwner }));
    await get('111111111111');
    await fails(get(qa), 'AccessDenied', 403);
    await policy(allow(['s3:GetObject', 's3:GetObjectTagging']));
    await copy({ ExpectedSourceBucketOwner: '111111111111', ExpectedBucketOwner: qa });
    await fails(copy({ ExpectedSourceBucketOwner: qa }), 'AccessDenied', 403);
  });

  it('have buckets with a region, which a request has to be signed for', async () => {
    const config = clientConfig(sandbox.url, 'training');
    const europe = new S3Client({ ...config, region: 'eu-central-1' });
    const name = 'in-europe';
    const create = (LocationConstraint: 'eu-central-1' | 'us-west-2') =>
      europe.send(
        new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint } }),
      );
    await fails(create('us-west-2'), 'IllegalLocationConstraintException', 400);
    await create('eu-central-1');
    await fails(create('eu-central-1'), 'BucketAlreadyOwnedByYou', 409);
    const put = (client: S3Client) =>
      client.send(new PutObjectCommand({ Bucket: name, Key: 'k', Body: 'x' }));
    await put(europe);
    await fails(put(owner), 'PermanentRedirect', 301);
    const { LocationConstraint } = await owner.send(new GetBucketLocationCommand({ Bucket: name }));
    assert.equal(LocationConstraint, 'eu-central-1');
    assert.equal((await owner.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint, undefined);
    europe.destroy();
  });

  it('tag their buckets', async () => {
    await fails(owner.send(new GetBucketTaggingCommand({ Bucket })), 'NoSuchTagSet', 404);
    const TagSet = [{ Key: 'team', Value: 'ds' }];
    await owner.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    assert.deepEqual((await owner.send(new GetBucketTaggingCommand({ Bucket }))).TagSet, TagSet);
  });

  const callerOf = (accountId: string) => ({
    accountId,
    region: 'us-east-1',
    arn: `arn:aws:sts::${accountId}:assumed-role/SageMakerExecution/SageMaker`,
  });
});
