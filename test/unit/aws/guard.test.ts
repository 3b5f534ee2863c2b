import assert from 'node:assert/strict';
import * as s3 from '@aws-sdk/client-s3';
import * as sagemaker from '@aws-sdk/client-sagemaker';
import { isReadOnly } from '../../../src/aws/guard';

const commands = (client: object) => Object.keys(client).filter((name) => name.endsWith('Command'));

describe('the guard', () => {
  it('lets reads pass', () => {
    for (const name of [
      'DescribeEndpoint',
      'ListModelPackages',
      'BatchDescribeModelPackage',
      'Search',
      'GetObject',
      'HeadObject',
      'ListObjectsV2',
      'GetCallerIdentity',
      'GetMetricData',
      'FilterLogEvents',
      'InvokeEndpoint',
    ])
      assert.ok(isReadOnly(`${name}Command`), name);
  });

  it('holds every command of SageMaker and S3 whose name is a deed, and whatever it does not know', () => {
    const deed =
      /^(Create|Update|Delete|Put|Start|Stop|Add|Register|Deregister|Copy|Upload|Complete|Abort|Restore|Attach|Detach|Associate|Disassociate|Send|Retry|Import|Write|Rename|Enable|Disable|Extend|Batch(Add|Delete|Replace|Reboot))/;
    const deeds = [...commands(sagemaker), ...commands(s3)].filter((name) => deed.test(name));
    assert.ok(deeds.length > 250);
    assert.deepEqual(deeds.filter(isReadOnly), []);
    for (const name of ['InvokeEndpointAsyncCommand', 'unknown', '']) assert.ok(!isReadOnly(name), name);
  });
});
