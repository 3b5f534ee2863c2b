import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension';
import type { ConnectionState } from '../../src/vscode/connection';

/** Everything that the runner made around this window; see `surroundings.ts`. */
export const home = required('WARMSTART_TEST_HOME');
const sandboxFile = join(home, 'sandbox', 'sandbox.json');

/** The running sandbox, as it describes itself. */
export const sandbox = JSON.parse(readFileSync(sandboxFile, 'utf8')) as {
  endpoint: string;
  configFile: string;
  projectFile: string;
  profiles: Record<'training' | 'qa' | 'production', string>;
};

let current: TestApi | undefined;

/** The extension's own parts, which it hands out to tests only. */
export async function services(): Promise<TestApi> {
  if (current) return current;
  const extension = vscode.extensions.getExtension<TestApi>('warmstart.warmstart');
  assert.ok(extension, 'The extension is not installed.');
  current = await extension.activate();
  return current;
}

/** The parts of an extension that a test has activated anew. */
export function useServices(anew: TestApi): void {
  current = anew;
}

/** Waits until `probe` answers something, and answers that; the last error or answer tells why it never did. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  milliseconds = 15_000,
): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    assert.ok(Date.now() < deadline, `Waited ${milliseconds / 1000} s in vain: ${what}`);
    await sleep(25);
  }
}

/** Waits until the connection is in one of these states. */
export async function stateIs(...kinds: ConnectionState['kind'][]): Promise<void> {
  const { connection } = await services();
  await until(`state ${kinds.join(' or ')}, not ${connection.state.kind}`, () =>
    kinds.includes(connection.state.kind),
  );
}

/** Makes an environment the current one, with the state of a window that was just opened. */
export async function connect(environment: string): Promise<void> {
  const { connection } = await services();
  await until('a project', () => connection.project);
  await connection.switchTo(environment);
  assert.equal(connection.ticket?.environment.name, environment);
}

/** Shows all five views' first level at once, as a window does in which each is expanded. */
export async function readAllViews(): Promise<void> {
  const { views } = await services();
  await Promise.all(Object.values(views).map((view) => view.getChildren()));
}

type Answer = string | RegExp | string[] | undefined | ((items: readonly vscode.QuickPickItem[]) => unknown);

/** One question or message that a command put to the person. */
export interface Asked {
  kind: 'pick' | 'input' | 'information' | 'warning' | 'error';
  title: string;
  /** Labels of what could be chosen. */
  choices: string[];
  modal: boolean;
  detail: string;
}

/**
 * Takes the person's place while `work` runs: quick picks, input boxes and messages are answered in the order given, and
 * listed. A string or pattern picks the item or button with that label or types that text, a list picks many, undefined
 * dismisses; a function chooses itself. Messages with no answer left are dismissed; questions with none left fail.
 */
export async function answering<T>(
  answers: Answer[],
  work: () => Thenable<T> | Promise<T>,
): Promise<{ value: T; asked: Asked[] }> {
  const stage = new Stage([...answers]);
  try {
    return { value: await work(), asked: stage.asked };
  } finally {
    stage.leave();
  }
}

/** The messages that are shown while `work` runs, and in the half second after it. */
export async function messagesDuring(work: () => Thenable<unknown>): Promise<Asked[]> {
  const { asked } = await answering([], async () => {
    await work();
    await sleep(500);
  });
  return asked.filter(({ kind }) => kind !== 'pick' && kind !== 'input');
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, milliseconds));
}

interface MessageOptions {
  modal?: boolean;
  detail?: string;
}

class Stage {
  readonly asked: Asked[] = [];
  readonly #restore: (() => void)[] = [];

