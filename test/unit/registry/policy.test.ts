import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WarmstartError } from '../../../src/errors';
import { ensureGroup, ensureGroupReadable, groupArn, groupPolicy } from '../../../src/registry/groups';
import { bucketPolicy, partitionOf } from '../../../src/registry/policy';
import { awsError, clientOf } from '../tuning/client';
import { modelWith } from '../tuning/fixtures';
import { registry } from './fixtures';

const [qa, production] = ['222222222222', '333333333333'];
const root = (id: string) => `arn:aws:iam::${id}:root`;
const parsed = (text: string | undefined) => JSON.parse(text ?? 'null');

describe('resource policy of a package group', () => {
  it('lets the accounts that release read the group and its versions, and do nothing else', () => {
    const policy = parsed(groupPolicy(undefined, [production, qa, '111111111111'], registry, 'g'));
    assert.deepEqual(policy, {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'WarmstartReadGroup',
          Effect: 'Allow',
          Principal: { AWS: [root(qa), root(production)] },
          Action: [
            'sagemaker:DescribeModelPackageGroup',
            'sagemaker:DescribeModelPackage',
            'sagemaker:ListModelPackages',
          ],
          Resource: 'arn:aws:sagemaker:us-east-1:111111111111:model-package-group/g',
        },
        {
          Sid: 'WarmstartReadVersions',
          Effect: 'Allow',
          Principal: { AWS: [root(qa), root(production)] },
          Action: ['sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages'],
          Resource: 'arn:aws:sagemaker:us-east-1:111111111111:model-package/g/*',
        },
      ],
    });
  });

  it('is left alone when it says so already, even as AWS writes it back', () => {
    const once = groupPolicy(undefined, [qa], registry, 'g');
    assert.equal(groupPolicy(once, [qa], registry, 'g'), once);
    const rewritten = JSON.stringify({
      Statement: parsed(once).Statement.map((s: { Principal: { AWS: string[] }; Action: string[] }) => ({
        ...s,
        Principal: { AWS: s.Principal.AWS[0] },
        Action: [...s.Action].reverse(),
      })),
      Version: '2012-10-17',
    });
    assert.equal(groupPolicy(rewritten, [qa], registry, 'g'), rewritten);
  });

  it("keeps others' statements and accounts that were granted before", () => {
    const theirs = {
      Sid: 'Theirs',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sagemaker:DeleteModelPackage',
      Resource: '*',
    };
    const before = JSON.stringify({ Version: '2012-10-17', Id: 'kept', Statement: theirs });
    const first = groupPolicy(before, [qa], registry, 'g');
    const second = parsed(groupPolicy(first, [production], registry, 'g'));
    assert.equal(second.Id, 'kept');
    assert.deepEqual(second.Statement[0], theirs);
    assert.deepEqual(second.Statement[1].Principal.AWS, [root(qa), root(production)]);
    assert.equal(second.Statement.length, 3);
  });

  it('does not replace a policy that it cannot read', () => {
    for (const text of ['{', '[]', '{"Statement":"x"}', 'null']) {
      assert.throws(
        () => groupPolicy(text, [qa], registry, 'g'),
        (e) => e instanceof WarmstartError && e.code === 'registry.policy-unreadable',
        text,
      );
    }
  });

  it('needs nothing when nobody else reads', () => {
    assert.equal(groupPolicy(undefined, ['111111111111'], registry, 'g'), undefined);
    assert.equal(bucketPolicy(undefined, [], 'b', 'us-east-1'), undefined);
  });

  it('is the same whoever asks in whatever order, once or again', () => {
    const accounts = fc.array(fc.stringMatching(/^[2-9]\d{11}$/), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(accounts, (list) => {
        const once = groupPolicy(undefined, list, registry, 'g');
        assert.equal(groupPolicy(undefined, [...list].reverse(), registry, 'g'), once);
        assert.equal(groupPolicy(once, list.slice(1), registry, 'g'), once);
        const stepwise = list.reduce<string | undefined>(
          (policy, id) => groupPolicy(policy, [id], registry, 'g'),
          undefined,
        );
        assert.deepEqual(parsed(stepwise), parsed(once));
      }),
    );
  });

  it('names the partition of the region', () => {
    assert.deepEqual(
      ['us-east-1', 'cn-north-1', 'us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1'].map(partitionOf),
      ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b'],
    );
    assert.equal(
      groupArn({ accountId: qa, region: 'cn-north-1' }, 'g'),
      `arn:aws-cn:sagemaker:cn-north-1:${qa}:model-package-group/g`,
    );
  });
});

