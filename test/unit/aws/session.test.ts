import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { CreateModelCommand, DescribeEndpointCommand } from '@aws-sdk/client-sagemaker';
import { openSession } from '../../../src/aws/session';
import { Store } from '../../../src/aws/store';
import { WarmstartError } from '../../../src/errors';
import { awsFiles, callerIdentity, environment, fakeAws } from './real-http';

describe('a session', () => {
  it('reads its profile, calls the endpoint of that profile and signs with its keys', async () => {
    await using aws = await fakeAws();
    await using _ = await awsFiles({
      config: `[profile one]\nregion = eu-west-1\nendpoint_url = ${aws.url}\n`,
      credentials: '[one]\naws_access_key_id = AKIDONE\naws_secret_access_key = secret\n',
    });
    const session = await openSession(environment({ profile: 'one' }));
    assert.deepEqual(await session.whoAmI(), {
      accountId: '111111111111',
      arn: 'arn:aws:iam::111111111111:user/one',
    });
    assert.match(aws.requests[0]?.authorization ?? '', /Credential=AKIDONE\/\d{8}\/us-east-1\/sts/);
    session.close();
  });

  it('prefers the services section of the profile to its general endpoint', async () => {
    await using general = await fakeAws();
    await using special = await fakeAws();
    await using _ = await awsFiles({
      config: `[profile one]\nendpoint_url = ${general.url}\nservices = mine\n[services mine]\ns3 =\n  endpoint_url = ${special.url}\n`,
      credentials: '[one]\naws_access_key_id = AKIDONE\naws_secret_access_key = secret\n',
    });
    const session = await openSession(environment({ profile: 'one' }));
    await session.s3().send(new ListBucketsCommand({}));
    await session.whoAmI();
    assert.equal(special.requests.length, 1);
    assert.equal(general.requests.length, 1);
    session.close();
  });

  it('asks STS before the first write, once, and then writes', async () => {
    await using aws = await fakeAws();
    await using _ = await aws.profile('one');
    const session = await openSession(environment({ profile: 'one' }));
    const store = new Store(session);
    await Promise.all([store.put('a', 'x'), store.put('b', 'y')]);
    await store.put('c', 'z');
    assert.equal(aws.requests[0]?.operation, 'GetCallerIdentity');
    assert.deepEqual(aws.requests.map((r) => r.operation).sort(), ['GetCallerIdentity', 'PUT', 'PUT', 'PUT']);
    session.close();
  });

  it('does not ask before a read', async () => {
    await using aws = await fakeAws();
    await using _ = await aws.profile('one');
    const session = await openSession(environment({ profile: 'one' }));
    await session.s3().send(new ListBucketsCommand({}));
    assert.deepEqual(
      aws.requests.map((r) => r.operation),
      ['GET'],
    );
    session.close();
  });

  it('lets no write leave when the account is another one, and says which, whose and what to do', async () => {
    await using aws = await fakeAws();
    await using _ = await aws.profile('one');
    const session = await openSession(environment({ profile: 'one', accountId: '222222222222' }));
    const writes = [
      () => new Store(session).put('a', 'x'),
      () => session.sagemaker().send(new CreateModelCommand({ ModelName: 'm', ExecutionRoleArn: 'r' })),
    ];
    for (const write of writes)
      await assert.rejects(write, (error: unknown) => {
        assert.ok(error instanceof WarmstartError);
        assert.equal(error.code, 'aws.wrong-account');
        assert.equal(error.kind, 'refused');
        assert.match(error.message, /training.*222222222222.*profile "one".*111111111111/s);
        assert.match(error.remedy ?? '', /222222222222/);
        return true;
      });
    assert.deepEqual([...new Set(aws.requests.map((r) => r.operation))], ['GetCallerIdentity']);
    session.close();
  });

  it('says that the session has expired when there are no credentials to check the account with', async () => {
    await using _ = await awsFiles({
      config:
        '[profile one]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 111111111111\nsso_role_name = Reader\n',
      credentials: '',
    });
    const session = await openSession(environment({ profile: 'one' }));
    await assert.rejects(session.assertAccount(), {
      code: 'aws.session-expired',
      remedy: 'Run: aws sso login --profile one',
    });
    session.close();
  });

  it('checks again after a failed check', async () => {
    await using aws = await fakeAws();
    await using _ = await aws.profile('one');
    const session = await openSession(environment({ profile: 'one' }));
    aws.answer(
      'GetCallerIdentity',
      403,
      '<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>',
    );
    await assert.rejects(session.assertAccount(), { code: 'aws.session-expired' });
    aws.answer('GetCallerIdentity');
    await session.assertAccount();
    session.close();
  });

  it('checks again when the credentials were refreshed, since they may be those of another account by now', async () => {
    await using aws = await fakeAws();
    const keys = JSON.stringify({
      Version: 1,
      AccessKeyId: 'AKID#',
      SecretAccessKey: 's',
      Expiration: new Date(Date.now() + 60_000),
    });
    const script = `process.stdout.write(process.argv[1].replace('#', process.pid))`;
    await using files = await awsFiles({ config: '' });
    await writeFile(join(files.folder, 'keys.js'), script.replace('process.argv[1]', JSON.stringify(keys)));
    await writeFile(
      join(files.folder, 'config'),
      `[profile one]\nendpoint_url = ${aws.url}\ncredential_process = "${process.execPath}" "${join(files.folder, 'keys.js')}"\n`,
    );
    const store = new Store(await openSession(environment({ profile: 'one' })));
    await store.put('a', 'x');
    aws.answer('GetCallerIdentity', 200, callerIdentity('222222222222', 'other'));
    await assert.rejects(store.put('b', 'y'), { code: 'aws.wrong-account' });
    assert.equal(aws.requests.filter((r) => r.operation === 'PUT').length, 1);
    store.session.close();
  });

  it('rejects every call with an error of ours whose cause is the original', async () => {
    await using aws = await fakeAws();
    await using _ = await aws.profile('one');
    const session = await openSession(environment({ profile: 'one' }));
    aws.answer(
      'SageMaker.DescribeEndpoint',
      400,
      JSON.stringify({ __type: 'ValidationException', message: 'Could not find endpoint "x".' }),
    );
    await assert.rejects(
      session.sagemaker().send(new DescribeEndpointCommand({ EndpointName: 'x' })),
      (error: unknown) => {
        assert.ok(error instanceof WarmstartError);
        assert.equal(error.code, 'aws.not-found');
        assert.match(error.message, /DescribeEndpoint: Could not find endpoint "x"/);
        assert.ok(error.cause instanceof Error && error.cause.name === 'ValidationException');
        return true;
      },
    );
    session.close();
  });

  it('uses the default chain when this machine lacks the suggested profile, and refuses an unknown chosen one', async () => {
    await using aws = await fakeAws();
    await using _ = await aws.profile('other');
    const session = await openSession(environment({ profile: 'acme' }));
    assert.equal(session.identity.profile, undefined);
    await assert.rejects(openSession(environment({ profile: 'acme' }), { profile: 'nope' }), {
      code: 'aws.unknown-profile',
      remedy: 'Known: other.',
    });
    const chosen = await openSession(environment({ profile: 'acme' }), { profile: 'other' });
    assert.equal((await chosen.whoAmI()).accountId, '111111111111');
    session.close();
    chosen.close();
  });
});
