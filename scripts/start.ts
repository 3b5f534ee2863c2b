// `npm start`: a VS Code with the extension and a sandbox project, ready for "Warmstart: Retrain Model…".
// Desktop VS Code where there is one, else VS Code in a browser; `npm start -- --browser` takes the latter at once.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { cleanEnvironment, installExtension, startServer } from './vscode-server';

const root = resolve(__dirname, '..');
const own = join(root, '.vscode-test', 'start');
const usualPort = 8484;

interface Sandbox {
  configFile: string;
  projectFile: string;
}

async function main(): Promise<void> {
  await runNode('scripts/build.mjs');
  const { projectFile, configFile } = await startSandbox();
  const project = dirname(projectFile);
  // An AWS configuration of its own: this VS Code knows the sandbox's accounts and no others.
  const env = {
    AWS_CONFIG_FILE: configFile,
    AWS_SHARED_CREDENTIALS_FILE: join(dirname(configFile), 'credentials'),
  };
  const desktop = process.argv.includes('--browser') ? undefined : findDesktop();
  await (desktop ? openDesktop(desktop, project, env) : openBrowser(project, env));
}

async function startSandbox(): Promise<Sandbox> {
  const { stdout } = await runNode('dist/cli.js', 'sandbox', 'up', '--json');
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Sandbox & { event: string });
  const ready = events.find(({ event }) => event === 'sandbox.ready');
  if (!ready) throw new Error(`The sandbox did not start. ${stdout}`);
  console.log(
    `The sandbox is up; \`node dist/cli.js sandbox down\` stops it. Its project: ${ready.projectFile}`,
  );
  return ready;
}

function runNode(...args: string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, args, { cwd: root, encoding: 'utf8' });
}

/** The program `code`; on Windows the executable beside the batch file of that name, which would need a shell. */
function findDesktop(): string | undefined {
  const windows = process.platform === 'win32';
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const folder = folders.find((each) => existsSync(join(each, windows ? 'code.cmd' : 'code')));
  if (folder === undefined) return undefined;
  const program = windows ? join(folder, '..', 'Code.exe') : join(folder, 'code');
  return existsSync(program) ? program : undefined;
}

async function openDesktop(program: string, project: string, env: Record<string, string>): Promise<void> {
  const profile = join(own, 'desktop');
  await writeSettings(join(profile, 'User'));
  const args = [
    `--extensionDevelopmentPath=${root}`,
    `--user-data-dir=${profile}`,
    `--extensions-dir=${join(profile, 'extensions')}`,
    '--disable-workspace-trust',
    '--new-window',
    project,
  ];
  spawn(program, args, { env: cleanEnvironment(env), detached: true, stdio: 'ignore' }).unref();
  console.log('VS Code opens. Press F1 and run "Warmstart: Retrain Model…".');
}

async function openBrowser(project: string, env: Record<string, string>): Promise<void> {
  const data = join(own, 'browser');
  await writeSettings(join(data, 'data', 'User'));
  await runNode('scripts/package.mjs');
  await installExtension({ data, vsix: await packageName() });
  // A port that stays the same: the browser keeps what it remembers of the window by it.
  const server = await startServer({ data, env, port: (await isFree(usualPort)) ? usualPort : 0 });
  const url = `${server.url}/?folder=${pathToFileURL(project).pathname}`;
  console.log(`VS Code runs at ${url}`);
  console.log('Press F1 there and run "Warmstart: Retrain Model…". Ctrl-C ends it.');
  if (!process.argv.includes('--no-open')) openUrl(url);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => server.stop().then(() => process.exit(0)));
  }
}

async function packageName(): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  return join(root, `${name}-${version}.vsix`);
}

/** Written once; what the person changes afterwards stays. */
async function writeSettings(user: string): Promise<void> {
  const file = join(user, 'settings.json');
  if (existsSync(file)) return;
  await mkdir(user, { recursive: true });
  await writeFile(
    file,
    JSON.stringify({ 'workbench.startupEditor': 'none', 'chat.disableAIFeatures': true }, null, 2),
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
  });
}

/** Where nothing can open it, the printed address is enough. */
function openUrl(url: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.once('error', () => console.log('Open that address in a browser.'));
  child.unref();
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
