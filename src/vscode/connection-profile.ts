import type { ProfileInfo } from '../aws/profiles';
import type { Environment } from '../project/project';

/** What decides about the profile of an environment. */
export interface ProfileFacts {
  /** The person's own setting: environment name or account id → profile. */
  own: Readonly<Record<string, unknown>>;
  /** The profiles of this machine. */
  known: readonly string[];
  /** Whether the project file may suggest anything. */
  trusted: boolean;
  /** Whether this process has credentials without any profile: environment variables, a container's role. */
  ambient: boolean;
}

/** `profile: undefined` stands for the SDK's default chain. */
export interface ProfileChoice {
  profile: string | undefined;
}

/**
 * The profile that reaches an environment, or undefined when a person must choose one. The person's own choice wins and
 * is never replaced by another, even when this machine does not have it; then the project file's suggestion and the
 * default chain, both in trusted workspaces only. Pure.
 */
export function profileFor(
  { name, accountId, profile: suggested }: Pick<Environment, 'name' | 'accountId' | 'profile'>,
  { own, known, trusted, ambient }: ProfileFacts,
): ProfileChoice | undefined {
  const chosen = own[name] ?? own[accountId];
  if (typeof chosen === 'string' && chosen !== '')
    return known.includes(chosen) ? { profile: chosen } : undefined;
  if (!trusted) return undefined;
  if (suggested !== undefined && known.includes(suggested)) return { profile: suggested };
  return ambient || known.includes('default') ? { profile: undefined } : undefined;
}

/** The setting with a new choice: under the environment's name where it had its own entry, else under its account. */
export function withChoice(
  own: Readonly<Record<string, unknown>>,
  environment: Pick<Environment, 'name' | 'accountId'>,
  profile: string,
): Record<string, unknown> {
  const key = Object.hasOwn(own, environment.name) ? environment.name : environment.accountId;
  return { ...own, [key]: profile };
}

/** Whether variables of the process hold credentials or say where a container's role is to be had. */
export function hasAmbientCredentials(variables: Readonly<Record<string, string | undefined>>): boolean {
  return [
    'AWS_PROFILE',
    'AWS_ACCESS_KEY_ID',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
  ].some((name) => Boolean(variables[name]));
}

/** The profiles in the order of choice: of the account first, then those whose account is not known, then the others. */
export function byFit(profiles: readonly ProfileInfo[], accountId: string): ProfileInfo[] {
  const rank = (profile: ProfileInfo) =>
    profile.accountId === accountId ? 0 : profile.accountId === undefined ? 1 : 2;
  return profiles.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}
