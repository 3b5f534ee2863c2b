import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListModelsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/core/protocols';
import { type Handler, ServiceError } from '../../../src/sandbox/service';
import { clientConfig, fails, type TestSandbox, testSandbox } from './harness';

const Bucket = 'front-door';

/** A service that fails the way its caller asks for. */
const failing: Handler = async (exchange) => {
  if (exchange.headers['x-amz-target'] === 'SageMaker.ListModels') {
    throw new ServiceError('ResourceInUse', 'Busy.', 400, {}, 'ListModels', { NameContains: 'x' });
  }
  throw new Error('a defect');
};

describe("the sandbox's front door", () => {
  let sandbox: TestSandbox;
  let stopped = 0;
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-record-'));
  const record = join(folder, 'requests.jsonl');

  before(async () => {
    const handlers = { sagemaker: failing };
    sandbox = await testSandbox({ record, handlers, onStop: () => stopped++ });
    await sandbox.s3().send(new CreateBucketCommand({ Bucket }));
  });
  after(async () => {
    await sandbox.end();
    rmSync(folder, { recursive: true });
  });

  const config = (over: object = {}) => ({ ...clientConfig(sandbox.url, 'training'), ...over });
  const credentials = (over: object) => config({ credentials: { ...config().credentials, ...over } });

  it('knows each account by its keys', async () => {
    for (const [account, id] of [
      ['training', '111111111111'],
      ['qa', '222222222222'],
      ['production', '333333333333'],
    ] as const) {
      const identity = await sandbox.sts(account).send(new GetCallerIdentityCommand({}));
      assert.equal(identity.Account, id);
      assert.equal(identity.Arn, `arn:aws:iam::${id}:user/sandbox`);
    }
  });

  describe('names a failed authentication as each service does', () => {
    const cases: [string, () => object, Record<'s3' | 'sts' | 'sagemaker', [string, number]>][] = [
      [
        'an unknown key',
        () => credentials({ accessKeyId: 'AKIAUNKNOWN000000000' }),
        {
          s3: ['InvalidAccessKeyId', 403],
          sts: ['InvalidClientTokenId', 403],
          sagemaker: ['UnrecognizedClientException', 400],
        },
      ],
      [
        'a wrong secret',
        () => credentials({ secretAccessKey: 'wrong' }),
        {
          s3: ['SignatureDoesNotMatch', 403],
          sts: ['SignatureDoesNotMatch', 403],
          sagemaker: ['InvalidSignatureException', 400],
        },
      ],
      [
        'a token that does not belong to the key',
        () => credentials({ sessionToken: 'wrong' }),
        {
          s3: ['InvalidToken', 400],
          sts: ['InvalidClientTokenId', 403],
          sagemaker: ['UnrecognizedClientException', 400],
        },
      ],
    ];
    for (const [what, over, names] of cases) {
      it(what, async () => {
        const [s3, sts, sagemaker] = [
          new S3Client(over()),
          new STSClient(over()),
          new SageMakerClient(over()),
        ];
        await fails(s3.send(new GetObjectCommand({ Bucket, Key: 'k' })), ...names.s3);
        await fails(sts.send(new GetCallerIdentityCommand({})), ...names.sts);
        await fails(sagemaker.send(new ListModelsCommand({})), ...names.sagemaker);
        for (const client of [s3, sts, sagemaker]) client.destroy();
      });
    }
  });

  it('tells clients whose clock is wrong the time, by which they correct it', async () => {
    const late = config({ systemClockOffset: 3_600_000 });
    const [s3, sts, sagemaker] = [new S3Client(late), new STSClient(late), new SageMakerClient(late)];
    const put = () => s3.send(new PutObjectCommand({ Bucket, Key: 'late', Body: 'x' }));
    await fails(put(), 'RequestTimeTooSkewed', 403);
    await put();
    const identify = () => sts.send(new GetCallerIdentityCommand({}));
    await fails(identify(), 'SignatureDoesNotMatch', 403);
    await identify();
    const list = () => sagemaker.send(new ListModelsCommand({}));
    await fails(list(), 'InvalidSignatureException', 400);
    await fails(list(), 'ResourceInUse', 400);
    for (const client of [s3, sts, sagemaker]) client.destroy();
  });

  it('refuses requests that nobody signed', async () => {
    const plain = await fetch(`${sandbox.url}/${Bucket}/k`);
    assert.equal(plain.status, 403);
    assert.match(await plain.text(), /<Code>AccessDenied<\/Code>/);
    const json = await fetch(sandbox.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'SageMaker.ListModels' },
      body: '{}',
    });
    assert.equal(((await json.json()) as { __type: string }).__type, 'MissingAuthenticationTokenException');
  });

  describe('presigned URLs', () => {
    const presign = async (
      method: string,
      key: string,
      expiresIn: number,
      headers = {},
      signingDate = new Date(),
    ) => {
      const signer = await sandbox
        .s3()
        .config.signer({ name: 'sigv4', signingName: 's3', signingRegion: 'us-east-1', properties: {} });
      assert.ok('presign' in signer && typeof signer.presign === 'function');
      const url = new URL(sandbox.url);
      const unsigned = new HttpRequest({
        method,
        protocol: 'http:',
        hostname: url.hostname,
        port: sandbox.port,
        path: `/${Bucket}/${key}`,
        headers: { host: url.host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...headers },
      });
      const signed: HttpRequest = await signer.presign(unsigned, { expiresIn, signingDate });
      return `${sandbox.url}${signed.path}?${new URLSearchParams(signed.query as Record<string, string>)}`;
    };

    it('write and read without credentials, with the headers that the URL carries', async () => {
      const put = await fetch(await presign('PUT', 'shared', 60, { 'x-amz-meta-from': 'url' }), {
        method: 'PUT',
        body: 'hello',
      });
      assert.equal(put.status, 200);
      const got = await fetch(await presign('GET', 'shared', 60));
      assert.equal(await got.text(), 'hello');
      assert.equal(got.headers.get('x-amz-meta-from'), 'url');
    });

    it('are good for one method and one key until they expire', async () => {
      const url = await presign('GET', 'shared', 60);
      assert.equal((await fetch(url, { method: 'DELETE' })).status, 403);
      assert.equal((await fetch(url.replace('shared', 'other'))).status, 403);
      const old = await fetch(await presign('GET', 'shared', 60, {}, new Date(Date.now() - 61_000)));
      assert.match(await old.text(), /<Code>AccessDenied<\/Code><Message>Request has expired</);
    });
  });

  it('finds the bucket in the host name too', async () => {
    const httpAgent = new Agent({
      lookup: (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    const s3 = new S3Client(
      config({ endpoint: `http://localhost:${sandbox.port}`, requestHandler: { httpAgent } }),
    );
    await s3.send(new PutObjectCommand({ Bucket, Key: 'hosted/key', Body: 'x' }));
    const got = await sandbox.s3().send(new GetObjectCommand({ Bucket, Key: 'hosted/key' }));
    assert.equal(await got.Body?.transformToString(), 'x');
    s3.destroy();
  });

  it('says what a service threw in the words of the service', async () => {
    const sagemaker = new SageMakerClient(config({ maxAttempts: 1 }));
    await fails(sagemaker.send(new ListModelsCommand({})), 'ResourceInUse', 400);
    sagemaker.destroy();
  });

  it('serves the next request on a connection whose last one was refused half way', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (method: string, path: string, body?: Buffer): Promise<number> =>
      new Promise((resolve, reject) => {
        const sent = httpRequest(`${sandbox.url}${path}`, { method, agent }, (response) => {
          response.resume().once('end', () => resolve(response.statusCode ?? 0));
        });
        sent.once('error', reject);
        sent.end(body);
      });
    assert.equal(await send('PUT', `/${Bucket}/refused`, Buffer.alloc(5_000_000)), 403);
    assert.equal(await send('GET', '/_sandbox/health'), 200);
    agent.destroy();
  });

  it('names every answer', async () => {
    const { $metadata } = await sandbox.s3().send(new GetObjectCommand({ Bucket, Key: 'late' }));
    assert.ok($metadata.requestId && $metadata.extendedRequestId);
    assert.ok((await sandbox.sts().send(new GetCallerIdentityCommand({}))).$metadata.requestId);
  });

  it('records each request before it is answered, with sizes in place of bodies', async () => {
    const Key = 'recorded';
    await sandbox
      .s3('training')
      .send(new PutObjectCommand({ Bucket, Key, Body: 'secret body', IfNoneMatch: '*' }));
    await fails(sandbox.s3('qa').send(new GetObjectCommand({ Bucket, Key })), 'AccessDenied', 403);
    const text = readFileSync(record, 'utf8');
    assert.ok(!text.includes('secret body'));
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [put, get] = lines.slice(-2).map(({ time, ...line }) => line);
    assert.deepEqual(put, {
      service: 's3',
      operation: 'PutObject',
      account: '111111111111',
      params: { Bucket, Key, IfNoneMatch: '*', ContentType: 'application/octet-stream', ContentLength: 11 },
      status: 200,
    });
    assert.deepEqual(get, {
      service: 's3',
      operation: 'GetObject',
      account: '222222222222',
      params: { Bucket, Key },
      status: 403,
      error: 'AccessDenied',
    });
    assert.ok(lines.some((line) => line.operation === 'ListModels' && line.params.NameContains === 'x'));
  });

  it('answers whether it lives, and stops, but not for a web page', async () => {
    const health = await fetch(`${sandbox.url}/_sandbox/health`);
    assert.deepEqual((await health.json()) as object, {
      status: 'ok',
      services: ['s3', 'sts', 'sagemaker'],
      pid: process.pid,
    });
    const stop = (headers = {}) => fetch(`${sandbox.url}/_sandbox/stop`, { method: 'POST', headers });
    assert.equal((await stop({ 'sec-fetch-site': 'cross-site' })).status, 403);
    assert.equal(stopped, 0);
    assert.equal((await stop()).status, 202);
    assert.equal(stopped, 1);
  });
});

