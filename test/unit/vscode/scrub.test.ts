import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describeError } from '../../../src/vscode/engine-error';
import { scrub } from '../../../src/vscode/scrub';

const accessKey = 'AKIAIOSFODNN7EXAMPLE';
const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE4Ky';
const sessionToken = `IQoJb3JpZ2luX2VjE${'aB3/+'.repeat(60)}==`;

/** What a line may look like, and the secret that must not be in it any more. */
const hostile: [line: string, secret: string][] = [
  [`aws_access_key_id = ${accessKey}`, accessKey],
  [`ASIA key ASIAQWERTYUIOPASDFGH was refused`, 'ASIAQWERTYUIOPASDFGH'],
  [`aws_secret_access_key = ${secretKey}`, secretKey],
  [`AWS_SECRET_ACCESS_KEY="${secretKey}"`, secretKey],
  [`{"secretAccessKey":"${secretKey}","sessionToken":"${sessionToken}"}`, secretKey],
  [`{"secretAccessKey":"${secretKey}","sessionToken":"${sessionToken}"}`, sessionToken],
  [`{\\"SecretAccessKey\\":\\"${secretKey}\\"}`, secretKey],
  [`{ secretAccessKey: 'short-secret' }`, 'short-secret'],
  [`the secret ${secretKey} alone in a sentence`, secretKey],
  [`x-amz-security-token: ${sessionToken}`, sessionToken],
  [`token ${sessionToken} is invalid`, sessionToken],
  [`export AWS_SESSION_TOKEN=${sessionToken}`, sessionToken],
  [
    `Authorization: AWS4-HMAC-SHA256 Credential=${accessKey}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024`,
    'fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024',
  ],
  [`"authorization": "Bearer abc.def.ghi-0123"`, 'abc.def.ghi-0123'],
  ['sent Bearer eyJhbGciOiJIUzI1NiJ9.e30.abc', 'eyJhbGciOiJIUzI1NiJ9'],
  ['postgres://reader:h0rse@staple@dw.example.com:5432/dw?sslmode=require', 'h0rse'],
  ['postgres://reader:h0rse@staple@dw.example.com:5432/dw?sslmode=require', 'staple'],
  ['postgresql://reader:p%40ss%2Fword@[::1]:5432/dw', 'p%40ss%2Fword'],
  ['redshift://u:a/b:c@host/db', 'a/b:c'],
  ['https://user:ghp_token@github.example/x.git', 'ghp_token'],
  ["host=dw user=reader password='it''s a secret' dbname=dw", "it''s a secret"],
  ['host=dw user=reader password=hunter2 dbname=dw', 'hunter2'],
  ['PGPASSWORD=hunter2 psql', 'hunter2'],
  ['{"password":"with \\"quotes\\" inside"}', 'quotes'],
  ['password => "hunter2"', 'hunter2'],
  [
    `https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${accessKey}%2F20260101&X-Amz-Date=20260101T000000Z&X-Amz-Expires=900&X-Amz-Signature=0123456789abcdef&X-Amz-SignedHeaders=host`,
    '0123456789abcdef',
  ],
  [`https://b.s3.amazonaws.com/k?X-Amz-Security-Token=${encodeURIComponent(sessionToken)}&a=b`, 'aB3'],
  ['https://b.s3.amazonaws.com/k?AWSAccessKeyId=AKIDX&Signature=abc%2Fdef%3D&Expires=1', 'abc%2Fdef'],
  ['https://portal.sso.us-east-1.amazonaws.com/?access_token=abcdef123&x=1', 'abcdef123'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
  ['-----BEGIN PRIVATE KEY-----\nMIIEow cut off', 'MIIEow'],
];

/** What a log is read for and must stay. */
const harmless = [
  'session of "production" (account 333333333333, us-east-1)',
  'arn:aws:sagemaker:us-east-1:111111111111:model-package/flights-delay-atl/3',
  's3://warmstart-sandbox-training/models/flights/20260101T000000Z-abc123/delay-ord.tar.gz',
  'aws.session-expired: Run: aws sso login --profile acme-prod',
  'The password of the warehouse is not set.',
  'warmstart.retrain done in 12.3 s',
  'sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  '/home/somebody/project/models/flights/20260101/DelayModelForAtlantaAirport1',
  'http://127.0.0.1:4599/_sandbox/health',
  'warmstart.json:12:5: "accountId": twelve digits in quotes',
];

describe('the log’s scrubber', () => {
  for (const [line, secret] of hostile) {
    it(`hides ${secret.slice(0, 24)} in ${line.slice(0, 60).replaceAll('\n', ' ')}`, () => {
      assert.ok(line.includes(secret), 'the case is about something');
      assert.ok(!scrub(line).includes(secret), scrub(line));
    });
  }

  for (const line of harmless) {
    it(`leaves: ${line}`, () => assert.equal(scrub(line), line));
  }

  it('hides what stands anywhere in an error and its causes', () => {
    const cause = new Error(`connect postgres://reader:hunter2@dw/db with ${accessKey}`);
    const error = Object.assign(new Error('The export failed.', { cause }), {
      code: 'warehouse.failed',
      kind: 'failed',
    });
    const text = scrub(describeError(error));
    assert.match(text, /warehouse\.failed: The export failed\./);
    assert.match(text, /caused by/);
    assert.ok(!text.includes('hunter2') && !text.includes(accessKey), text);
  });

  it('hides a key, a password or a signature whatever stands around it', () => {
    const around = fc.string({ maxLength: 40 }).filter((text) => !/[A-Za-z0-9+/=@:]$/.test(text));
    const after = fc.constantFrom('', ' ', '\n', '"', "'", ',', ')', ']', '}', ';', '&x=1', ' and so on');
    fc.assert(
      fc.property(around, after, (before, end) => {
        assert.ok(!scrub(`${before} ${accessKey}${end}`).includes(accessKey));
        assert.ok(!scrub(`${before} aws_secret_access_key=${secretKey}${end}`).includes(secretKey));
        assert.ok(
          !scrub(`${before} https://h/k?X-Amz-Signature=0123456789abcdef${end}`).includes('0123456789abcdef'),
        );
        assert.ok(!scrub(`${before} postgres://u:hunter2@h/d${end}`).includes('hunter2'));
      }),
    );
  });

  it('is quick with long lines that nearly match', () => {
    for (const piece of ['a', 'password', '://', '?token=', '"', "'", 'A1b', '-----BEGIN ', 'x:', '@']) {
      const line = piece.repeat(Math.ceil(100_000 / piece.length));
      const start = performance.now();
      scrub(line);
      assert.ok(performance.now() - start < 1000, `${piece}: ${performance.now() - start} ms`);
    }
  });
});
