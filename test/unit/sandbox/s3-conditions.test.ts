import assert from 'node:assert/strict';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { fails, type TestSandbox, testSandbox } from './harness';

const Bucket = 'conditions';
const other = '"00000000000000000000000000000000"';

describe('conditional requests to S3', () => {
  let sandbox: TestSandbox;
  let s3: S3Client;

  before(async () => {
    sandbox = await testSandbox();
    s3 = sandbox.s3();
    await s3.send(new CreateBucketCommand({ Bucket }));
  });
  after(() => sandbox.end());

  const put = (Key: string, Body: string, more: object = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const get = (Key: string, more: object = {}) => s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  const remove = (Key: string, IfMatch?: string) =>
    s3.send(new DeleteObjectCommand({ Bucket, Key, IfMatch }));

  it('create only what does not exist with If-None-Match: *', async () => {
    await put('new', 'first', { IfNoneMatch: '*' });
    await fails(put('new', 'second', { IfNoneMatch: '*' }), 'PreconditionFailed', 412);
    await fails(put('new', 'second', { IfNoneMatch: other }), 'NotImplemented', 501);
    assert.equal(await (await get('new')).Body?.transformToString(), 'first');
  });

  it('let exactly one of many concurrent creations win', async () => {
    const attempts = Array.from({ length: 12 }, (_, i) => put('race', String(i), { IfNoneMatch: '*' }));
    const outcomes = await Promise.allSettled(attempts);
    const winners = outcomes.flatMap((each, i) => (each.status === 'fulfilled' ? [String(i)] : []));
    assert.equal(winners.length, 1);
    assert.equal(await (await get('race')).Body?.transformToString(), winners[0]);
    for (const each of outcomes) {
      if (each.status === 'rejected') assert.equal(each.reason.name, 'PreconditionFailed');
    }
  });

  it('replace only what was read with If-Match, so that no append is lost', async () => {
    await put('history.csv', 'line\n');
    const append = async (line: string): Promise<void> => {
      for (;;) {
        const { ETag, Body } = await get('history.csv');
        const text = await Body?.transformToString();
        try {
          await put('history.csv', `${text}${line}\n`, { IfMatch: ETag });
          return;
        } catch (error) {
          assert.equal((error as Error).name, 'PreconditionFailed');
        }
      }
    };
    const lines = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(lines.map(append));
    const text = await (await get('history.csv')).Body?.transformToString();
    assert.deepEqual(text?.trim().split('\n').sort(), [...lines, 'line']);
  });

  it('tell an If-Match against nothing from one against something else', async () => {
    await fails(put('absent', 'x', { IfMatch: other }), 'NoSuchKey', 404);
    await put('present', 'x');
    await fails(put('present', 'y', { IfMatch: other }), 'PreconditionFailed', 412);
  });

  it('count a deleted object as absent', async () => {
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const { ETag } = await put('marked', 'x');
    await remove('marked');
    await fails(put('marked', 'y', { IfMatch: ETag }), 'NoSuchKey', 404);
    await put('marked', 'y', { IfNoneMatch: '*' });
    await remove('marked');
    await fails(remove('marked', '*'), 'PreconditionFailed', 412);
  });

  it('delete only what was read', async () => {
    const { ETag } = await put('old', 'x');
    await fails(remove('old', other), 'PreconditionFailed', 412);
    await remove('old', ETag);
    await fails(remove('never-was', '*'), 'NoSuchKey', 404);
  });

  it('answer reads by entity tag and by date', async () => {
    const { ETag } = await put('read', 'x');
    const { LastModified } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'read' }));
    const later = new Date((LastModified?.getTime() ?? 0) + 1000);
    const earlier = new Date((LastModified?.getTime() ?? 0) - 1000);
    const status = async (conditions: object): Promise<number | undefined> => {
      try {
        return (await get('read', conditions)).$metadata.httpStatusCode;
      } catch (error) {
        return (error as { $metadata: { httpStatusCode: number } }).$metadata.httpStatusCode;
      }
    };
    assert.equal(await status({ IfMatch: ETag }), 200);
    assert.equal(await status({ IfMatch: other }), 412);
    assert.equal(await status({ IfNoneMatch: ETag }), 304);
    assert.equal(await status({ IfNoneMatch: other }), 200);
    assert.equal(await status({ IfModifiedSince: LastModified }), 304);
    assert.equal(await status({ IfModifiedSince: earlier }), 200);
    assert.equal(await status({ IfUnmodifiedSince: LastModified }), 200);
    assert.equal(await status({ IfUnmodifiedSince: earlier }), 412);
    assert.equal(await status({ IfMatch: ETag, IfUnmodifiedSince: earlier }), 200, 'the entity tag decides');
    assert.equal(await status({ IfNoneMatch: other, IfModifiedSince: later }), 200, 'the entity tag decides');
  });

  it('hold for a copy, on its source and on its target', async () => {
    const { ETag } = await put('source', 'x');
    const copy = (more: object, Key = 'target') =>
      s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/source`, ...more }));
    await copy({ CopySourceIfMatch: ETag, IfNoneMatch: '*' });
    await fails(copy({ IfNoneMatch: '*' }), 'PreconditionFailed', 412);
    await fails(copy({ CopySourceIfMatch: other }), 'PreconditionFailed', 412);
    await fails(copy({ CopySourceIfNoneMatch: ETag }), 'PreconditionFailed', 412);
    await fails(copy({ IfMatch: ETag }, 'elsewhere'), 'NoSuchKey', 404);
    await copy({ IfMatch: ETag });
  });
});
