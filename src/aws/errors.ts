import { Cancelled, type ErrorKind, messageOf, WarmstartError } from '../errors';

/** Who called; every remedy names it. Never holds a secret. */
export interface Caller {
  environment: string;
  profile: string | undefined;
  accountId: string;
  region: string;
}

/** The parts of an SDK error that tell what it means. */
interface Facts {
  name: string;
  message: string;
  status: number | undefined;
  /** Node's code of a failed connection, such as ECONNREFUSED. */
  system: string | undefined;
}

interface Rule {
  code: string;
  when: (facts: Facts) => boolean;
  kind?: ErrorKind;
  remedy: (facts: Facts, caller: Caller) => string;
}

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
const THROTTLING =
  /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded|SlowDown|BandwidthLimitExceeded|RequestThrottled|RequestThrottledException)$/;

const profileOf = (caller: Caller) =>
  caller.profile ? `profile "${caller.profile}"` : 'the default AWS credentials';
/** The catalogue, first match wins. Names and message fragments as AWS and its SDK give them. */
const RULES: Rule[] = [
  {
    code: 'aws.mfa-required',
    when: ({ name, message }) => name === 'CredentialsProviderError' && /multi-factor/.test(message),
    remedy: (_, caller) =>
      `Sign in with ${profileOf(caller)} where a code can be asked for: a terminal or VS Code.`,
  },
  {
    code: 'aws.session-expired',
    when: ({ name, message }) =>
      /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenProviderError)$/.test(name) ||
      (/^(CredentialsProviderError|UnauthorizedException)$/.test(name) &&
        /sso|expired|re-?authenticate|aws login/i.test(message)),
    remedy: ({ message }, caller) => {
      if (/credential_process/.test(message))
        return `Renew what the program of ${profileOf(caller)} hands out.`;
      const login = /aws login/.test(message) ? 'aws login' : 'aws sso login';
      return `Run: ${login}${caller.profile ? ` --profile ${caller.profile}` : ''}`;
    },
  },
  {
    code: 'aws.no-credentials',
    when: ({ name }) => name === 'CredentialsProviderError',
    remedy: (_, caller) =>
      `Choose an AWS profile for "${caller.environment}" (account ${caller.accountId}) or set one up with: aws configure sso`,
  },
  {
    code: 'aws.invalid-credentials',
    when: ({ name }) =>
      /^(UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|AuthFailure|InvalidToken)$/.test(
        name,
      ),
    remedy: (_, caller) =>
      `AWS does not know the keys of ${profileOf(caller)}; renew them or choose another profile.`,
  },
  {
    code: 'aws.clock-or-secret',
    when: ({ name }) => /^(InvalidSignatureException|SignatureDoesNotMatch|RequestTimeTooSkewed)$/.test(name),
    remedy: (_, caller) => `Check this machine's clock, then the secret key of ${profileOf(caller)}.`,
  },
  {
    code: 'aws.assume-role',
    when: ({ message }) => /could not assume role|unable to assume role/i.test(message),
    remedy: (_, caller) =>
      `The execution role must exist in account ${caller.accountId} and trust sagemaker.amazonaws.com; a new role takes a minute to be known.`,
  },
  {
    code: 'aws.model-data',
    when: ({ message }) => /could not access model data/i.test(message),
    remedy: () =>
      'Give the execution role s3:GetObject and s3:ListBucket on that prefix; the bucket must be in the same region.',
  },
  {
    code: 'aws.access-denied',
    when: ({ name, status }) =>
      /^(AccessDenied|AccessDeniedException|Forbidden|403)$/.test(name) || status === 403,
    remedy: ({ message }, caller) => {
      const action = /to perform:? ([\w-]+:\w+)/.exec(message)?.[1];
      const resource = /on resource:? (?:")?(arn:[^\s"]+)/.exec(message)?.[1];
      return `Ask for ${action ?? 'the permission'}${resource ? ` on ${resource}` : ''} for ${profileOf(caller)} in account ${caller.accountId}.`;
    },
  },
  {
    code: 'aws.throttled',
    when: ({ name, status }) =>
      THROTTLING.test(name) || (status === 429 && name !== 'ModelNotReadyException'),
    remedy: (_, caller) =>
      `AWS limits the rate of calls in account ${caller.accountId}, ${caller.region}. Wait a minute and try again.`,
  },
  {
    code: 'aws.precondition',
    when: ({ name, status }) =>
      /^(PreconditionFailed|ConditionalRequestConflict)$/.test(name) || status === 412,
    remedy: () => 'Somebody else changed the object meanwhile. Run the command again.',
  },
  {
    code: 'aws.quota',
    when: ({ name }) =>
      /^(ResourceLimitExceeded|ServiceQuotaExceededException|LimitExceededException|TooManyBuckets)$/.test(
        name,
      ),
    remedy: ({ message }, caller) => {
      const quota = /service limit '([^']+)'/.exec(message)?.[1];
      return `Ask for more${quota ? ` "${quota}"` : ''} in Service Quotas of account ${caller.accountId}, ${caller.region}, or use less.`;
    },
  },
  {
    code: 'aws.already-exists',
    when: ({ name, message }) =>
      /^(ResourceInUse|BucketAlreadyOwnedByYou|BucketAlreadyExists|EntityAlreadyExists)$/.test(name) ||
      /already exist/i.test(message),
    remedy: (_, caller) => `Use the existing one in account ${caller.accountId} or another name.`,
  },
  {
    code: 'aws.in-progress',
    when: ({ message }) => /cannot update in-progress|is in progress|cannot be updated while/i.test(message),
    kind: 'refused',
    remedy: () => 'Wait until the update that is under way has ended, then try again.',
  },
  {
    code: 'aws.conflict',
    when: ({ name, status }) =>
      /^(ConflictException|OperationAborted|ConcurrentModificationException)$/.test(name) || status === 409,
    remedy: () => 'Somebody else changed it at the same time. Try again.',
  },
  {
    code: 'aws.not-found',
    when: ({ name, message, status }) =>
      /^(ResourceNotFound|ResourceNotFoundException|NotFound|NoSuchKey|NoSuchBucket|NoSuchVersion|NoSuchUpload)$/.test(
        name,
      ) ||
      (name === 'ValidationException' &&
        /could not find|requested resource not found|can't find|does not exist/i.test(message)) ||
      (name === 'ValidationError' && /endpoint .* not found/i.test(message)) ||
      status === 404,
    remedy: (_, caller) =>
      `Check that it exists in account ${caller.accountId}, ${caller.region} (environment "${caller.environment}").`,
  },
  {
    code: 'aws.warm-start',
    when: ({ message }) =>
      /set of tunable plus static|fields in TrainingJobDefinition are allowed to change/i.test(message),
    remedy: () =>
      'Keep the hyperparameter names and the job definition of the parent, or start cold with "warmStart": false.',
  },
  {
    code: 'aws.model-not-ready',
    when: ({ name }) => name === 'ModelNotReadyException',
    remedy: () => 'The endpoint is still loading the model; try again in a minute.',
  },
  {
    code: 'aws.model-error',
    when: ({ name }) => name === 'ModelError',
    remedy: ({ message }) =>
      /unable to load model/i.test(message)
        ? "The artifact was written by another container version than the endpoint's; release a model of the same version."
        : 'Read the endpoint log; the columns of the request must be the features the model was trained with, in order.',
  },
  {
    code: 'aws.timeout',
    when: ({ name }) => name === 'TimeoutError' || name === 'RequestTimeout',
    remedy: (_, caller) =>
      `AWS in ${caller.region} did not answer in time; check the network or proxy and try again.`,
  },
  {
    code: 'aws.network',
    when: ({ system, name }) => (system !== undefined && NETWORK.has(system)) || name === 'NetworkingError',
    remedy: (_, caller) => `Check the network, the proxy and the endpoint URL of ${profileOf(caller)}.`,
  },
  {
    code: 'aws.unavailable',
    when: ({ name, status }) =>
      (status !== undefined && status >= 500) ||
      /^(InternalFailure|InternalError|ServiceUnavailable)$/.test(name),
    remedy: () => 'AWS had a failure of its own; try again in a few minutes.',
  },
  {
    code: 'aws.invalid-request',
    when: ({ name, status }) => /^Validation/.test(name) || status === 400,
    remedy: (_, caller) => `Correct what AWS names, in warmstart.json or in account ${caller.accountId}.`,
  },
];

