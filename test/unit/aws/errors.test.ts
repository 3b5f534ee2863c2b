import assert from 'node:assert/strict';
import {
  awsNameOf,
  isAlreadyExists,
  isConflict,
  isNotFound,
  isPrecondition,
  isTransient,
  mapAwsError,
} from '../../../src/aws/errors';
import { Cancelled, WarmstartError } from '../../../src/errors';

const caller = { environment: 'qa', profile: 'acme-qa', accountId: '222222222222', region: 'us-east-1' };

function thrown(name: string, message: string, status?: number, more: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status }, ...more });
}

/** name · message · HTTP status → code, and what the remedy must say. */
const catalogue: [string, string, number | undefined, string, RegExp][] = [
  ['ValidationException', 'Could not find endpoint "arn:aws:…".', 400, 'aws.not-found', /222222222222.*"qa"/],
  ['ValidationException', 'Could not find model "arn".', 400, 'aws.not-found', /222222222222/],
  ['ValidationException', 'Requested resource not found.', 400, 'aws.not-found', /222222222222/],
  ['ResourceNotFound', "Amazon SageMaker can't find a tuning job", 400, 'aws.not-found', /222222222222/],
  ['NoSuchKey', 'The specified key does not exist.', 404, 'aws.not-found', /222222222222/],
  ['NotFound', 'UnknownError', 404, 'aws.not-found', /222222222222/],
  [
    'ValidationException',
    'Cannot create already existing endpoint configuration "arn"',
    400,
    'aws.already-exists',
    /name/,
  ],
  ['ResourceInUse', 'Tuning job exists', 400, 'aws.already-exists', /name/],
  ['ValidationException', 'Cannot update in-progress endpoint "arn".', 400, 'aws.in-progress', /Wait/],
  [
    'ValidationException',
    'The set of tunable plus static HyperParameter names is not the same across…',
    400,
    'aws.warm-start',
    /"warmStart": false/,
  ],
  [
    'ValidationException',
    'Could not access model data at s3://b/p/.',
    400,
    'aws.model-data',
    /s3:ListBucket/,
  ],
  [
    'ValidationException',
    'Could not assume role arn:aws:iam::1:role/x.',
    400,
    'aws.assume-role',
    /sagemaker\.amazonaws\.com/,
  ],
  ['ValidationException', '1 validation error detected', 400, 'aws.invalid-request', /222222222222/],
  [
    'AccessDeniedException',
    'User: arn:aws:sts::222222222222:assumed-role/DS/me is not authorized to perform: sagemaker:CreateModel on resource: arn:aws:sagemaker:us-east-1:222222222222:model/x because no identity-based policy allows the sagemaker:CreateModel action',
    400,
    'aws.access-denied',
    /sagemaker:CreateModel on arn:aws:sagemaker:us-east-1:222222222222:model\/x.*"acme-qa".*222222222222/,
  ],
  ['AccessDenied', 'Access Denied', 403, 'aws.access-denied', /the permission.*"acme-qa"/],
  ['403', 'UnknownError', 403, 'aws.access-denied', /"acme-qa"/],
  ['ThrottlingException', 'Rate exceeded', 400, 'aws.throttled', /222222222222/],
  ['SlowDown', 'Please reduce your request rate.', 503, 'aws.throttled', /Wait/],
  [
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    412,
    'aws.precondition',
    /again/,
  ],
  ['ConditionalRequestConflict', 'Conflict', 409, 'aws.precondition', /again/],
  ['ConflictException', 'Model package is being updated', 400, 'aws.conflict', /again/],
  [
    'ResourceLimitExceeded',
    "The account-level service limit 'ml.m5.large for endpoint usage' is 2 Instances",
    400,
    'aws.quota',
    /"ml\.m5\.large for endpoint usage".*222222222222/,
  ],
  [
    'ExpiredTokenException',
    'The security token included in the request is expired',
    400,
    'aws.session-expired',
    /aws sso login --profile acme-qa/,
  ],
  [
    'ExpiredToken',
    'The provided token has expired.',
    400,
    'aws.session-expired',
    /aws sso login --profile acme-qa/,
  ],
  [
    'CredentialsProviderError',
    'The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile.',
    undefined,
    'aws.session-expired',
    /aws sso login --profile acme-qa/,
  ],
  [
    'CredentialsProviderError',
    'Failed to load a token for session x, please re-authenticate using aws login',
    undefined,
    'aws.session-expired',
    /aws login --profile acme-qa/,
  ],
  [
    'CredentialsProviderError',
    'Could not load credentials from any providers',
    undefined,
    'aws.no-credentials',
    /222222222222/,
  ],
  [
    'CredentialsProviderError',
    'Profile x requires multi-factor authentication, but no MFA code callback was provided.',
    undefined,
    'aws.mfa-required',
    /terminal/,
  ],
  [
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
    400,
    'aws.invalid-credentials',
    /"acme-qa"/,
  ],
  ['SignatureDoesNotMatch', 'The request signature we calculated…', 403, 'aws.clock-or-secret', /clock/],
  ['ModelError', 'Received server error (500)', 424, 'aws.model-error', /columns/],
  ['ModelNotReadyException', 'Model is not ready', 429, 'aws.model-not-ready', /loading/],
  ['InternalFailure', 'Internal', 500, 'aws.unavailable', /minutes/],
  ['TimeoutError', 'socket timed out', undefined, 'aws.timeout', /us-east-1/],
  ['SomethingNew', 'Who knows', 418, 'aws.failed', /222222222222/],
];

