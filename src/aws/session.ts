import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentityProvider, MiddlewareStack } from '@smithy/types';
import { WarmstartError } from '../errors';
import type { Environment } from '../project/project';
import { type CredentialOptions, chooseProfile, credentialsOf } from './credentials';
import { mapAwsError } from './errors';
import { guardClient } from './guard';
import { configuredEndpoint, type ServiceName } from './profiles';

export interface SessionOptions extends CredentialOptions {
  /** Instead of the environment's region. */
  region?: string;
}

/** What a session stands for. Caches, tree nodes and late answers are keyed by {@link Session.key}. */
export interface Identity {
  environment: string;
  /** Undefined: the SDK's default chain (environment variables, container, instance). */
  profile: string | undefined;
  /** The account that the project file names; writes are refused in any other. */
  accountId: string;
  region: string;
}

type Endpoints = Record<ServiceName, string | undefined>;

const CONTROL_PLANE = {
  maxAttempts: 8,
  retryMode: 'adaptive',
  requestHandler: { connectionTimeout: 10_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
};

/**
 * Opens an environment: chooses the profile and reads its endpoint URLs. Nothing is called yet; clients are made when
 * first used, and the account is checked before the first write.
 * @throws WarmstartError `aws.unknown-profile` when `options.profile` is not on this machine
 */
export async function openSession(environment: Environment, options: SessionOptions = {}): Promise<Session> {
  const profile = await chooseProfile(environment, options);
  const endpoints: Endpoints = {
    s3: await configuredEndpoint(profile, 's3'),
    sts: await configuredEndpoint(profile, 'sts'),
    sagemaker: await configuredEndpoint(profile, 'sagemaker'),
    sagemaker_runtime: await configuredEndpoint(profile, 'sagemaker_runtime'),
    cloudwatch: await configuredEndpoint(profile, 'cloudwatch'),
    cloudwatch_logs: await configuredEndpoint(profile, 'cloudwatch_logs'),
  };
  const region = options.region ?? environment.region;
  const credentials = await credentialsOf(profile, region, endpoints.sts, options);
  return new Session(
    environment,
    { environment: environment.name, profile, accountId: environment.accountId, region },
    endpoints,
    credentials,
  );
}

/** One environment as one person reaches it: its clients, made lazily, all guarded by the account check. */
export class Session {
  readonly key: string;
  readonly #clients = new Map<string, { destroy(): void }>();
  #checked: { accessKeyId: string; check: Promise<void> } | undefined;

  constructor(
    readonly environment: Environment,
    readonly identity: Identity,
    private readonly endpoints: Endpoints,
    private readonly credentials: AwsCredentialIdentityProvider,
  ) {
    this.key = [identity.environment, identity.profile ?? '', identity.accountId, identity.region].join('|');
  }

  sagemaker(): SageMakerClient {
    return this.#client('sagemaker', (base) =>
      guarded(new SageMakerClient({ ...base, ...CONTROL_PLANE }), this),
    );
  }

  /** S3 keeps the SDK's standard retries: its rates are high, and large bodies take their time. */
  s3(): S3Client {
    return this.#client('s3', (base) =>
      guarded(
        new S3Client({
          ...base,
          maxAttempts: 5,
          forcePathStyle:
            base.endpoint !== undefined && !/\.amazonaws\.com(\.cn)?$/.test(new URL(base.endpoint).hostname),
          // Long, because a stream that is read slowly (uploaded elsewhere over a thin line) leaves its socket idle.
          requestHandler: { connectionTimeout: 10_000, socketTimeout: 600_000 },
        }),
        this,
      ),
    );
  }

  sts(): STSClient {
    return this.#client('sts', (base) => guarded(new STSClient({ ...base, maxAttempts: 5 }), this));
  }

  /** Invocations answer within 60 s while a cold model may load for 360 s, answering 429 that the SDK retries. */
  runtime(): SageMakerRuntimeClient {
    return this.#client('sagemaker_runtime', (base) =>
      guarded(
        new SageMakerRuntimeClient({
          ...base,
          maxAttempts: 7,
          requestHandler: { connectionTimeout: 10_000, requestTimeout: 70_000, throwOnRequestTimeout: true },
        }),
        this,
      ),
    );
  }

  cloudWatch(): CloudWatchClient {
    return this.#client('cloudwatch', (base) =>
      guarded(new CloudWatchClient({ ...base, ...CONTROL_PLANE }), this),
    );
  }

  logs(): CloudWatchLogsClient {
    return this.#client('cloudwatch_logs', (base) =>
      guarded(new CloudWatchLogsClient({ ...base, ...CONTROL_PLANE }), this),
    );
  }

  /**
   * Asks STS who we are and compares it with the account that the project file names. Asked once per access key, so
   * refreshed credentials are checked again; a failed check is forgotten, so it can be repeated after signing in.
   * @throws WarmstartError `aws.wrong-account`
   */
  async assertAccount(): Promise<void> {
    const accessKeyId = await this.#accessKeyId();
    if (this.#checked?.accessKeyId !== accessKeyId)
      this.#checked = { accessKeyId, check: this.#compareAccount() };
    const { check } = this.#checked;
    try {
      await check;
    } catch (error) {
      if (this.#checked?.check === check) this.#checked = undefined;
      throw error;
    }
  }

  /** Who the credentials are: account and ARN, as STS says. */
  async whoAmI(): Promise<{ accountId: string; arn: string }> {
    const answer = await this.sts().send(new GetCallerIdentityCommand());
    return { accountId: answer.Account ?? '', arn: answer.Arn ?? '' };
  }

  /** Closes the sockets of all clients. */
  close(): void {
    for (const client of this.#clients.values()) client.destroy();
    this.#clients.clear();
  }

  /** Asked for outside of any client, whose guard would have mapped what the providers throw. */
  async #accessKeyId(): Promise<string> {
    try {
      return (await this.credentials()).accessKeyId;
    } catch (error) {
      throw mapAwsError(error, this.identity);
    }
  }

  async #compareAccount(): Promise<void> {
    const { accountId, arn } = await this.whoAmI();
    const { environment, profile, accountId: expected } = this.identity;
    if (accountId === expected) return;
    const who = profile ? `profile "${profile}"` : 'the default AWS credentials';
    throw new WarmstartError(
      'aws.wrong-account',
      `Environment "${environment}" is account ${expected}, but ${who} belongs to account ${accountId} (${arn}). Nothing was written.`,
      {
        kind: 'refused',
        remedy: `Choose a profile of account ${expected} for "${environment}", or correct its accountId in warmstart.json.`,
      },
    );
  }

  #client<C extends { destroy(): void }>(service: ServiceName, make: (base: ClientBase) => C): C {
    const found = this.#clients.get(service) as C | undefined;
    if (found) return found;
    const endpoint = this.endpoints[service];
    const client = make({
      region: this.identity.region,
      credentials: this.credentials,
      ...(endpoint === undefined ? {} : { endpoint }),
    });
    this.#clients.set(service, client);
    return client;
  }
}

interface ClientBase {
  region: string;
  credentials: AwsCredentialIdentityProvider;
  endpoint?: string;
}

/** The same client, made safe. */
function guarded<I extends object, O extends object, C extends { middlewareStack: MiddlewareStack<I, O> }>(
  client: C & { middlewareStack: MiddlewareStack<I, O> },
  session: Session,
): C {
  guardClient<I, O>(client, session.identity, () => session.assertAccount());
  return client;
}
