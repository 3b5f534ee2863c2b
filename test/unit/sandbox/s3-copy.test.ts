import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { fails, type TestSandbox, testSandbox } from './harness';

const Bucket = 'copies';

describe('copies in S3', () => {
  let sandbox: TestSandbox;
  let s3: S3Client;

  before(async () => {
    sandbox = await testSandbox();
    s3 = sandbox.s3();
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  });
  after(() => sandbox.end());

  const put = (Key: string, Body: string | Uint8Array, more: object = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const copy = (CopySource: string, Key: string, more: object = {}) =>
    s3.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more }));
  const head = (Key: string) => s3.send(new HeadObjectCommand({ Bucket, Key }));

  it('carry bytes, entity tag, metadata, content type and tags', async () => {
    const Body = randomBytes(1_000_000);
    const source = await put('model.tar.gz', Body, {
      ContentType: 'application/gzip',
      Metadata: { job: 'tune-1' },
      Tagging: 'stage=prod',
    });
    const { CopyObjectResult, CopySourceVersionId } = await copy(
      `${Bucket}/model.tar.gz`,
      'release/model.tar.gz',
    );
    assert.equal(CopyObjectResult?.ETag, source.ETag);
    assert.equal(CopySourceVersionId, source.VersionId);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'release/model.tar.gz' }));
    assert.deepEqual(Buffer.from((await got.Body?.transformToByteArray()) ?? []), Body);
    assert.deepEqual(
      [got.ContentType, got.Metadata, got.TagCount],
      ['application/gzip', { job: 'tune-1' }, 1],
    );
  });

  it('take the words of the request where a directive says REPLACE', async () => {
    await put('worded', 'x', { Metadata: { a: '1' }, Tagging: 'a=1', ContentType: 'text/plain' });
    await copy(`${Bucket}/worded`, 'reworded', {
      MetadataDirective: 'REPLACE',
      Metadata: { b: '2' },
      TaggingDirective: 'REPLACE',
      Tagging: 'b=2',
    });
    const { Metadata, ContentType } = await head('reworded');
    assert.deepEqual([Metadata, ContentType], [{ b: '2' }, 'binary/octet-stream']);
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'reworded' }));
    assert.deepEqual(TagSet, [{ Key: 'b', Value: '2' }]);
  });

  it('take the version that is asked for, so that an old one can be brought back', async () => {
    const { VersionId } = await put('restored', 'good');
    await put('restored', 'bad');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'restored' }));
    await fails(copy(`${Bucket}/restored`, 'restored-copy'), 'NoSuchKey', 404);
    await copy(`${Bucket}/restored?versionId=${VersionId}`, 'restored');
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'restored' }));
    assert.equal(await Body?.transformToString(), 'good');
  });

  it('find a source whose key needs encoding', async () => {
    const key = 'odd ü+&?%41/😀.csv';
    await put(key, 'x');
    await copy(`${Bucket}/${encodeURIComponent(key)}`, 'plain');
    assert.equal((await head('plain')).ContentLength, 1);
  });

  it('refuse to change nothing', async () => {
    await put('same', 'x');
    await fails(copy(`${Bucket}/same`, 'same'), 'InvalidRequest', 400);
    await copy(`${Bucket}/same`, 'same', { MetadataDirective: 'REPLACE', Metadata: { touched: 'yes' } });
    assert.deepEqual((await head('same')).Metadata, { touched: 'yes' });
  });

  it('tell a source that is not there', async () => {
    await fails(copy(`${Bucket}/absent`, 'k'), 'NoSuchKey', 404);
    await fails(copy('no-such-bucket/k', 'k'), 'NoSuchBucket', 404);
    await fails(copy('only-a-bucket', 'k'), 'InvalidArgument', 400);
  });

  it('are current at once and leave the source alone when it is overwritten later', async () => {
    await put('original', 'first');
    await copy(`${Bucket}/original`, 'snapshot');
    await put('original', 'second');
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'snapshot' }));
    assert.equal(await Body?.transformToString(), 'first');
  });
});