describe('an error of AWS', () => {
  for (const [name, message, status, code, remedy] of catalogue)
    it(`${name} "${message.slice(0, 50)}" is ${code}`, () => {
      const original = thrown(name, message, status);
      const mapped = mapAwsError(original, caller, 'DoIt');
      assert.equal(mapped.code, code);
      assert.match(mapped.remedy ?? '', remedy);
      assert.equal(mapped.cause, original);
      assert.equal(mapped.message, `DoIt: ${message === 'UnknownError' ? name : message}`);
    });

  it('tells a wrong artifact from a wrong request by what the container said', () => {
    const error = thrown('ModelError', 'Received server error', 424, {
      OriginalMessage: 'Unable to load model: x',
    });
    assert.match(mapAwsError(error, caller).remedy ?? '', /container version/);
  });

  it('is a lost network when no connection came about, on IPv4 and IPv6 alike', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    assert.equal(mapAwsError(refused, caller).code, 'aws.network');
    assert.equal(mapAwsError(new AggregateError([refused, refused]), caller).code, 'aws.network');
    assert.equal(mapAwsError(new Error('fetch failed', { cause: refused }), caller).code, 'aws.network');
  });

  it('is no error at all when the person cancelled', () => {
    assert.ok(mapAwsError(thrown('AbortError', 'Request aborted'), caller) instanceof Cancelled);
  });

  it('passes through when it is ours already', () => {
    const ours = new WarmstartError('aws.wrong-account', 'x');
    assert.equal(mapAwsError(ours, caller), ours);
  });

  it('is recognised bare, mapped, and wrapped in an error of ours', () => {
    const missing = thrown('NoSuchKey', 'x', 404);
    const wrapped = new WarmstartError('release.failed', 'x', { cause: mapAwsError(missing, caller) });
    for (const error of [missing, mapAwsError(missing, caller), wrapped]) {
      assert.ok(isNotFound(error));
      assert.equal(awsNameOf(error), 'NoSuchKey');
      assert.ok(!isConflict(error) && !isTransient(error) && !isAlreadyExists(error));
    }
    assert.ok(isPrecondition(thrown('PreconditionFailed', 'x', 412)));
    assert.ok(isConflict(thrown('ConditionalRequestConflict', 'x', 409)));
    assert.ok(isAlreadyExists(thrown('BucketAlreadyOwnedByYou', 'x', 409)));
    assert.ok(isTransient(thrown('ThrottlingException', 'x', 400)));
    for (const other of [undefined, null, 'text', new Error('x')]) assert.ok(!isNotFound(other));
  });
});
