import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Dataset } from './dataset';

const run = promisify(execFile);

/** The commit a folder is at, whether its work tree differs, and its remote without credentials; undefined outside Git. */
export async function gitState(folder: string): Promise<Dataset['git']> {
  const git = async (...args: string[]) => {
    // Optional locks would make a mere look wait for, or disturb, the editor's own Git.
    const { stdout } = await run('git', ['--no-optional-locks', '-C', folder, ...args], {
      windowsHide: true,
    });
    return stdout.trim();
  };
  try {
    const commit = await git('rev-parse', '--verify', 'HEAD');
    const dirty = (await git('status', '--porcelain', '--', '.')) !== '';
    const remote = await git('config', '--get', 'remote.origin.url').catch(() => '');
    return remote === '' ? { commit, dirty } : { commit, dirty, remote: withoutCredentials(remote) };
  } catch {
    return undefined;
  }
}

/** `https://user:token@host/path` without `user:token@`; an SSH address is left as it is, since its user is no secret. */
export function withoutCredentials(remote: string): string {
  return remote.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, (whole, scheme: string) =>
    scheme.toLowerCase() === 'ssh://' ? whole.replace(/:[^/@]*@/, '@') : scheme,
  );
}
