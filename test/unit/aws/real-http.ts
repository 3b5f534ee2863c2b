import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Environment } from '../../../src/project/project';

export interface Received {
  operation: string;
  authorization: string;
  url: string;
  body: string;
}

/** A server that answers STS truly for account 111111111111 and everything else as told, or with nothing at 200. */
export async function fakeAws() {
  const requests: Received[] = [];
  const answers = new Map<string, { status: number; body: string }>();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const action = /Action=(\w+)/.exec(body)?.[1];
    const operation = String(request.headers['x-amz-target'] ?? action ?? request.method);
    requests.push({
      operation,
      authorization: request.headers.authorization ?? '',
      url: request.url ?? '',
      body,
    });
    const told = answers.get(operation);
    response.statusCode = told?.status ?? 200;
    if (request.method === 'PUT') response.setHeader('etag', '"e"');
    response.end(
      told?.body ??
        (operation === 'GetCallerIdentity'
          ? callerIdentity(
              '111111111111',
              /Credential=AKID(\w+)/.exec(request.headers.authorization ?? '')?.[1]?.toLowerCase() ?? '',
            )
          : ''),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    /** Answers `operation` so from now on; as usual again when only the name is given. */
    answer(operation: string, status?: number, body = '') {
      if (status === undefined) answers.delete(operation);
      else answers.set(operation, { status, body });
    },
    /** AWS files with one profile that points here. */
    profile: (name: string) =>
      awsFiles({
        config: `[profile ${name}]\nendpoint_url = ${url}\n`,
        credentials: `[${name}]\naws_access_key_id = AKID${name.toUpperCase()}\naws_secret_access_key = secret\n`,
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function callerIdentity(accountId: string, user: string): string {
  return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::${accountId}:user/${user}</Arn><UserId>U</UserId><Account>${accountId}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;
}

/** Points the SDK at AWS files of our own, and away from everything of this machine, until disposed. */
export async function awsFiles(files: {
  config: string;
  credentials?: string;
  environment?: Record<string, string>;
}) {
  const folder = await mkdtemp(join(tmpdir(), 'warmstart-aws-'));
  await writeFile(join(folder, 'config'), files.config);
  await writeFile(join(folder, 'credentials'), files.credentials ?? '');
  const before = { ...process.env };
  for (const name of Object.keys(process.env))
    if (name.startsWith('AWS_') && !name.startsWith('AWS_SDK_JS_')) delete process.env[name];
  Object.assign(process.env, {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    ...files.environment,
  });
  return {
    folder,
    async [Symbol.asyncDispose]() {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function environment(own: Partial<Environment> = {}): Environment {
  return {
    name: 'training',
    accountId: '111111111111',
    region: 'us-east-1',
    bucket: 'acme-ds-ml',
    executionRoleArn: 'arn:aws:iam::111111111111:role/SageMaker',
    protected: false,
    promote: { requires: 'approved' },
    tags: {},
    ...own,
  };
}
