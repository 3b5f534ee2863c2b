import assert from 'node:assert/strict';
import type { CreateModelPackageInput } from '@aws-sdk/client-sagemaker';
import {
  BatchDescribeModelPackageCommand,
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DeleteModelPackageCommand,
  DeleteModelPackageGroupCommand,
  DescribeModelPackageCommand,
  DescribeModelPackageGroupCommand,
  GetModelPackageGroupPolicyCommand,
  ListModelPackagesCommand,
  PutModelPackageGroupPolicyCommand,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import type { Harness } from './sagemaker-harness';
import { bucket, image, put, startHarness } from './sagemaker-harness';

const arnOf = (name: string) => `arn:aws:sagemaker:us-east-1:111111111111:model-package/${name}`;
const groupArn = 'arn:aws:sagemaker:us-east-1:111111111111:model-package-group/Flights';

describe('sandbox model registry', () => {
  let harness: Harness;

  before(async () => {
    harness = await startHarness();
    await put(harness, 'output/job/model.tar.gz', 'artifact');
    await group('Flights');
  });
  after(() => harness.stop());

  async function group(name: string): Promise<void> {
    await harness.sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: name }));
  }

  async function register(name: string, more: Partial<CreateModelPackageInput> = {}): Promise<string> {
    const { ModelPackageArn } = await harness.sagemaker.send(
      new CreateModelPackageCommand({
        ModelPackageGroupName: name,
        InferenceSpecification: {
          Containers: [{ Image: image, ModelDataUrl: `s3://${bucket}/output/job/model.tar.gz` }],
          SupportedContentTypes: ['text/csv'],
          SupportedResponseMIMETypes: ['text/csv'],
        },
        ...more,
      }),
    );
    return ModelPackageArn ?? '';
  }

  const described = (arn: string) =>
    harness.sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));

  it('numbers versions, fills in digest and ETag, and completes', async () => {
    const first = await register('Flights', { CustomerMetadataProperties: { trainingJob: 'job-1' } });
    assert.equal(first, arnOf('Flights/1'));
    const created = await described(first);
    assert.equal(created.ModelApprovalStatus, 'PendingManualApproval');
    assert.equal(created.ModelPackageVersion, 1);
    const container = created.InferenceSpecification?.Containers?.[0];
    assert.match(container?.ImageDigest ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.equal(container?.ModelDataETag, '8e5b948a454515dbabfc7eb718daa52f');
    while ((await described(first)).ModelPackageStatus !== 'Completed');
    assert.equal(await register('Flights'), arnOf('Flights/2'));
  });

  it('answers a repeated client token with the same version', async () => {
    await group('Idempotent');
    const [one, two] = [
      await register('Idempotent', { ClientToken: 'run-1' }),
      await register('Idempotent', { ClientToken: 'run-1' }),
    ];
    assert.equal(one, two);
    assert.notEqual(await register('Idempotent', { ClientToken: 'run-2' }), one);
  });

  it('updates approval and merges metadata', async () => {
    await group('Update');
    const arn = await register('Update', {
      CustomerMetadataProperties: { keep: '1', change: '1', drop: '1' },
    });
    await harness.sagemaker.send(
      new UpdateModelPackageCommand({
        ModelPackageArn: arn,
        ModelApprovalStatus: 'Approved',
        ApprovalDescription: 'Better on the holdout.',
        CustomerMetadataProperties: { change: '2', add: 'a b_c.d:e/f=g+h-i@j' },
        CustomerMetadataPropertiesToRemove: ['drop'],
      }),
    );
    const after = await described(arn);
    assert.equal(after.ModelApprovalStatus, 'Approved');
    assert.equal(after.ApprovalDescription, 'Better on the holdout.');
    assert.deepEqual(after.CustomerMetadataProperties, {
      keep: '1',
      change: '2',
      add: 'a b_c.d:e/f=g+h-i@j',
    });
    assert.equal(after.LastModifiedBy?.IamIdentity?.Arn, 'arn:aws:iam::111111111111:user/sandbox');
    await assert.rejects(
      harness.sagemaker.send(
        new UpdateModelPackageCommand({
          ModelPackageArn: arn,
          CustomerMetadataProperties: { json: '{"no":"braces"}' },
        }),
      ),
      { name: 'ValidationException', message: /Map value must satisfy constraint/ },
    );
  });

  it('lists a group oldest first by default, filters, pages, and hides versions from a bare list', async () => {
    await group('List');
    for (let i = 0; i < 3; i++)
      await register('List', { ModelApprovalStatus: i === 1 ? 'Approved' : 'Rejected' });
    const list = async (input: object) =>
      (await harness.sagemaker.send(new ListModelPackagesCommand(input))).ModelPackageSummaryList?.map(
        (each) => each.ModelPackageVersion,
      );
    assert.deepEqual(await list({ ModelPackageGroupName: 'List' }), [1, 2, 3]);
    assert.deepEqual(await list({ ModelPackageGroupName: 'List', SortOrder: 'Descending' }), [3, 2, 1]);
    assert.deepEqual(await list({ ModelPackageGroupName: 'List', ModelApprovalStatus: 'Approved' }), [2]);
    assert.deepEqual(await list({ ModelPackageGroupName: 'List', MaxResults: 2 }), [1, 2]);
    assert.deepEqual(await list({}), []);
  });

  it('refuses tags on versions, unreadable artifacts and unknown groups', async () => {
    await assert.rejects(register('Flights', { Tags: [{ Key: 'a', Value: 'b' }] }), /Tags are not supported/);
    await assert.rejects(
      register('Flights', {
        InferenceSpecification: {
          Containers: [{ Image: image, ModelDataUrl: `s3://${bucket}/none.tar.gz` }],
        },
      }),
      { name: 'ValidationException', message: /Could not find model data/ },
    );
    await assert.rejects(register('Unknown'), {
      message:
        'ModelPackageGroup arn:aws:sagemaker:us-east-1:111111111111:model-package-group/Unknown does not exist.',
    });
  });

  it('describes in batches, with errors beside answers', async () => {
    const { ModelPackageSummaries, BatchDescribeModelPackageErrorMap } = await harness.sagemaker.send(
      new BatchDescribeModelPackageCommand({
        ModelPackageArnList: [arnOf('Flights/1'), arnOf('Flights/99')],
      }),
    );
    assert.equal(ModelPackageSummaries?.[arnOf('Flights/1')]?.ModelPackageVersion, 1);
    assert.equal(BatchDescribeModelPackageErrorMap?.[arnOf('Flights/99')]?.ErrorCode, 'ValidationException');
  });

  it('deletes a group only when empty, and never uses a number again', async () => {
    await group('Delete');
    await register('Delete');
    const remove = () =>
      harness.sagemaker.send(new DeleteModelPackageGroupCommand({ ModelPackageGroupName: 'Delete' }));
    await assert.rejects(remove(), { name: 'ConflictException' });
    await harness.sagemaker.send(new DeleteModelPackageCommand({ ModelPackageName: arnOf('Delete/1') }));
    assert.equal(await register('Delete'), arnOf('Delete/2'));
    await harness.sagemaker.send(new DeleteModelPackageCommand({ ModelPackageName: arnOf('Delete/2') }));
    await remove();
  });

  it('opens a group to another account by its policy only', async () => {
    const qa = harness.as('qa').sagemaker;
    const list = () => qa.send(new ListModelPackagesCommand({ ModelPackageGroupName: groupArn }));
    const describePackage = () =>
      qa.send(new DescribeModelPackageCommand({ ModelPackageName: arnOf('Flights/1') }));
    const get = () =>
      harness.sagemaker.send(new GetModelPackageGroupPolicyCommand({ ModelPackageGroupName: 'Flights' }));
    await assert.rejects(get(), { name: 'ValidationException', message: /Cannot find resource policy/ });
    await assert.rejects(describePackage(), {
      name: 'AccessDeniedException',
      message:
        'User: arn:aws:iam::222222222222:user/sandbox is not authorized to perform: sagemaker:DescribeModelPackage ' +
        `on resource: ${arnOf('Flights/1')} because no resource-based policy allows the ` +
        'sagemaker:DescribeModelPackage action',
    });
    await harness.sagemaker.send(
      new PutModelPackageGroupPolicyCommand({
        ModelPackageGroupName: 'Flights',
        ResourcePolicy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: 'arn:aws:iam::222222222222:root' },
              Action: ['sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages'],
              Resource: arnOf('Flights/*'),
            },
          ],
        }),
      }),
    );
    assert.equal((await describePackage()).ModelPackageVersion, 1);
    assert.ok((await list()).ModelPackageSummaryList?.length);
    await assert.rejects(qa.send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName: groupArn })), {
      name: 'AccessDeniedException',
    });
    const production = harness.as('production').sagemaker;
    await assert.rejects(production.send(new ListModelPackagesCommand({ ModelPackageGroupName: groupArn })), {
      name: 'AccessDeniedException',
    });
    assert.match((await get()).ResourcePolicy ?? '', /222222222222/);
  });
});
