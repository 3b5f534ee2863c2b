import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { startChecksum } from '../../../src/sandbox/s3/checksums';
import { fails, type TestSandbox, testSandbox } from './harness';

const Bucket = 'parts';
const MiB = 1024 * 1024;
const md5 = (...data: Uint8Array[]): Buffer => {
  const hash = createHash('md5');
  for (const each of data) hash.update(each);
  return hash.digest();
};

describe('multipart uploads to S3', () => {
  let sandbox: TestSandbox;
  let s3: S3Client;
  const five = randomBytes(5 * MiB);
  const rest = randomBytes(1000);

  before(async () => {
    sandbox = await testSandbox();
    s3 = sandbox.s3();
    await s3.send(new CreateBucketCommand({ Bucket }));
  });
  after(() => sandbox.end());

  const start = async (Key: string, more: object = {}): Promise<string> => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
    return UploadId as string;
  };
  const part = async (
    Key: string,
    UploadId: string,
    PartNumber: number,
    Body: Uint8Array,
    more: object = {},
  ) => {
    const sent = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }));
    return { PartNumber, ETag: sent.ETag, ChecksumCRC32: sent.ChecksumCRC32 };
  };
  const complete = (Key: string, UploadId: string, Parts: object[], more: object = {}) =>
    s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }),
    );
  const read = async (Key: string, more: object = {}): Promise<Buffer> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const blobs = (): number => readdirSync(join(sandbox.home, 's3', 'blobs')).length;

  it('become one object whose entity tag is the MD5 of the MD5s', async () => {
    const id = await start('big', { ContentType: 'text/csv', Metadata: { a: 'b' }, Tagging: 'k=v' });
    const parts = [await part('big', id, 1, five), await part('big', id, 7, rest)];
    assert.equal(parts[0]?.ETag, `"${md5(five).toString('hex')}"`);
    const { ETag } = await complete('big', id, parts);
    assert.equal(ETag, `"${md5(md5(five), md5(rest)).toString('hex')}-2"`);
    assert.deepEqual(await read('big'), Buffer.concat([five, rest]));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'big' }));
    assert.deepEqual(
      [head.ETag, head.ContentLength, head.ContentType, head.Metadata],
      [ETag, 5 * MiB + 1000, 'text/csv', { a: 'b' }],
    );
  });

  it('can be read across and by their parts', async () => {
    const Range = `bytes=${5 * MiB - 10}-${5 * MiB + 9}`;
    assert.deepEqual(await read('big', { Range }), Buffer.concat([five.subarray(-10), rest.subarray(0, 10)]));
    assert.deepEqual(await read('big', { PartNumber: 2 }), rest);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'big', PartNumber: 1 }));
    assert.deepEqual([head.PartsCount, head.ContentLength], [2, 5 * MiB]);
    await fails(read('big', { PartNumber: 3 }), 'InvalidPartNumber', 416);
  });

  it('are what lib-storage sends for a stream', async () => {
    const Body = Readable.from([five, five, rest]);
    const upload = new Upload({ client: s3, params: { Bucket, Key: 'streamed', Body }, partSize: 5 * MiB });
    const { ETag } = await upload.done();
    assert.match(ETag ?? '', /-3"$/);
    assert.deepEqual(await read('streamed'), Buffer.concat([five, five, rest]));
  });

  it('have a composite checksum of their parts, or one of the whole object', async () => {
    const composite = await start('composite', { ChecksumAlgorithm: 'CRC32' });
    const parts = [await part('composite', composite, 1, five), await part('composite', composite, 2, rest)];
    const running = startChecksum('CRC32');
    for (const each of parts) running.update(Buffer.from(each.ChecksumCRC32 ?? '', 'base64'));
    const done = await complete('composite', composite, parts);
    assert.deepEqual([done.ChecksumCRC32, done.ChecksumType], [`${running.digest()}-2`, 'COMPOSITE']);

    const full = await start('full', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const fullParts = [await part('full', full, 1, five), await part('full', full, 2, rest)];
    const whole = startChecksum('CRC32');
    whole.update(Buffer.concat([five, rest]));
    await fails(complete('full', full, fullParts, { ChecksumCRC32: 'AAAAAA==' }), 'BadDigest', 400);
    const { ChecksumCRC32 } = await complete('full', full, fullParts, { ChecksumCRC32: whole.digest() });
    assert.equal(ChecksumCRC32, whole.digest());
  });

  it('refuse a small part before the last, unknown parts and the wrong order', async () => {
    const id = await start('wrong');
    const small = await part('wrong', id, 1, rest);
    const last = await part('wrong', id, 2, rest);
    await fails(complete('wrong', id, [small, last]), 'EntityTooSmall', 400);
    await fails(complete('wrong', id, [last, small]), 'InvalidPartOrder', 400);
    await fails(complete('wrong', id, [{ ...small, ETag: '"0"' }]), 'InvalidPart', 400);
    await fails(complete('wrong', id, [{ ...small, PartNumber: 3 }]), 'InvalidPart', 400);
    await fails(complete('wrong', id, []), 'MalformedXML', 400);
    await fails(part('wrong', id, 10_001, rest), 'InvalidArgument', 400);
    assert.equal((await complete('wrong', id, [small])).$metadata.httpStatusCode, 200);
  });

  it('keep the last of the bodies sent for a part, and only the parts that were chosen', async () => {
    const before = blobs();
    const id = await start('again');
    await part('again', id, 1, rest);
    const second = await part('again', id, 1, randomBytes(10));
    await part('again', id, 2, rest);
    await complete('again', id, [second]);
    assert.equal((await read('again')).length, 10);
    assert.equal(blobs(), before + 1);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'again' }));
    assert.equal(blobs(), before);
  });

  it('hold conditions when they are completed, and can be completed again after one failed', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'there', Body: 'x' }));
    const id = await start('there');
    const parts = [await part('there', id, 1, rest)];
    await fails(complete('there', id, parts, { IfNoneMatch: '*' }), 'PreconditionFailed', 412);
    await complete('there', id, parts);
    assert.deepEqual(await read('there'), rest);
    await fails(complete('there', id, parts), 'NoSuchUpload', 404);
  });

  it('are listed with their parts, and gone when aborted', async () => {
    const before = blobs();
    const [a, b] = [await start('list/a'), await start('list/b')];
    await part('list/a', a, 2, rest);
    await part('list/a', a, 1, rest);
    const uploads = () => s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'list/' }));
    assert.deepEqual(
      (await uploads()).Uploads?.map((each) => each.UploadId),
      [a, b],
    );
    const first = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'list/', MaxUploads: 1 }));
    const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = first;
    const second = await s3.send(
      new ListMultipartUploadsCommand({ Bucket, Prefix: 'list/', KeyMarker, UploadIdMarker }),
    );
    assert.deepEqual(
      second.Uploads?.map((each) => each.UploadId),
      [b],
    );
    const listed = await s3.send(new ListPartsCommand({ Bucket, Key: 'list/a', UploadId: a, MaxParts: 1 }));
    assert.deepEqual(
      listed.Parts?.map((each) => [each.PartNumber, each.Size]),
      [[1, 1000]],
    );
    assert.deepEqual([listed.IsTruncated, listed.NextPartNumberMarker], [true, '1']);
    await sandbox.restart();
    s3 = sandbox.s3();
    assert.equal((await uploads()).Uploads?.length, 2, 'uploads survive a restart');
    for (const [Key, UploadId] of [
      ['list/a', a],
      ['list/b', b],
    ]) {
      await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    }
    assert.equal((await uploads()).Uploads, undefined);
    assert.equal(blobs(), before);
    await fails(part('list/a', a, 1, rest), 'NoSuchUpload', 404);
  });

  it('can be made of ranges of other objects', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'source', Body: five }));
    const id = await start('assembled');
    const copyPart = async (PartNumber: number, CopySourceRange?: string) => {
      const input = {
        Bucket,
        Key: 'assembled',
        UploadId: id,
        PartNumber,
        CopySource: `${Bucket}/source`,
        CopySourceRange,
      };
      const { CopyPartResult } = await s3.send(new UploadPartCopyCommand(input));
      return { PartNumber, ETag: CopyPartResult?.ETag };
    };
    const parts = [await copyPart(1), await copyPart(2, 'bytes=100-199')];
    await fails(copyPart(3, `bytes=0-${5 * MiB}`), 'InvalidArgument', 400);
    await complete('assembled', id, parts);
    assert.deepEqual(await read('assembled'), Buffer.concat([five, five.subarray(100, 200)]));
  });
});