/**
 * Any error of the SDK as ours: `code` by the catalogue above, AWS's own words as the message, `cause` the original.
 * Errors of ours pass through; an aborted request is {@link Cancelled}.
 */
export function mapAwsError(error: unknown, caller: Caller, operation?: string): WarmstartError {
  if (error instanceof WarmstartError) return error;
  const facts = factsOf(error);
  if (facts.name === 'AbortError') return new Cancelled();
  const rule = RULES.find((candidate) => candidate.when(facts));
  const what = facts.message && facts.message !== 'UnknownError' ? facts.message : facts.name;
  return new WarmstartError(rule?.code ?? 'aws.failed', operation ? `${operation}: ${what}` : what, {
    kind: rule?.kind ?? 'failed',
    remedy: rule?.remedy(facts, caller) ?? `It happened in account ${caller.accountId}, ${caller.region}.`,
    cause: error,
  });
}

/** The thing asked for is not there: SageMaker's ValidationException "Could not find …", S3's NoSuchKey, any 404. */
export const isNotFound = (error: unknown): boolean => hasCode(error, 'aws.not-found');
/** A name is taken: ResourceInUse, "Cannot create already existing …". */
export const isAlreadyExists = (error: unknown): boolean => hasCode(error, 'aws.already-exists');
/** Somebody else changed it meanwhile: a conditional S3 write (412, 409), the registry's ConflictException. */
export const isConflict = (error: unknown): boolean => hasCode(error, 'aws.precondition', 'aws.conflict');
export const isPrecondition = (error: unknown): boolean => hasCode(error, 'aws.precondition');
export const isAccessDenied = (error: unknown): boolean => hasCode(error, 'aws.access-denied');
/** Worth asking again: throttling, network, time-out, AWS's own 5xx. */
export const isTransient = (error: unknown): boolean =>
  hasCode(error, 'aws.throttled', 'aws.network', 'aws.timeout', 'aws.unavailable');

