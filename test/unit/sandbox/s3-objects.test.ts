import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { fails, type TestSandbox, testSandbox } from './harness';

const Bucket = 'acme-ds-ml';

describe('objects in S3', () => {
  let sandbox: TestSandbox;
  let s3: S3Client;

  before(async () => {
    sandbox = await testSandbox();
    s3 = sandbox.s3();
    await s3.send(new CreateBucketCommand({ Bucket }));
  });
  after(() => sandbox.end());

  const put = (Key: string, Body: string | Uint8Array, more: object = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const read = async (Key: string, more: object = {}): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return Body?.transformToString() ?? '';
  };
  const blobs = (): number => readdirSync(join(sandbox.home, 's3', 'blobs')).length;

  it('keep bytes, MD5, description and metadata', async () => {
    const Body = randomBytes(300_000);
    await put('data/train.csv', Body, {
      ContentType: 'text/csv',
      CacheControl: 'no-store',
      Metadata: { run: 'r-1', city: 'Zürich' },
    });
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'data/train.csv' }));
    assert.deepEqual(Buffer.from((await got.Body?.transformToByteArray()) ?? []), Body);
    assert.equal(got.ContentType, 'text/csv');
    assert.equal(got.CacheControl, 'no-store');
    assert.equal(got.Metadata?.run, 'r-1');
    assert.equal(got.ContentLength, 300_000);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'data/train.csv' }));
    assert.deepEqual(
      [head.ETag, head.ContentLength, head.LastModified],
      [got.ETag, 300_000, got.LastModified],
    );
    assert.equal(head.LastModified?.getMilliseconds(), 0);
  });

  it('answer the MD5 of the body as entity tag', async () => {
    assert.equal((await put('hello', 'hello')).ETag, '"5d41402abc4b2a76b9719d911017c592"');
    assert.equal((await put('nothing', '')).ETag, '"d41d8cd98f00b204e9800998ecf8427e"');
    assert.equal(await read('nothing'), '');
  });

  it('take any key, and no key becomes a path of the machine', async () => {
    const unit = fc.constantFrom(
      'a',
      '/',
      '.',
      '..',
      ' ',
      '+',
      '%41',
      '&',
      '?',
      '#',
      '\\',
      'ü',
      '😀',
      "'",
      '(',
      '*',
      '=',
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, minLength: 1, maxLength: 6 }), async (suffix) => {
        const key = `odd/${suffix}`;
        await put(key, key);
        assert.equal(await read(key), key);
        const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: key }));
        assert.equal(Contents?.[0]?.Key, key);
      }),
      { numRuns: 60 },
    );
    for (const name of readdirSync(join(sandbox.home, 's3', 'blobs'))) assert.match(name, /^[0-9a-f]{32}$/);
  });

  it('stream in without a known hash, framed as aws-chunked with a trailing checksum', async () => {
    const chunks = Array.from({ length: 50 }, () => randomBytes(10_000));
    const ContentLength = 500_000;
    const { ChecksumCRC32 } = await s3.send(
      new PutObjectCommand({ Bucket, Key: 'streamed', Body: Readable.from(chunks), ContentLength }),
    );
    assert.ok(ChecksumCRC32);
    const { Body, ContentEncoding } = await s3.send(new GetObjectCommand({ Bucket, Key: 'streamed' }));
    assert.deepEqual(Buffer.from((await Body?.transformToByteArray()) ?? []), Buffer.concat(chunks));
    assert.equal(ContentEncoding, undefined);
  });

  for (const [ChecksumAlgorithm, value] of [
    ['CRC32', 'y/Q5Jg=='],
    ['CRC32C', '4waSgw=='],
    ['SHA1', '98O8HYCOBHMq32eZZczDTKeuNEE='],
    ['SHA256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
    ['CRC64NVME', 'rosUhgp5mIg='],
  ] as const) {
    it(`verify and tell the ${ChecksumAlgorithm} of the body`, async () => {
      const name = `Checksum${ChecksumAlgorithm}` as const;
      const { [name]: answered } = await put('sum', '123456789', { [name]: value });
      assert.equal(answered, value);
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'sum', ChecksumMode: 'ENABLED' }));
      assert.equal(head[name], value);
      const before = blobs();
      await fails(put('sum', '12345678', { [name]: value }), 'BadDigest', 400);
      assert.equal(blobs(), before, 'the refused body is deleted');
    });
  }

  it('refuse a body with another MD5 than stated', async () => {
    await fails(put('sum', 'x', { ContentMD5: 'XUFAKrxLKna5cZ2REBfFkg==' }), 'BadDigest', 400);
    await fails(put('sum', 'x', { ContentMD5: 'short' }), 'InvalidDigest', 400);
  });

  describe('in ranges', () => {
    before(() => put('digits', '0123456789'));
    for (const [Range, text, tells] of [
      ['bytes=2-4', '234', 'bytes 2-4/10'],
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=-3', '789', 'bytes 7-9/10'],
      ['bytes=8-100', '89', 'bytes 8-9/10'],
      ['bytes=-100', '0123456789', 'bytes 0-9/10'],
      ['bytes=4-2', '0123456789', undefined],
      ['bytes=0-1,3-4', '0123456789', undefined],
    ] as const) {
      it(`answer ${Range}`, async () => {
        const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }));
        assert.equal(await got.Body?.transformToString(), text);
        assert.equal(got.ContentRange, tells);
        assert.equal(got.$metadata.httpStatusCode, tells ? 206 : 200);
        assert.equal(got.ContentLength, text.length);
      });
    }

    it('refuse one beyond the end', async () => {
      await fails(read('digits', { Range: 'bytes=10-' }), 'InvalidRange', 416);
      await fails(read('nothing', { Range: 'bytes=0-' }), 'InvalidRange', 416);
    });
  });

  it('tell 404 for what is not there: by code on GET, without a body on HEAD', async () => {
    await fails(read('absent'), 'NoSuchKey', 404);
    await fails(s3.send(new HeadObjectCommand({ Bucket, Key: 'absent' })), 'NotFound', 404);
    await fails(s3.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'k' })), 'NoSuchBucket', 404);
  });

  it('refuse a key of more than 1024 bytes', async () => {
    await put('k'.repeat(1024), 'x');
    await fails(put('k'.repeat(1025), 'x'), 'KeyTooLongError', 400);
  });

  it('refuse what the sandbox does not model instead of ignoring it', async () => {
    await fails(put('acl', 'x', { ACL: 'public-read' }), 'AccessControlListNotSupported', 400);
    await fails(put('lock', 'x', { ObjectLockLegalHoldStatus: 'ON' }), 'InvalidRequest', 400);
  });

  it('carry tags, at most ten and each key once', async () => {
    await put('tagged', 'x', { Tagging: 'stage=raw&team=ml%20ops' });
    const tagsOf = async () => (await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }))).TagSet;
    assert.deepEqual(await tagsOf(), [
      { Key: 'stage', Value: 'raw' },
      { Key: 'team', Value: 'ml ops' },
    ]);
    const tag = (TagSet: { Key: string; Value: string }[]) =>
      s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet } }));
    await tag([{ Key: 'stage', Value: 'done' }]);
    assert.deepEqual(await tagsOf(), [{ Key: 'stage', Value: 'done' }]);
    await fails(tag(Array.from({ length: 11 }, (_, i) => ({ Key: `k${i}`, Value: '' }))), 'BadRequest', 400);
    await fails(
      tag([
        { Key: 'a', Value: '' },
        { Key: 'a', Value: '' },
      ]),
      'InvalidTag',
      400,
    );
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'tagged' }));
    assert.deepEqual(await tagsOf(), []);
  });

  it('leave no file behind when they are overwritten or deleted', async () => {
    await put('short-lived', 'one');
    const before = blobs();
    await put('short-lived', 'two');
    assert.equal(blobs(), before);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'short-lived' }));
    assert.equal(blobs(), before - 1);
  });

  it('can be read to the end while they are overwritten', async () => {
    const Body = randomBytes(3_000_000);
    await put('racing', Body);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'racing' }));
    await put('racing', 'new');
    assert.deepEqual(Buffer.from((await got.Body?.transformToByteArray()) ?? []), Body);
    assert.equal(await read('racing'), 'new');
  });

  it('are deleted many at a time, the absent ones too', async () => {
    await put('many/1', 'x');
    const Objects = [{ Key: 'many/1' }, { Key: 'many/never-was' }];
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    assert.deepEqual(Deleted, Objects);
    assert.equal(Errors, undefined);
    await fails(read('many/1'), 'NoSuchKey', 404);
  });

  it('survive a restart with their versions, tags and metadata', async () => {
    await put('durable', 'still here', { Metadata: { a: 'b' }, Tagging: 'k=v' });
    await sandbox.restart();
    s3 = sandbox.s3();
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'durable' }));
    assert.equal(await got.Body?.transformToString(), 'still here');
    assert.deepEqual(got.Metadata, { a: 'b' });
    assert.equal(got.TagCount, 1);
  });
});
