// VS Code in a browser, from npm alone: the server of code-server, the Node it needs, and how it is started.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const version = '4.139.1';
const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

const deadlineMs = 60_000;

/**
 * Installs the server under `.vscode-test/` unless it is there: half a minute and 600 MB, once.
 * @param {(message: string) => void} [say]
 * @returns {Promise<{ node: string, main: string }>} the program and the script to start it with
 * @throws when npm cannot reach its registry
 */
export async function installServer(say = console.log) {
  const folder = join(root, '.vscode-test', `code-server-${version}`);
  if (!existsSync(folder)) {
    say(`Installing VS Code for the browser (code-server ${version}) from npm, once…`);
    await installInto(folder);
  }
  const modules = join(folder, 'node_modules');
  return {
    node: join(modules, nodePackage, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
    main: join(modules, 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

/** Beside the wanted folder first, so that an interrupted installation is never taken for a whole one. */
async function installInto(folder) {
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
async function npm(args, cwd) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const cli = process.env.npm_execpath;
  const [program, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const child = spawn(program, [...first, ...args, ...quiet], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: program === 'npm' && process.platform === 'win32',
  });
  const code = await new Promise((done, failed) => child.once('error', failed).once('exit', done));
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}.`);
}

/** Of a VS Code in whose terminal this may run, nothing is passed on. */
export function cleanEnvironment(extra = {}) {
  const own = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|npm_)/.test(name));
  return { ...Object.fromEntries(own), ...extra };
}

/**
 * Installs an extension into a server's folder.
 * @param {{ data: string, vsix: string, env?: Record<string, string> }} options
 */
export async function installExtension({ data, vsix, env }) {
  const { node, main } = await installServer();
  const args = [main, ...foldersOf(data), '--install-extension', vsix, '--force'];
  const child = spawn(node, args, { env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child);
  const code = await new Promise((done, failed) => child.once('error', failed).once('exit', done));
  if (code !== 0) throw new Error(`${vsix} could not be installed: ${output()}`);
}

/**
 * @param {{ data: string, port?: number, args?: string[], env?: Record<string, string> }} options `data`: the folder of
 *   settings, extensions and logs
 * @returns {Promise<{ url: string, port: number, process: import('node:child_process').ChildProcess, output: () => string, stop: () => Promise<void> }>}
 */
export async function startServer({ data, port = 0, args = [], env }) {
  const { node, main } = await installServer();
  const server = spawn(
    node,
    [
      main,
      ...foldersOf(data),
      ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
      ...['--disable-telemetry', '--disable-workspace-trust', ...args],
    ],
    { env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const output = collect(server);
  const exited = new Promise((done) => server.once('exit', done));
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

function foldersOf(data) {
  return [
    '--server-data-dir',
    data,
    '--extensions-dir',
    join(data, 'extensions'),
    '--accept-server-license-terms',
  ];
}

function collect(child) {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (data) => (text += data));
  return () => text;
}

async function boundPort(server, output) {
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline && server.exitCode === null) {
    const port = /Extension host agent listening on (\d+)/.exec(output())?.[1];
    if (port) return Number(port);
    await new Promise((wake) => setTimeout(wake, 50));
  }
  server.kill();
  throw new Error(`VS Code's server did not start. ${output()}`);
}
