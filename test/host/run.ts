import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/chromium';
import { startServer } from '../../scripts/vscode-server';
import { bundleTests, testsPath } from './bundle';
import { makeSurroundings, type Surroundings } from './surroundings';

const root = resolve(__dirname, '..', '..');
const deadlineMs = 600_000;
const mark = 'test| ';

/** The windows in which the suite runs: most of it in a trusted workspace, the rest in one that nobody vouched for. */
const windows = [
  { name: 'trusted', trusted: true, env: { WARMSTART_TEST_TRUST: 'trusted' } },
  { name: 'untrusted', trusted: false, env: { WARMSTART_TEST_TRUST: 'untrusted' } },
];

const settings = {
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
};

async function main(): Promise<number> {
  const began = performance.now();
  await bundleTests();
  const surroundings = await makeSurroundings();
  let worst = 0;
  try {
    for (const window of windows) {
      if (!(process.argv[2] ?? window.name).startsWith(window.name)) continue;
      console.log(`\nVS Code, ${window.name} workspace`);
      worst = Math.max(worst, await runWindow(surroundings, window));
    }
    console.log(`All in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
    return worst;
  } finally {
    await surroundings.stop();
  }
}

/** Opens the workbench on the workspace with the tests as its payload; the answer is the suite's exit code. */
async function runWindow(
  { home, workspace, env }: Surroundings,
  window: (typeof windows)[number],
): Promise<number> {
  const data = join(home, `vscode-${window.name}`);
  const user = join(data, 'data', 'User');
  await mkdir(user, { recursive: true });
  await writeFile(join(user, 'settings.json'), JSON.stringify(settings));
  const server = await startServer({
    data,
    trusted: window.trusted,
    args: ['--enable-smoke-test-driver'],
    env: { ...env, ...window.env, WARMSTART_TEST_MARK: mark },
  });
  process.once('exit', () => server.process.kill());
  const browser = await chromium.launch(await findChromium());
  try {
    const page = await browser.newPage();
    const transcript = new Transcript();
    const ended = new Promise<number>((done) => {
      void page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) =>
        transcript.add(type, args),
      );
      void page.exposeFunction('codeAutomationExit', (code: number) => done(code));
    });
    const host = `vscode-remote://127.0.0.1:${server.port}`;
    const payload = [
      ['extensionDevelopmentPath', host + root],
      ['extensionTestsPath', host + testsPath],
      ['skipWelcome', 'true'],
    ];
    const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
    await page.goto(`${server.url}/?${query}`);
    const code = await Promise.race([ended, timeout()]);
    if (code !== 0) transcript.explain();
    return code;
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Shows the suite's own lines; those of VS Code are kept for when the suite never speaks. */
class Transcript {
  readonly #others: string[] = [];
  #hasSpoken = false;

  add(type: string, args: unknown[]): void {
    const [format, ...values] = args;
    const text = [String(format).replace(/%[sdo]/g, () => String(values.shift())), ...values].join(' ');
    if (text.startsWith(mark)) {
      this.#hasSpoken = true;
      console.log(text.slice(mark.length));
    } else this.#others.push(`${type}: ${text}`);
  }

  explain(): void {
    if (!this.#hasSpoken) console.error(this.#others.join('\n'));
  }
}

async function timeout(): Promise<number> {
  await new Promise((wake) => setTimeout(wake, deadlineMs).unref());
  console.error(`The host's tests did not end within ${deadlineMs / 1000} s.`);
  return 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
