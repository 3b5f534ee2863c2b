import assert from 'node:assert/strict';
import { configuredEndpoint, listProfiles, readProfile } from '../../../src/aws/profiles';
import { awsFiles } from './real-http';

const config = `
[default]
region = eu-central-1
[profile keys]
region = us-east-1
endpoint_url = http://general
[profile role]
role_arn = arn:aws:iam::222222222222:role/Deployer
source_profile = keys
[profile sso]
sso_session = acme
sso_account_id = 333333333333
sso_role_name = DataScientist
services = local
[profile tool]
credential_process = /usr/bin/tool
[profile pod]
role_arn = arn:aws:iam::444444444444:role/Pod
web_identity_token_file = /var/token
[profile login]
login_session = arn:aws:iam::555555555555:user/me
[profile broken]
services = nowhere
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
[services local]
s3 =
  endpoint_url = http://s3-only
sagemaker_runtime =
  endpoint_url = http://runtime-only
`;
const credentials =
  '[keys]\naws_access_key_id = AKID\naws_secret_access_key = s3cr3t\n[only]\naws_access_key_id = A\naws_secret_access_key = B\n';

describe('AWS profiles', () => {
  it('are listed with their kind, region and account, without sso-session and services sections', async () => {
    await using _ = await awsFiles({ config, credentials });
    const profiles = await listProfiles();
    assert.deepEqual(
      profiles.map((p) => [p.name, p.kind, p.region, p.accountId]),
      [
        ['default', 'none', 'eu-central-1', undefined],
        ['keys', 'static', 'us-east-1', undefined],
        ['role', 'assume-role', undefined, '222222222222'],
        ['sso', 'sso', undefined, '333333333333'],
        ['tool', 'process', undefined, undefined],
        ['pod', 'web-identity', undefined, '444444444444'],
        ['login', 'login', undefined, undefined],
        ['broken', 'none', undefined, undefined],
        ['only', 'static', undefined, undefined],
      ],
    );
    assert.doesNotMatch(JSON.stringify(profiles), /s3cr3t/);
    assert.equal(await readProfile('nobody'), undefined);
  });

  it('are none when there are no files', async () => {
    await using _ = await awsFiles({ config: '', environment: { AWS_CONFIG_FILE: '/no/such/file' } });
    assert.deepEqual(await listProfiles(), []);
  });
});

describe('the endpoint of a service', () => {
  it('is that of the services section, then of the profile', async () => {
    await using _ = await awsFiles({ config, credentials });
    assert.equal(await configuredEndpoint('keys', 's3'), 'http://general');
    assert.equal(await configuredEndpoint('sso', 's3'), 'http://s3-only');
    assert.equal(await configuredEndpoint('sso', 'sagemaker_runtime'), 'http://runtime-only');
    assert.equal(await configuredEndpoint('sso', 'sagemaker'), undefined);
    assert.equal(await configuredEndpoint(undefined, 's3'), undefined);
  });

  it('is that of the environment before all, of the service before the general one', async () => {
    await using _ = await awsFiles({
      config,
      environment: { AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: 'http://logs' },
    });
    assert.equal(await configuredEndpoint('sso', 's3'), 'http://all');
    assert.equal(await configuredEndpoint('sso', 'cloudwatch_logs'), 'http://logs');
  });

  it("is AWS's own when configured ones are to be ignored", async () => {
    await using _ = await awsFiles({ config, environment: { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' } });
    assert.equal(await configuredEndpoint('keys', 's3'), undefined);
  });

  it('cannot be told when the services section is missing', async () => {
    await using _ = await awsFiles({ config });
    await assert.rejects(configuredEndpoint('broken', 's3'), { code: 'aws.services-section', kind: 'usage' });
  });
});
