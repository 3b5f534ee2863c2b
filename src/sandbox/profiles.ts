import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AccountName, administrators } from './accounts';

/** Name of the AWS profile of each account. */
export const profileNames: Record<AccountName, string> = {
  training: 'sandbox-training',
  qa: 'sandbox-qa',
  production: 'sandbox-production',
};

/** Writes `<home>/aws/config` with one profile per account, all pointed at the sandbox, and answers its path. */
export function writeAwsConfig(home: string, endpoint: string): string {
  const folder = join(home, 'aws');
  const file = join(folder, 'config');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, awsConfig(endpoint));
  return file;
}

function awsConfig(endpoint: string): string {
  const profiles = Object.entries(profileNames).map(([account, profile]) => {
    const keys = administrators[account as AccountName];
    return [
      `[profile ${profile}]`,
      'region = us-east-1',
      `aws_access_key_id = ${keys.accessKeyId}`,
      `aws_secret_access_key = ${keys.secretAccessKey}`,
      `endpoint_url = ${endpoint}`,
      // boto3 would presign with Signature Version 2 otherwise.
      's3 =',
      '  signature_version = s3v4',
      '  addressing_style = path',
      '',
    ].join('\n');
  });
  return [
    '# Written by the sandbox at each start. These keys open nothing but the sandbox.',
    '',
    ...profiles,
  ].join('\n');
}
