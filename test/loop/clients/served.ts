import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { fromIni } from '@aws-sdk/credential-providers';

const repository = join(__dirname, '..', '..', '..');
const cli = join(repository, 'dist', 'cli.js');

export interface Ran {
  /** Exit code; 0 is success. */
  code: number;
  stdout: string;
  stderr: string;
}

/** One line of the record of requests. */
export interface Recorded {
  service: string;
  operation: string;
  account?: string;
  params: Record<string, unknown>;
  status: number;
  error?: string;
}

/** Runs a program without a shell; its exit code is answered, not thrown. */
async function ran(file: string, args: string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  try {
    const options = { env, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
    return { code: 0, ...(await promisify(execFile)(file, args, options)) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'stdout' in error && 'stderr' in error) {
      return { code: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) };
    }
    throw error;
  }
}

/** Every program of one of these names on the PATH, in its order: a version manager may hide what the system has. */
function onPath(names: string[]): string[] {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
  return files.filter((file) => existsSync(file));
}

/** The built sandbox with one model trained, approved and released in it, and other people's tools pointed at it. */
export class Served {
  /** Folder of everything that the tests write. */
  folder = '';
  endpoint = '';
  readonly bucket = 'warmstart-sandbox-training';
  readonly group = 'flights-delay-atl';
  readonly endpointName = 'flights';
  readonly targetModel = 'delay-atl.tar.gz';

  /** Of the training account. */
  s3!: S3Client;
  sagemaker!: SageMakerClient;
  runtime!: SageMakerRuntimeClient;

  #environment: NodeJS.ProcessEnv = {};

  async start(): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), 'warmstart-clients-'));
    const home = join(this.folder, 'home');
    const own = Object.entries(process.env).filter(([name]) => !/^AWS_/i.test(name));
    this.#environment = {
      ...Object.fromEntries(own),
      AWS_CONFIG_FILE: join(home, 'aws', 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(this.folder, 'none'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
      AWS_CLI_AUTO_PROMPT: 'off',
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONIOENCODING: 'utf-8',
      WARMSTART_TEST_FOLDER: this.folder,
    };
    const options = ['--home', home, '--port', '0', '--speed', '600', '--record', this.#record];
    const up = await this.warmstart('sandbox', 'up', ...options);
    this.endpoint = JSON.parse(up).endpoint;
    const configFilepath = join(home, 'aws', 'config');
    const credentials = fromIni({ profile: 'sandbox-training', configFilepath });
    const settings = { region: 'us-east-1', endpoint: this.endpoint, credentials };
    this.s3 = new S3Client({ ...settings, forcePathStyle: true });
    this.sagemaker = new SageMakerClient(settings);
    this.runtime = new SageMakerRuntimeClient(settings);
    const project = ['--project', join(home, 'project', 'warmstart.json')];
    await this.warmstart(...project, 'retrain', 'delay-atl', '--until', '2001-02-15');
    await this.warmstart(...project, 'approve', `${this.group}/1`);
    const others = ['--without', 'delay-ord', 'delay-dfw'];
    await this.warmstart(...project, 'release', this.endpointName, '--env', 'training', '--yes', ...others);
  }

  async stop(): Promise<void> {
    for (const client of [this.s3, this.sagemaker, this.runtime]) client?.destroy();
    if (this.endpoint) await this.warmstart('sandbox', 'down', '--home', join(this.folder, 'home'));
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #record(): string {
    return join(this.folder, 'requests.jsonl');
  }

  /** Every request so far. */
  recorded(): Recorded[] {
    const lines = readFileSync(this.#record, 'utf8').trim().split('\n');
    return lines.map((line): Recorded => JSON.parse(line));
  }

  /** Runs the built command; answers what it printed with `--json`. */
  async warmstart(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await ran(process.execPath, [cli, '--json', ...args], this.#environment);
    assert.equal(code, 0, `${args.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  }

  run(file: string, ...args: string[]): Promise<Ran> {
    return this.runWith({}, file, ...args);
  }

  runWith(environment: NodeJS.ProcessEnv, file: string, ...args: string[]): Promise<Ran> {
    return ran(file, args, { ...this.#environment, ...environment });
  }

  /** Runs one of the Python programs beside this file, and fails with what it printed. */
  async python(interpreter: string, program: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(interpreter, join(__dirname, program), ...args);
    assert.equal(code, 0, `${program} failed:\n${stdout}${stderr}`);
    return stdout;
  }
}

/** The `aws` command and what each call of it needs, or undefined when it is not installed. */
export async function findAws(served: Served): Promise<{ file: string; always: string[] } | undefined> {
  for (const file of onPath(['aws'])) {
    const { code, stdout, stderr } = await served.run(file, '--version');
    const [, major, minor] = /aws-cli\/(\d+)\.(\d+)/.exec(stdout + stderr) ?? [];
    if (code !== 0 || major === undefined) continue;
    // The first versions that read endpoint_url from a profile.
    const old = Number(minor) < (major === '1' ? 29 : 13);
    return { file, always: old ? ['--endpoint-url', served.endpoint] : [] };
  }
  return undefined;
}

/** A Python that has these modules, or undefined. */
export async function findPython(served: Served, ...modules: string[]): Promise<string | undefined> {
  for (const file of onPath(['python3', 'python'])) {
    const { code } = await served.run(file, '-c', `import ${modules.join(', ')}`);
    if (code === 0) return file;
  }
  return undefined;
}

/** Says why tests are left out; anything else that they print would be a fault. */
export function skipFor(context: Mocha.Context, missing: string): never {
  process.stdout.write(`\n  skipped: ${context.test?.parent?.fullTitle()}: there is no ${missing} here\n`);
  return context.skip();
}
