import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..', '..');
const startDeadlineMs = 30_000;

/** What the tests have around them: a home of their own, a running sandbox and its sample project. */
export interface Surroundings {
  /** The folder of it all; `WARMSTART_TEST_HOME` in the host. */
  home: string;
  /** The project's folder: the workspace. */
  workspace: string;
  /** For the process of VS Code. */
  env: Record<string, string | undefined>;
  stop(): Promise<void>;
}

/**
 * Starts a sandbox and points AWS's variables at a copy of its config, which tests may change. Nothing of the person
 * who runs the tests is in reach: no profile, no credentials, no settings.
 */
export async function makeSurroundings(): Promise<Surroundings> {
  const home = await mkdtemp(join(tmpdir(), 'warmstart-host-'));
  const sandbox = join(home, 'sandbox');
  const program = join(root, 'dist', 'sandbox.js');
  const record = join(home, 'record.jsonl');
  const child = spawn(
    process.execPath,
    [program, '--home', sandbox, '--port', '0', '--speed', '600', '--record', record],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  process.once('exit', () => child.kill());
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const stop = async () => {
    child.kill();
    await exited;
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await waitFor(join(sandbox, 'sandbox.json'), () => child.exitCode === null);
  } catch (error) {
    await stop();
    throw new Error(`The sandbox did not start. ${errors}`, { cause: error });
  }
  const aws = join(home, '.aws');
  await mkdir(aws, { recursive: true });
  await writeFile(join(aws, 'config'), await readFile(join(sandbox, 'aws', 'config')));
  await writeFile(join(aws, 'credentials'), '');
  return { home, workspace: join(sandbox, 'project'), env: environment(home, aws), stop };
}

function environment(home: string, aws: string): Record<string, string | undefined> {
  const none = Object.keys(process.env).filter((name) => name.startsWith('AWS_') || name.startsWith('PG'));
  return {
    ...Object.fromEntries(none.map((name) => [name, undefined])),
    HOME: home,
    USERPROFILE: home,
    AWS_CONFIG_FILE: join(aws, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(aws, 'credentials'),
    // No instance metadata is asked for credentials.
    AWS_EC2_METADATA_DISABLED: 'true',
    WARMSTART_TEST_HOME: home,
  };
}

async function waitFor(file: string, isAlive: () => boolean): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  for (;;) {
    try {
      await readFile(file);
      return;
    } catch (error) {
      if (!isAlive() || Date.now() > deadline) throw error;
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
}
