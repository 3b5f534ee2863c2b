import assert from 'node:assert/strict';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { fails, type TestSandbox, testSandbox } from './harness';

describe('versions in S3', () => {
  let sandbox: TestSandbox;
  let s3: S3Client;
  let Bucket: string;
  let buckets = 0;

  before(async () => {
    sandbox = await testSandbox();
    s3 = sandbox.s3();
  });
  after(() => sandbox.end());
  beforeEach(async () => {
    Bucket = `versions-${buckets++}`;
    await s3.send(new CreateBucketCommand({ Bucket }));
  });

  const versioning = (Status: 'Enabled' | 'Suspended') =>
    s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  const put = async (Body: string, Key = 'k') =>
    (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
  const read = async (VersionId?: string, Key = 'k') => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return Body?.transformToString();
  };
  const remove = (VersionId?: string, Key = 'k') =>
    s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  const versions = () => s3.send(new ListObjectVersionsCommand({ Bucket }));

  it('are off until they are enabled, and then never off again', async () => {
    const status = async () => (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    assert.equal(await status(), undefined);
    assert.equal(await put('one'), undefined);
    await versioning('Enabled');
    assert.equal(await status(), 'Enabled');
    await versioning('Suspended');
    assert.equal(await status(), 'Suspended');
  });

  it('keep what is overwritten', async () => {
    await versioning('Enabled');
    const [one, two] = [await put('one'), await put('two')];
    assert.ok(one && two && one !== two);
    assert.deepEqual([await read(), await read(one), await read(two)], ['two', 'one', 'two']);
    const { Versions } = await versions();
    assert.deepEqual(
      Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
      [
        [two, true],
        [one, false],
      ],
    );
  });

  it('keep what is deleted, behind a delete marker that can itself be deleted', async () => {
    await versioning('Enabled');
    const one = await put('one');
    const { DeleteMarker, VersionId: marker } = await remove();
    assert.equal(DeleteMarker, true);
    await fails(read(), 'NoSuchKey', 404);
    await fails(read(marker), 'MethodNotAllowed', 405);
    await assert.rejects(
      s3.send(new HeadObjectCommand({ Bucket, Key: 'k' })),
      (error: Error & { $response?: { headers: Record<string, string> } }) => {
        assert.equal(error.$response?.headers['x-amz-delete-marker'], 'true');
        return true;
      },
    );
    assert.equal((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount, 0);
    assert.equal((await versions()).DeleteMarkers?.[0]?.IsLatest, true);
    assert.equal(await read(one), 'one');
    assert.equal((await remove(marker)).DeleteMarker, true);
    assert.equal(await read(), 'one');
  });

  it('are deleted for good by their id, and the one before becomes current', async () => {
    await versioning('Enabled');
    const one = await put('one');
    const two = await put('two');
    await remove(two);
    assert.equal(await read(), 'one');
    await fails(read(two), 'NoSuchVersion', 404);
    await remove(two);
    await remove(one);
    await fails(read(), 'NoSuchKey', 404);
    assert.equal((await versions()).Versions, undefined);
  });

  it('have the id "null" where versioning was off, and keep it once it is on', async () => {
    await put('before');
    await versioning('Enabled');
    await put('after');
    assert.equal(await read('null'), 'before');
    await versioning('Suspended');
    assert.equal(await put('suspended'), 'null');
    assert.equal(await read('null'), 'suspended');
    assert.equal((await versions()).Versions?.length, 2, 'the null version is replaced, the other one stays');
    const { VersionId, DeleteMarker } = await remove();
    assert.deepEqual([VersionId, DeleteMarker], ['null', true]);
    assert.equal((await versions()).Versions?.length, 1);
  });

  it('are told apart from ids that cannot be', async () => {
    await put('one');
    await fails(read('not-an-id'), 'InvalidArgument', 400);
    await fails(read('0'.repeat(32)), 'NoSuchVersion', 404);
  });

  it('keep a bucket from being deleted', async () => {
    await versioning('Enabled');
    const one = await put('one');
    const { VersionId: marker } = await remove();
    const drop = () => s3.send(new DeleteBucketCommand({ Bucket }));
    await fails(drop(), 'BucketNotEmpty', 409);
    await remove(one);
    await remove(marker);
    await drop();
    await fails(put('x'), 'NoSuchBucket', 404);
  });

  it('are listed in pages that lose none', async () => {
    await versioning('Enabled');
    const written: (string | undefined)[] = [];
    for (const key of ['a', 'b/1', 'b/2'])
      for (const body of ['1', '2', '3']) written.unshift(await put(body, key));
    const found: (string | undefined)[] = [];
    let page: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (page) {
      const answer: ListObjectVersionsCommandOutput = await s3.send(
        new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...page }),
      );
      found.push(...(answer.Versions ?? []).map((each) => each.VersionId));
      page = answer.IsTruncated
        ? { KeyMarker: answer.NextKeyMarker, VersionIdMarker: answer.NextVersionIdMarker }
        : undefined;
    }
    assert.deepEqual(found.sort(), written.sort());
    const rolled = await s3.send(new ListObjectVersionsCommand({ Bucket, Delimiter: '/' }));
    assert.deepEqual(rolled.CommonPrefixes, [{ Prefix: 'b/' }]);
    assert.equal(rolled.Versions?.length, 3);
  });

  it('survive a restart in their order', async () => {
    await versioning('Enabled');
    await put('one');
    await put('two');
    await remove();
    await put('three');
    const before = await versions();
    await sandbox.restart();
    s3 = sandbox.s3();
    const after = await versions();
    assert.deepEqual(after.Versions, before.Versions);
    assert.deepEqual(after.DeleteMarkers, before.DeleteMarkers);
    assert.equal(await read(), 'three');
  });
});