  constructor(private readonly answers: Answer[]) {
    this.#replace('showQuickPick', async (items, options) => {
      const list = (await items) as readonly (string | vscode.QuickPickItem)[];
      const picks = list.map((item) => (typeof item === 'string' ? { label: item } : item));
      const { title = '', placeHolder = '', canPickMany } = (options ?? {}) as vscode.QuickPickOptions;
      this.#note('pick', title || placeHolder, labelsOf(picks));
      const answer = this.#next(title || placeHolder);
      if (answer === undefined) return undefined;
      if (typeof answer === 'function') return answer(picks);
      const wanted = Array.isArray(answer) ? answer : [answer];
      const found = wanted.map((one) => list[indexOf(labelsOf(picks), one)]);
      return canPickMany ? found : found[0];
    });
    this.#replace('showInputBox', async (options) => {
      const { title = '', prompt = '', validateInput } = (options ?? {}) as vscode.InputBoxOptions;
      this.#note('input', title || prompt, []);
      const answer = this.#next(title || prompt);
      if (answer === undefined) return undefined;
      assert.equal(typeof answer, 'string', `"${title}" asks for text`);
      const problem = await validateInput?.(String(answer));
      assert.equal(problem ?? undefined, undefined, `"${answer}" is refused: ${JSON.stringify(problem)}`);
      return answer;
    });
    for (const [name, kind] of [
      ['showInformationMessage', 'information'],
      ['showWarningMessage', 'warning'],
      ['showErrorMessage', 'error'],
    ] as const) {
      this.#replace(name, async (message, ...rest) => {
        const [first] = rest;
        const hasOptions = typeof first === 'object' && first !== null && !('title' in first);
        const { modal = false, detail = '' } = hasOptions ? (first as MessageOptions) : {};
        const buttons = (hasOptions ? rest.slice(1) : rest) as (string | vscode.MessageItem)[];
        const labels = buttons.map((button) => (typeof button === 'string' ? button : button.title));
        this.#note(kind, String(message), labels, modal, detail);
        if (buttons.length === 0 || this.answers.length === 0) return undefined;
        const answer = this.#next(String(message));
        if (answer === undefined) return undefined;
        assert.ok(typeof answer === 'string' || answer instanceof RegExp, `"${message}" has buttons`);
        return buttons[indexOf(labels, answer)];
      });
    }
  }

  leave(): void {
    for (const restore of this.#restore) restore();
  }

  #next(question: string): Answer {
    assert.ok(this.answers.length > 0, `Nobody expected to be asked: ${question}`);
    return this.answers.shift();
  }

  #note(kind: Asked['kind'], title: string, choices: string[], modal = false, detail = ''): void {
    this.asked.push({ kind, title, choices, modal, detail });
  }

  #replace(name: keyof typeof vscode.window, stand: (...args: unknown[]) => Promise<unknown>): void {
    const original = Object.getOwnPropertyDescriptor(vscode.window, name);
    assert.ok(original, `vscode.window has no ${name}`);
    Object.defineProperty(vscode.window, name, { configurable: true, writable: true, value: stand });
    this.#restore.push(() => Object.defineProperty(vscode.window, name, original));
  }
}

function labelsOf(items: readonly vscode.QuickPickItem[]): string[] {
  return items.map(({ label }) => label);
}

/** Exactly, else by the text without its icon, else by a part of it. */
function indexOf(labels: readonly string[], wanted: string | RegExp): number {
  const plain = labels.map((label) => label.replace(/^\$\([\w-]+\)\s*/, ''));
  const index =
    wanted instanceof RegExp ? labels.findIndex((label) => wanted.test(label)) : plain.indexOf(wanted);
  assert.ok(index >= 0, `${wanted} is not among: ${labels.join(', ')}`);
  return index;
}

/** One line of the sandbox's `--record` file. */
export interface RecordedRequest {
  service: string;
  operation: string;
  /** Of the caller. */
  account?: string;
  params: unknown;
  status: number;
  error?: string;
}

/** What the sandbox has been asked, since `from` requests ago. */
export async function recorded(from = 0): Promise<RecordedRequest[]> {
  const text = await readFile(join(home, 'record.jsonl'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .slice(from)
    .map((line) => JSON.parse(line) as RecordedRequest);
}

/** Runs `work` with a changed text of a file, and puts the old one back. */
export async function withFile(
  file: string,
  change: (text: string) => string,
  work: () => Promise<void>,
): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, change(text));
  try {
    await work();
  } finally {
    await writeFile(file, text);
  }
}

/** The AWS config file that this window reads. */
export const awsConfig = join(home, '.aws', 'config');

/**
 * Runs `work` under a changed AWS config, and puts the old one back. Each time the extension has noticed by itself and
 * read everything again.
 */
export async function withAwsConfig(
  change: (text: string) => string,
  work: () => Promise<void>,
): Promise<void> {
  const text = await readFile(awsConfig, 'utf8');
  const write = async (changed: string) => {
    const { connection } = await services();
    let written = Number.POSITIVE_INFINITY;
    const noticed = new Promise<void>((done) => {
      const listening = connection.onDidChange(() => {
        // Sooner it is news of something else: the extension waits for half a second of quiet.
        if (performance.now() < written + 450) return;
        listening.dispose();
        done();
      });
    });
    await writeFile(awsConfig, changed);
    written = performance.now();
    await noticed;
  };
  await write(change(text));
  try {
    await work();
  } finally {
    await write(text);
  }
}

function required(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run the tests by \`npm run test:host\`.`);
  return value;
}
