import assert from 'node:assert/strict';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as s3 from '@aws-sdk/client-s3';
import * as sagemaker from '@aws-sdk/client-sagemaker';
import * as runtime from '@aws-sdk/client-sagemaker-runtime';
import * as sts from '@aws-sdk/client-sts';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import type { Recorded, Served } from './served';

/** What each SDK module exports, by the service name that signs. */
const modules: Record<string, object[]> = {
  s3: [s3],
  sts: [sts],
  sagemaker: [sagemaker, runtime],
  monitoring: [cloudwatch],
  logs: [logs],
};

function inputOf({ service, operation }: Recorded): NormalizedSchema | undefined {
  const exported = (modules[service] ?? []).flatMap((each) => Object.entries(each));
  const schema: StaticOperationSchema | undefined = exported.find(([name]) => name === `${operation}$`)?.[1];
  return schema && NormalizedSchema.of(schema[4]);
}

/** Where a value is not what the API's schema says, as a path. */
function misfits(schema: NormalizedSchema, value: unknown, path: string): string[] {
  if (schema.isStructSchema()) {
    if (typeof value !== 'object' || value === null) return [path];
    const members = new Map([...schema.structIterator()]);
    return Object.entries(value).flatMap(([name, each]) => {
      const member = members.get(name);
      return member ? misfits(member, each, `${path}.${name}`) : [`${path}.${name}`];
    });
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return [path];
    return value.flatMap((each, i) => misfits(schema.getValueSchema(), each, `${path}[${i}]`));
  }
  if (schema.isMapSchema()) return typeof value === 'object' ? [] : [path];
  if (schema.isTimestampSchema()) return [];
  if (schema.isNumericSchema()) return typeof value === 'number' ? [] : [path];
  if (schema.isBooleanSchema()) return typeof value === 'boolean' ? [] : [path];
  if (schema.isStringSchema()) return typeof value === 'string' ? [] : [path];
  return [];
}

/** What `--record` wrote of everything that the clients did before. */
export function recordTests(served: Served): void {
  const calls = (operation: string) => served.recorded().filter((each) => each.operation === operation);

  it('names every request and its parameters as the API does', () => {
    const wrong = new Set<string>();
    for (const line of served.recorded()) {
      const input = inputOf(line);
      const place = `${line.service} ${line.operation}`;
      // Who was not let in named no operation yet; what the sandbox does not offer may have another name.
      if (line.account === undefined || line.status === 501) continue;
      if (!input) wrong.add(place);
      else for (const each of misfits(input, line.params, '')) wrong.add(`${place} ${each}`);
    }
    assert.deepEqual([...wrong], []);
  });

  it('names the account, the status and the error of each', () => {
    for (const { account, status, error, operation } of served.recorded()) {
      if (account === undefined) assert.ok(status >= 400, operation);
      else assert.match(account, /^\d{12}$/);
      assert.equal(error !== undefined, status >= 400, `${operation} ${status}`);
    }
  });

  it('holds what a request did, but not the content of objects or rows', async () => {
    const Bucket = 'warmstart-record-test';
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}/no/*` },
    });
    await served.s3.send(new s3.CreateBucketCommand({ Bucket }));
    await served.s3.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
    const VersioningConfiguration = { Status: 'Suspended' as const };
    await served.s3.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const Tagging = { TagSet: [{ Key: 'a', Value: 'b c' }] };
    const object = { Bucket, Key: 'k +ü' };
    await served.s3.send(new s3.PutObjectCommand({ ...object, Body: 'private', Metadata: { who: 'me' } }));
    await served.s3.send(new s3.PutObjectTaggingCommand({ ...object, Tagging }));
    await served.s3.send(new s3.ListObjectsV2Command({ Bucket, MaxKeys: 5, Delimiter: '/' }));
    const Delete = { Objects: [{ Key: 'k +ü' }, { Key: 'other', VersionId: 'null' }], Quiet: true };
    await served.s3.send(new s3.DeleteObjectsCommand({ Bucket, Delete }));
    const made = served.recorded().slice(-7);
    assert.deepEqual(
      made.map(({ operation, params }) => [operation, params]),
      [
        ['CreateBucket', { Bucket }],
        ['PutBucketPolicy', { Bucket, Policy }],
        ['PutBucketVersioning', { Bucket, VersioningConfiguration }],
        [
          'PutObject',
          { ...object, ContentType: 'application/octet-stream', ContentLength: 7, Metadata: { who: 'me' } },
        ],
        ['PutObjectTagging', { ...object, Tagging }],
        ['ListObjectsV2', { Bucket, MaxKeys: 5, Delimiter: '/' }],
        ['DeleteObjects', { Bucket, Delete }],
      ],
    );
    assert.ok(!JSON.stringify(served.recorded()).includes('private'));
    for (const { params } of calls('InvokeEndpoint')) assert.ok(!('Body' in params));
  });
}