describe('bucket policy', () => {
  it('lets accounts copy artifacts, read evaluations and tell missing from denied', () => {
    const [read, list] = parsed(bucketPolicy(undefined, [qa], 'acme-ml', 'us-east-1')).Statement;
    assert.deepEqual(read.Resource, ['arn:aws:s3:::acme-ml/output/*', 'arn:aws:s3:::acme-ml/evaluations/*']);
    assert.deepEqual(read.Action, ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging']);
    assert.deepEqual([list.Action, list.Resource], [['s3:ListBucket'], 'arn:aws:s3:::acme-ml']);
  });
});

describe('package group', () => {
  const { model } = modelWith();
  const missing = () => {
    throw awsError('ValidationException', 'ModelPackageGroup flights-delay-ord does not exist.');
  };

  it('is created with a description and tags when there is none', async () => {
    const { client, sent } = clientOf({
      DescribeModelPackageGroup: missing,
      CreateModelPackageGroup: () => ({}),
    });
    assert.deepEqual(await ensureGroup(client, model, registry), { created: true });
    assert.deepEqual(sent[1]?.input, {
      ModelPackageGroupName: 'flights-delay-ord',
      ModelPackageGroupDescription: 'Versions of the model delay-ord of layer flights.',
      Tags: [
        { Key: 'warmstart:model', Value: 'delay-ord' },
        { Key: 'warmstart:layer', Value: 'flights' },
      ],
    });
  });

  it('is found when it is there, or when another run was faster', async () => {
    assert.deepEqual(
      await ensureGroup(clientOf({ DescribeModelPackageGroup: () => ({}) }).client, model, registry),
      { created: false },
    );
    let looks = 0;
    const raced = clientOf({
      DescribeModelPackageGroup: () => (looks++ === 0 ? missing() : {}),
      CreateModelPackageGroup: () => {
        throw awsError('ValidationException', 'Model Package Group already exists');
      },
    });
    assert.deepEqual(await ensureGroup(raced.client, model, registry), { created: false });
  });

  it('is made readable once: the policy is read, merged and put only when something is missing', async () => {
    let policy: string | undefined;
    const { client, sent } = clientOf({
      GetModelPackageGroupPolicy: () => {
        if (policy === undefined)
          throw awsError('ValidationException', 'Cannot find resource policy for: arn');
        return { ResourcePolicy: policy };
      },
      PutModelPackageGroupPolicy: (input) => {
        policy = String(input.ResourcePolicy);
        return {};
      },
    });
    assert.deepEqual(await ensureGroupReadable(client, registry, 'g', [qa]), { changed: true });
    assert.deepEqual(await ensureGroupReadable(client, registry, 'g', [qa]), { changed: false });
    assert.equal(sent.filter((s) => s.operation === 'PutModelPackageGroupPolicy').length, 1);
  });

  it('keeps the policy when it could not be read', async () => {
    const { client, sent } = clientOf({
      GetModelPackageGroupPolicy: () => {
        throw awsError('AccessDeniedException', 'not authorized');
      },
    });
    await assert.rejects(ensureGroupReadable(client, registry, 'g', [qa]), /not authorized/);
    assert.equal(sent.length, 1);
  });
});
