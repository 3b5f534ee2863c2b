// VS Code in a browser, from npm alone: the server of code-server, the Node it needs, and how it is started.
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';

const root = resolve(__dirname, '..');
const version = '4.139.1';
const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

const deadlineMs = 60_000;

type Environment = Record<string, string | undefined>;
type Piped = ChildProcessByStdio<null, Readable, Readable>;

export interface ServerProgram {
  /** A Node 24, whatever Node runs npm. */
  node: string;
  /** The script to run with it. */
  main: string;
}

export interface Server {
  url: string;
  port: number;
  process: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** The folder of settings, extensions and logs. */
  data: string;
  /** 0, the default, takes a free one. */
  port?: number;
  args?: string[];
  /** False lets VS Code ask whether the workspace is trusted; until then it is not. */
  trusted?: boolean;
  env?: Environment;
}

/**
 * Installs the server under `.vscode-test/` unless it is there: half a minute and 600 MB, once.
 * @throws when npm cannot reach its registry
 */
export async function installServer(): Promise<ServerProgram> {
  const folder = join(root, '.vscode-test', `code-server-${version}`);
  if (!existsSync(folder)) {
    console.error(`Installing VS Code for the browser (code-server ${version}) from npm, once…`);
    await installInto(folder);
  }
  const modules = join(folder, 'node_modules');
  return {
    node: join(modules, nodePackage, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
    main: join(modules, 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

/** Beside the wanted folder first, so that an interrupted installation is never taken for a whole one. */
async function installInto(folder: string): Promise<void> {
  const partial = `${folder}.${process.pid}`;
  try {
    await mkdir(partial, { recursive: true });
    await writeFile(
      join(partial, 'package.json'),
      JSON.stringify({ private: true, dependencies: { 'code-server': version, [nodePackage]: '^24.0.0' } }),
    );
    // Without scripts nothing is compiled; what then lacks (logging, watching by native code) has fallbacks.
    await npm(['install', '--ignore-scripts'], partial);
    await npm(
      ['install', '--ignore-scripts', '--omit=dev'],
      join(partial, 'node_modules', 'code-server', 'lib', 'vscode'),
    );
    await rename(partial, folder);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    if (existsSync(folder)) return;
    throw new Error(
      'VS Code for the browser could not be installed; npm must reach its registry for it, once. ' +
        'Without it, run `npm run lint`, `npm run test:unit` and `npm run test:loop`.',
      { cause },
    );
  }
}

/** By the npm that runs us, where there is one: on Windows `npm` is a batch file, which needs a shell. */
async function npm(args: string[], cwd: string): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const cli = process.env.npm_execpath;
  const [program, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const child = spawn(program, [...first, ...args, ...quiet], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: program === 'npm' && process.platform === 'win32',
  });
  const code = await ended(child);
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}.`);
}

/** Of a VS Code in whose terminal this may run, nothing is passed on. */
export function cleanEnvironment(extra: Environment = {}): Environment {
  const own = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|npm_)/.test(name));
  return { ...Object.fromEntries(own), ...extra };
}

/** Installs a VSIX into a server's folder. */
export async function installExtension(options: {
  data: string;
  vsix: string;
  env?: Environment;
}): Promise<void> {
  const { data, vsix, env } = options;
  const { node, main } = await installServer();
  const args = [main, ...foldersOf(data), '--install-extension', vsix, '--force'];
  const child = spawn(node, args, { env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child);
  const code = await ended(child);
  if (code !== 0) throw new Error(`${vsix} could not be installed: ${output()}`);
}

/** Starts the server and waits until it answers. */
export async function startServer({
  data,
  port = 0,
  args = [],
  trusted = true,
  env,
}: ServerOptions): Promise<Server> {
  const { node, main } = await installServer();
  const server = spawn(
    node,
    [
      main,
      ...foldersOf(data),
      ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
      ...['--disable-telemetry', ...(trusted ? ['--disable-workspace-trust'] : []), ...args],
    ],
    { env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const output = collect(server);
  const exited = ended(server);
  const bound = await boundPort(server, output);
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    process: server,
    output,
    stop: async () => {
      server.kill();
      const killing = setTimeout(() => server.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(killing);
    },
  };
}

function foldersOf(data: string): string[] {
  return [
    '--server-data-dir',
    data,
    '--extensions-dir',
    join(data, 'extensions'),
    '--accept-server-license-terms',
  ];
}

function collect(child: Piped): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (data) => (text += data));
  return () => text;
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((done, failed) => child.once('error', failed).once('exit', done));
}

async function boundPort(server: ChildProcess, output: () => string): Promise<number> {
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline && server.exitCode === null) {
    const port = /Extension host agent listening on (\d+)/.exec(output())?.[1];
    if (port) return Number(port);
    await new Promise((wake) => setTimeout(wake, 50));
  }
  server.kill();
  throw new Error(`VS Code's server did not start. ${output()}`);
}
