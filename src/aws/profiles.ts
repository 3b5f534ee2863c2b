import { loadSharedConfigFiles, parseKnownFiles } from '@smithy/core/config';
import { WarmstartError } from '../errors';

/** How a profile comes by its credentials, in the order in which the SDK decides; `none` has only settings. */
export type ProfileKind = 'assume-role' | 'static' | 'web-identity' | 'process' | 'sso' | 'login' | 'none';

/** A profile of the AWS config and credentials files. Holds no secret. */
export interface ProfileInfo {
  name: string;
  kind: ProfileKind;
  region: string | undefined;
  endpointUrl: string | undefined;
  /** Twelve digits, when the files tell it: of the SSO account or the role to assume. */
  accountId: string | undefined;
  /** The profile whose credentials assume this one's role. */
  sourceProfile: string | undefined;
}

/** The services that the product calls, by the names that AWS gives them in `AWS_ENDPOINT_URL_<SERVICE>`. */
export type ServiceName = 's3' | 'sts' | 'sagemaker' | 'sagemaker_runtime' | 'cloudwatch' | 'cloudwatch_logs';

type Section = Record<string, string | undefined>;

/** All profiles of `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, read anew, in the order of the files. */
export async function listProfiles(): Promise<ProfileInfo[]> {
  const sections = await parseKnownFiles({ ignoreCache: true });
  return Object.entries(sections)
    .filter(([name]) => !name.startsWith('sso-session.') && !name.startsWith('services.'))
    .map(([name, section]) => describe(name, section));
}

/** One profile, or undefined when this machine has none of that name. */
export async function readProfile(name: string): Promise<ProfileInfo | undefined> {
  return (await listProfiles()).find((profile) => profile.name === name);
}

/**
 * The endpoint that a person configured for a service: AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's
 * `services` section, the profile's `endpoint_url`, in the order of AWS's "Service-specific endpoints".
 * The SDK itself looks only at the profile in AWS_PROFILE, never at a client's own.
 * @throws WarmstartError `aws.services-section` when the profile names a section that is not there
 */
export async function configuredEndpoint(
  profile: string | undefined,
  service: ServiceName,
): Promise<string | undefined> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const name = profile ?? process.env.AWS_PROFILE ?? 'default';
  const section: Section = { ...credentialsFile[name], ...configFile[name] };
  if (isTrue(process.env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS ?? section.ignore_configured_endpoint_urls))
    return undefined;
  const fromEnvironment =
    process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || process.env.AWS_ENDPOINT_URL;
  if (fromEnvironment) return fromEnvironment;
  if (section.services) {
    const services = configFile[`services.${section.services}`];
    if (!services) throw missingServices(name, section.services);
    const own = services[`${service}.endpoint_url`];
    if (own) return own;
  }
  return section.endpoint_url || undefined;
}

function describe(name: string, section: Section): ProfileInfo {
  return {
    name,
    kind: kindOf(section),
    region: section.region,
    endpointUrl: section.endpoint_url,
    accountId: section.sso_account_id ?? section.role_arn?.split(':')[4] ?? section.aws_account_id,
    sourceProfile: section.source_profile,
  };
}

function kindOf(section: Section): ProfileKind {
  if (section.role_arn && (section.source_profile || section.credential_source)) return 'assume-role';
  if (section.aws_access_key_id && section.aws_secret_access_key) return 'static';
  if (section.web_identity_token_file) return 'web-identity';
  if (section.credential_process) return 'process';
  if (section.sso_session || section.sso_start_url || section.sso_account_id) return 'sso';
  if (section.login_session) return 'login';
  return 'none';
}

function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true';
}

function missingServices(profile: string, services: string): WarmstartError {
  return new WarmstartError(
    'aws.services-section',
    `The AWS profile "${profile}" names the services section "${services}", which the config file does not have.`,
    { kind: 'usage', remedy: `Add [services ${services}] to the AWS config file or remove the line.` },
  );
}
