import { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { doesIdentityRequireRefresh, isIdentityExpired, memoizeIdentityProvider } from '@smithy/core';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { WarmstartError } from '../errors';
import type { Environment } from '../project/project';
import { listProfiles, type ProfileInfo } from './profiles';

export interface CredentialOptions {
  /** The person's own choice: a flag or a setting. It wins over the project file's suggestion. */
  profile?: string | undefined;
  /** Asks for the code of an MFA device; called once per session and refresh, not once per client. */
  mfaCode?: ((serial: string) => Promise<string>) | undefined;
}

/**
 * The profile to use: the person's choice, else the project file's suggestion if this machine has it, else AWS_PROFILE,
 * else undefined for the SDK's default chain (continuous integration, containers). The account check guards them all.
 * @throws WarmstartError `aws.unknown-profile` when the person's choice does not exist
 */
export async function chooseProfile(
  environment: Environment,
  options: CredentialOptions,
): Promise<string | undefined> {
  const known = (await listProfiles()).map((profile) => profile.name);
  if (options.profile !== undefined) {
    if (known.includes(options.profile)) return options.profile;
    throw new WarmstartError('aws.unknown-profile', `This machine has no AWS profile "${options.profile}".`, {
      kind: 'usage',
      remedy: known.length ? `Known: ${known.join(', ')}.` : 'Set one up with: aws configure sso',
    });
  }
  if (environment.profile !== undefined && known.includes(environment.profile)) return environment.profile;
  return process.env.AWS_PROFILE || undefined;
}

/** A provider that all clients of a session share, so that an MFA code or a role is asked for once. */
export async function credentialsOf(
  profile: string | undefined,
  region: string,
  stsEndpoint: string | undefined,
  options: CredentialOptions,
): Promise<AwsCredentialIdentityProvider> {
  const clientConfig = (await assumesRoleWithKeys(profile))
    ? { region, ...(stsEndpoint === undefined ? {} : { endpoint: stsEndpoint }) }
    : { region };
  const init = {
    ...(options.mfaCode ? { mfaCodeProvider: options.mfaCode } : {}),
    ignoreCache: true,
    clientConfig,
  };
  const provider = profile === undefined ? fromNodeProviderChain(init) : fromIni({ ...init, profile });
  const memoized = memoizeIdentityProvider(provider, isIdentityExpired, doesIdentityRequireRefresh);
  if (!memoized) throw new TypeError('A credential provider is needed.');
  return memoized;
}

/**
 * Whether the chain of profiles only ever talks to STS. The inner clients of all kinds of credentials share one
 * configuration, so an STS endpoint may be given only when no SSO client would receive it too.
 */
async function assumesRoleWithKeys(profile: string | undefined): Promise<boolean> {
  const profiles = new Map((await listProfiles()).map((p): [string, ProfileInfo] => [p.name, p]));
  const seen = new Set<string>();
  let current = profiles.get(profile ?? 'default');
  while (current?.kind === 'assume-role' && current.sourceProfile && !seen.has(current.name)) {
    seen.add(current.name);
    current = profiles.get(current.sourceProfile);
  }
  return seen.size > 0 && current?.kind === 'static';
}