describe('AssumeRole', () => {
  let sandbox: TestSandbox;
  before(async () => {
    sandbox = await testSandbox();
  });
  after(() => sandbox.end());

  const assume = (RoleArn: string, more: object = {}) =>
    sandbox.sts('training').send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'deploy', ...more }));
  const role = 'arn:aws:iam::222222222222:role/team/Deployer';

  it('hands out credentials of the other account that last and survive a restart', async () => {
    const { Credentials, AssumedRoleUser } = await assume(role, { ExternalId: 'x', DurationSeconds: 900 });
    const arn = 'arn:aws:sts::222222222222:assumed-role/Deployer/deploy';
    assert.equal(AssumedRoleUser?.Arn, arn);
    const lasts = (Credentials?.Expiration?.getTime() ?? 0) - Date.now();
    assert.ok(lasts > 890_000 && lasts <= 900_000);
    await sandbox.restart();
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const sts = new STSClient({ endpoint: sandbox.url, region: 'us-east-1', credentials });
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    assert.deepEqual(
      [identity.Account, identity.Arn, identity.UserId],
      ['222222222222', arn, AssumedRoleUser?.AssumedRoleId],
    );
    await fails(
      sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'chained', DurationSeconds: 3601 })),
      'ValidationError',
      400,
    );
    sts.destroy();
  });

  it('refuses what is no role, an account that does not exist, and durations out of range', async () => {
    await fails(assume('arn:aws:iam::222222222222:user/me'), 'ValidationError', 400);
    await fails(assume('arn:aws:iam::999999999999:role/Deployer'), 'AccessDenied', 403);
    await fails(assume(role, { DurationSeconds: 899 }), 'ValidationError', 400);
    await fails(assume(role, { RoleSessionName: 'a b' }), 'ValidationError', 400);
  });
});
