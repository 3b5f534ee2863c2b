// The built panel in a browser: under the policy that VS Code gives it, in its colours, with a host that writes down what it is told.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/chromium';
import type { FromPanel, KeptState, PanelState, ToPanel } from '../../src/comparison/panel';
import themes from './themes.json';

export type Theme = keyof typeof themes;
export const themeNames = Object.keys(themes) as Theme[];

const dist = resolve(__dirname, '..', '..', 'dist', 'webview');
const bundle = (name: string) => readFileSync(join(dist, name), 'utf8');
const nonce = 'bm9uY2U';
/** Functions that are sent to the page call this where they were compiled to keep their names. */
const keepNames = 'globalThis.__name = (it) => it';

declare global {
  interface Window {
    told: FromPanel[];
    kept: KeptState | undefined;
  }
}

export interface Options {
  theme?: Theme;
  width?: number;
  height?: number;
  kept?: unknown;
  translations?: Record<string, string>;
}

/** Opens panels; one browser for all of them. */
export class Panels {
  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly pages: Map<string, string>,
  ) {}

  static async open(): Promise<Panels> {
    const pages = new Map<string, string>();
    const server = createServer((request, response) => {
      const [type, body] = answerTo(new URL(request.url ?? '/', 'http://localhost').pathname, pages);
      const headers = type === 'text/html' ? { 'content-security-policy': policy } : {};
      response.writeHead(body === undefined ? 404 : 200, {
        'content-type': `${type}; charset=utf-8`,
        ...headers,
      });
      response.end(body);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new Panels(await chromium.launch(await findChromium()), server, pages);
  }

  async show(state: PanelState, options: Options = {}): Promise<Panel> {
    const { theme = 'Dark Modern', width = 1100, height = 900 } = options;
    const page = await this.browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    await page.addInitScript(keepNames);
    const panel = new Panel(page);
    const path = `/panel-${this.pages.size}`;
    this.pages.set(path, html(theme, options.kept));
    await page.goto(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`);
    await panel.push(state, options.translations);
    return panel;
  }

  /** A page as it is, such as a report file. */
  async showFile(url: string, options: { width?: number; dark?: boolean } = {}): Promise<Panel> {
    const page = await this.browser.newPage({
      viewport: { width: options.width ?? 1100, height: 900 },
      colorScheme: options.dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
    });
    await page.addInitScript(keepNames);
    const panel = new Panel(page);
    await page.goto(url);
    return panel;
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
    this.server.closeAllConnections();
  }
}

export class Panel {
  /** What the console and the page complained about. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    page.setDefaultTimeout(5_000);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  /** Pushes a state and waits until it stands on the screen. */
  async push(state: PanelState, translations: Record<string, string> = {}): Promise<void> {
    const message: ToPanel = { type: 'state', state, translations };
    await this.page.evaluate((pushed) => {
      performance.clearMarks();
      window.postMessage(pushed);
    }, message);
    if (state.kind !== 'loading') {
      await this.page.waitForFunction(() => performance.getEntriesByName('warmstart:shown').length > 0);
    }
  }

  /** Milliseconds from the arrival of the state to the picture. */
  async paintTime(): Promise<number> {
    return this.page.evaluate(() => {
      const at = (name: string) => performance.getEntriesByName(name)[0]!.startTime;
      return at('warmstart:shown') - at('warmstart:received');
    });
  }

  /** Scrolls through the page, so that everything that waits to be seen is drawn. */
  async drawAll(): Promise<void> {
    await this.page.evaluate(async () => {
      const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
        scrollTo(0, y);
        await frame();
        await frame();
      }
      scrollTo(0, 0);
      await frame();
    });
  }

  async told(): Promise<FromPanel[]> {
    return this.page.evaluate(() => window.told.splice(0));
  }

  async kept(): Promise<KeptState | undefined> {
    return this.page.evaluate(() => window.kept);
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}' http://127.0.0.1:*; img-src data:`;

function answerTo(path: string, pages: Map<string, string>): [string, string | undefined] {
  if (path === '/comparison.js') return ['text/javascript', bundle('comparison.js')];
  if (path === '/comparison.css') return ['text/css', bundle('comparison.css')];
  return ['text/html', pages.get(path)];
}

function html(theme: Theme, kept: unknown): string {
  const { kind, variables } = themes[theme];
  const rules = Object.entries(variables).map(([name, value]) => `${name}: ${value};`);
  const json = JSON.stringify(kept ?? null).replaceAll('<', '\\u003c');
  // What VS Code itself puts into each webview comes first, as there.
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Comparison</title>
    <link rel="icon" href="data:,">
    <style nonce="${nonce}">html { ${rules.join(' ')} }
      html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); background: var(--vscode-editor-background); }
      body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
        font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size);
        margin: 0; padding: 0 20px; }
      a, a code { color: var(--vscode-textLink-foreground); }
      a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
      code { font-family: var(--monaco-monospace-font); color: var(--vscode-textPreformat-foreground);
        background-color: var(--vscode-textPreformat-background); padding: 1px 3px; border-radius: 4px; }
    </style>
    <link rel="stylesheet" href="/comparison.css">
    </head><body class="${kind}" data-vscode-theme-kind="${kind}">
    <script nonce="${nonce}">
      window.told = []; window.kept = undefined;
      const kept = ${json};
      window.acquireVsCodeApi = () => ({
        postMessage: (message) => window.told.push(message),
        getState: () => kept ?? undefined,
        setState: (state) => { window.kept = structuredClone(state); },
      });
    </script>
    <script nonce="${nonce}" src="/comparison.js"></script></body></html>`;
}
