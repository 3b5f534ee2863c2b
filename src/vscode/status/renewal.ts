import type { ProfileInfo } from '../../aws/profiles';

/** How the credentials behind a profile are renewed. */
export type Renewal =
  | { kind: 'command'; arguments: string[] }
  /** Reading again is enough: an MFA code is asked for. */
  | { kind: 'reload' }
  /** By hand, in the AWS files or wherever they come from. */
  | { kind: 'manual'; profile: string };

/** Follows a role's profiles to where its credentials come from. Pure. */
export function renewalOf(name: string, profiles: readonly ProfileInfo[]): Renewal {
  const seen = new Set<string>();
  let current = profiles.find((profile) => profile.name === name);
  while (current?.kind === 'assume-role' && current.sourceProfile && !seen.has(current.name)) {
    seen.add(current.name);
    const { sourceProfile } = current;
    current = profiles.find((profile) => profile.name === sourceProfile);
  }
  if (current?.kind === 'sso')
    return { kind: 'command', arguments: ['sso', 'login', '--profile', current.name] };
  if (current?.kind === 'login') return { kind: 'command', arguments: ['login', '--profile', current.name] };
  if (seen.size > 0 && current?.kind === 'static') return { kind: 'reload' };
  return { kind: 'manual', profile: current?.name ?? name };
}