/** The name that AWS gave the error, such as `NoSuchKey`, looked for along the chain of causes. */
export function awsNameOf(error: unknown): string | undefined {
  const original = originalOf(error);
  return original instanceof Error ? original.name : undefined;
}

const NOBODY: Caller = { environment: '', profile: undefined, accountId: '', region: '' };

function hasCode(error: unknown, ...codes: string[]): boolean {
  if (error === undefined || error === null) return false;
  const mapped = mapAwsError(error, NOBODY);
  if (codes.includes(mapped.code)) return true;
  return error instanceof WarmstartError && hasCode(error.cause, ...codes);
}

function originalOf(error: unknown): unknown {
  return error instanceof WarmstartError && error.cause !== undefined ? originalOf(error.cause) : error;
}

function factsOf(error: unknown): Facts {
  if (!(error instanceof Error))
    return { name: 'Error', message: messageOf(error), status: undefined, system: undefined };
  const metadata = field(error, '$metadata');
  const status = field(metadata, 'httpStatusCode');
  const original = field(error, 'OriginalMessage');
  return {
    name: error.name,
    message: typeof original === 'string' && original !== '' ? original : error.message,
    status: typeof status === 'number' ? status : undefined,
    system: systemCodeOf(error),
  };
}

/** Node's code of the error itself, of one that it aggregates (IPv4 and IPv6 tried), or of its cause. */
function systemCodeOf(error: unknown): string | undefined {
  const code = field(error, 'code');
  if (typeof code === 'string' && NETWORK.has(code)) return code;
  if (error instanceof AggregateError) return error.errors.map(systemCodeOf).find((found) => found);
  const cause = field(error, 'cause');
  return cause === undefined ? undefined : systemCodeOf(cause);
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
