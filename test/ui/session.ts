import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/chromium';
import { installExtension, startServer } from '../../scripts/vscode-server';
import { Workbench } from './workbench';

const root = resolve(__dirname, '..', '..');

/** What keeps the window to what the tests are about. */
const settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.layoutControl.enabled': false,
  'workbench.reduceMotion': 'on',
  'window.commandCenter': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  'editor.minimap.enabled': false,
};

/** The four that VS Code brings for every need of the eye. */
export const themes = [
  'Default Dark Modern',
  'Default Light Modern',
  'Default High Contrast',
  'Default High Contrast Light',
] as const;
export type Theme = (typeof themes)[number];

/** One person's VS Code: own home, own settings, the extension as it is shipped. */
export class Session {
  private constructor(
    readonly home: string,
    private readonly server: Awaited<ReturnType<typeof startServer>>,
    private readonly browser: Browser,
    readonly page: Page,
    readonly workbench: Workbench,
  ) {}

  static async open(options: { theme?: Theme; width?: number; height?: number } = {}): Promise<Session> {
    const home = await mkdtemp(join(tmpdir(), 'warmstart-ui-'));
    const data = dataFolder(home);
    const theme = options.theme ?? 'Default Dark Modern';
    const user = join(data, 'data', 'User');
    await mkdir(user, { recursive: true });
    await writeFile(
      join(user, 'settings.json'),
      JSON.stringify({ ...settings, 'workbench.colorTheme': theme }),
    );
    const env = surroundings(home);
    await installExtension({ data, vsix: await packaged(), env });
    const server = await startServer({ data, env });
    const browser = await chromium.launch(await findChromium());
    const viewport = { width: options.width ?? 1280, height: options.height ?? 800 };
    const page = await browser.newPage({ viewport, locale: 'en-US', reducedMotion: 'reduce' });
    page.setDefaultTimeout(20_000);
    const session = new Session(home, server, browser, page, new Workbench(page));
    await session.openFolder();
    return session;
  }

  /** Opens a folder, or no folder, in the window. */
  async openFolder(folder?: string): Promise<void> {
    await this.page.goto(
      `${this.server.url}/${folder ? `?folder=${pathToFileURL(folder).pathname}` : '?ew=true'}`,
    );
    await this.workbench.ready();
  }

  private get data(): string {
    return dataFolder(this.home);
  }

  get sandboxHome(): string {
    return join(this.home, '.warmstart', 'sandbox');
  }

  /** The command line that came with the extension. */
  async commandLine(): Promise<string> {
    const folder = join(this.data, 'extensions');
    const own = (await readdir(folder)).find((name) => name.startsWith('warmstart.'));
    return join(folder, own ?? '', 'dist', 'cli.js');
  }

  /** The window shows it when it is opened next. */
  async setTheme(theme: Theme): Promise<void> {
    await writeSettings(this.data, theme);
  }

  /** For whoever reads why a step failed: the window, and what it said. */
  async explain(step: string): Promise<void> {
    const file = join(root, '.vscode-test', 'ui-failure.png');
    await this.page.screenshot({ path: file });
    console.error(`The window when "${step}" failed: ${file}`);
    for (const text of await this.workbench.notifications.texts()) console.error(`  it said: ${text}`);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.stopSandbox();
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  /** It outlives VS Code, as it should; here it must not outlive the test. */
  private async stopSandbox(): Promise<void> {
    const file = join(this.sandboxHome, 'sandbox.json');
    if (!existsSync(file)) return;
    const { endpoint } = JSON.parse(await readFile(file, 'utf8')) as { endpoint: string };
    await fetch(`${endpoint}/_sandbox/stop`, { method: 'POST' });
    for (let tries = 0; existsSync(file) && tries < 50; tries++)
      await new Promise((wake) => setTimeout(wake, 100));
  }
}

function dataFolder(home: string): string {
  return join(home, '.vscode-server');
}

async function writeSettings(data: string, theme: Theme): Promise<void> {
  const user = join(data, 'data', 'User');
  await mkdir(user, { recursive: true });
  await writeFile(
    join(user, 'settings.json'),
    JSON.stringify({ ...settings, 'workbench.colorTheme': theme }),
  );
}

/** Nothing of the person who runs the tests is in reach: no profile, no credentials, no settings. */
function surroundings(home: string): Record<string, string | undefined> {
  const theirs = Object.keys(process.env).filter((name) => /^(AWS_|PG|WARMSTART_)/.test(name));
  return {
    ...Object.fromEntries(theirs.map((name) => [name, undefined])),
    HOME: home,
    USERPROFILE: home,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** The package that `npm run package` made. */
async function packaged(): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const vsix = join(root, `${name}-${version}.vsix`);
  if (!existsSync(vsix)) throw new Error(`${vsix} is missing. Run \`npm run package\` first.`);
  return vsix;
}
