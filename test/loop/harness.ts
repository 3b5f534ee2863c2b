import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { openSession, type Session } from '../../src/aws/session';
import { Store } from '../../src/aws/store';
import { loadProject } from '../../src/project/load';
import { environmentOf, type Project } from '../../src/project/project';
import { type Scene, sceneOf } from '../../src/release/release';
import type { RunScene } from '../../src/runs/scene';
import type { RecordedRequest } from '../../src/sandbox/record';
import { quietTask, type Task } from '../../src/task';
import type { Events } from './events';

const dist = resolve(__dirname, '../../dist');
/** AWS's minutes become fractions of a second. */
const speed = 600;

/** What a command answered. */
export class Answer {
  constructor(
    readonly code: number | null,
    readonly events: { event: string }[],
    readonly stdout: string,
    readonly stderr: string,
  ) {}

  all<K extends keyof Events>(name: K): Events[K][] {
    return this.events.filter((e): e is Events[K] & { event: string } => e.event === name);
  }

  one<K extends keyof Events>(name: K): Events[K] {
    const found = this.all(name);
    assert.equal(found.length, 1, `one ${name} expected, not ${found.length}: ${this.stdout}${this.stderr}`);
    return found[0] as Events[K];
  }
}

/** A command under way. */
export interface Running {
  child: ChildProcess;
  /** Resolves with the first event that fits, of those that came already, too. */
  until(fits: (event: { event: string; step?: string; message?: string }) => boolean): Promise<void>;
  answer: Promise<Answer>;
}

/** A sandbox of its own, its sample project made cheap, and a person at a terminal. */
export class Loop {
  readonly home = mkdtempSync(join(tmpdir(), 'warmstart-loop-'));
  readonly projectFile = join(this.home, 'project', 'warmstart.json');
  readonly #recordFile = join(this.home, 'requests.jsonl');
  readonly #sessions = new Map<string, Session>();
  readonly #environment = { ...process.env };
  #sandbox: ChildProcess | undefined;

  async start(): Promise<void> {
    const arguments_ = ['--home', this.home, '--port', '0', '--speed', String(speed), '--json'];
    this.#sandbox = spawn(
      process.execPath,
      [join(dist, 'sandbox.js'), ...arguments_, '--record', this.#recordFile],
      { stdio: ['ignore', 'pipe', 'inherit'], env: this.env() },
    );
    const ready = await Promise.race([once(this.#sandbox.stdout!, 'data'), once(this.#sandbox, 'exit')]);
    assert.match(String(ready[0]), /sandbox\.ready/, 'the sandbox did not start');
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, this.env());
    this.edit(makeCheap);
  }

  async stop(): Promise<void> {
    for (const session of this.#sessions.values()) session.close();
    if (this.#sandbox && this.#sandbox.exitCode === null) {
      this.#sandbox.kill();
      await once(this.#sandbox, 'exit');
    }
    for (const name of Object.keys(process.env)) if (!(name in this.#environment)) delete process.env[name];
    Object.assign(process.env, this.#environment);
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Runs `warmstart --json …` to its end. */
  async cli(...command: string[]): Promise<Answer> {
    return this.begin(command).answer;
  }

  /** The same, for a command that must succeed. */
  async done(...command: string[]): Promise<Answer> {
    const answer = await this.cli(...command);
    assert.equal(answer.code, 0, `warmstart ${command.join(' ')}: ${answer.stdout}${answer.stderr}`);
    return answer;
  }

  /** The same, for a command that must fail: its exit code and the code of its one error. */
  async fails(exitCode: number, errorCode: string, ...command: string[]): Promise<Events['error']> {
    const answer = await this.cli(...command);
    const error = answer.one('error');
    assert.deepEqual([answer.code, error.code], [exitCode, errorCode], error.message);
    return error;
  }

  /** The same for people: plain text, as a pipe gets it. */
  async plain(...command: string[]): Promise<Answer> {
    return this.begin(command, []).answer;
  }

  /** Runs a command that dies, as by `kill -9`, when it is about to tell something that fits. */
  async killedAt(what: RegExp, ...command: string[]): Promise<void> {
    const hook = join(this.home, 'kill.cjs');
    writeFileSync(
      hook,
      `const { write } = process.stdout;
       process.stdout.write = (text, ...rest) => {
         if (${what}.test(text)) process.kill(process.pid, 'SIGKILL');
         return write.call(process.stdout, text, ...rest);
       };`,
    );
    const { code, stdout, stderr } = await this.begin(command, ['--json'], ['--require', hook]).answer;
    assert.notEqual(code, 0, `it was not killed: ${stdout}${stderr}`);
    assert.ok(!/"event":"error"/.test(stdout), stdout);
  }

  begin(command: string[], options = ['--json'], nodeOptions: string[] = []): Running {
    const child = spawn(
      process.execPath,
      [...nodeOptions, join(dist, 'cli.js'), '--project', this.projectFile, ...options, ...command],
      { stdio: ['ignore', 'pipe', 'pipe'], env: this.env() },
    );
    return follow(child, options.includes('--json'));
  }

  /** Changes the project file. */
  edit(change: (file: ProjectJson) => void): void {
    const file = JSON.parse(readFileSync(this.projectFile, 'utf8')) as ProjectJson;
    change(file);
    writeFileSync(this.projectFile, JSON.stringify(file, null, 2));
  }

  /** Changes the project file for the time of `work`. */
  async editedFor(change: (file: ProjectJson) => void, work: () => Promise<void>): Promise<void> {
    const before = readFileSync(this.projectFile);
    this.edit(change);
    try {
      await work();
    } finally {
      writeFileSync(this.projectFile, before);
    }
  }

  project(): Promise<Project> {
    return loadProject(this.projectFile);
  }

  async session(environment = 'training'): Promise<Session> {
    let session = this.#sessions.get(environment);
    if (!session) {
      session = await openSession(environmentOf(await this.project(), environment));
      this.#sessions.set(environment, session);
    }
    return session;
  }

  async store(environment = 'training'): Promise<Store> {
    return new Store(await this.session(environment));
  }

  async releaseScene(environment: string, task: Task = quietTask()): Promise<Scene> {
    const project = await this.project();
    const sessions = {
      session: await this.session(environment),
      registry: await this.session(),
      sessionOf: (other: { name: string }) => this.session(other.name),
    };
    return sceneOf(project, 'flights', environmentOf(project, environment), sessions, task);
  }

  async runScene(task: Task = quietTask()): Promise<RunScene> {
    return {
      project: await this.project(),
      session: await this.session(),
      store: await this.store(),
      sessionOf: (environment) => this.session(environment.name),
      password: async () => undefined,
      task,
    };
  }

  /** What the sandbox was asked for since `from` requests. */
  requests(from = 0): RecordedRequest[] {
    if (!existsSync(this.#recordFile)) return [];
    const lines = readFileSync(this.#recordFile, 'utf8').trim().split('\n').slice(from);
    return lines.map((line) => JSON.parse(line) as RecordedRequest);
  }

  local(path: string): string {
    return readFileSync(join(this.home, 'project', path), 'utf8');
  }

  env(): NodeJS.ProcessEnv {
    const own = Object.entries(this.#environment).filter(([name]) => !/^(AWS_|NODE_OPTIONS$)/.test(name));
    return {
      ...Object.fromEntries(own),
      AWS_CONFIG_FILE: join(this.home, 'aws', 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(this.home, 'no-credentials'),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
  }
}

/** As much of `warmstart.json` as the tests change. */
export interface ProjectJson {
  environments: Record<string, { promote?: object; protected?: boolean; bucket: string }>;
  endpoints: Record<string, Record<string, unknown>>;
  models: Record<string, ModelJson>;
}

interface ModelJson {
  packageGroup: string;
  data: { query: string };
  training: Record<string, unknown>;
  tuning: { maxJobs: number; maxParallelJobs: number; ranges: Record<string, object>; warmStart?: unknown };
  evaluation: { gates: object[]; engine?: string };
}

function makeCheap(file: ProjectJson): void {
  for (const { tuning } of Object.values(file.models)) {
    tuning.maxJobs = 2;
    tuning.ranges = {
      num_round: { min: 5, max: 10 },
      max_depth: { min: 2, max: 4 },
      eta: { min: 0.1, max: 0.5 },
    };
  }
}

/** One sandbox for all tests of the surrounding `describe`. */
export function useLoop(): Loop {
  const loop = new Loop();
  before(async function () {
    this.timeout(60_000);
    await loop.start();
  });
  after(() => loop.stop());
  return loop;
}

function follow(child: ChildProcess, json: boolean): Running {
  const events: { event: string }[] = [];
  const waiting: { fits: (event: { event: string }) => boolean; resolve: () => void }[] = [];
  let stdout = '';
  let stderr = '';
  createInterface({ input: child.stdout! }).on('line', (line) => {
    stdout += `${line}\n`;
    if (!json) return;
    const event = JSON.parse(line) as { event: string };
    events.push(event);
    for (const one of waiting) if (one.fits(event)) one.resolve();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const answer = once(child, 'close').then(
    ([code]) => new Answer(code as number | null, events, stdout, stderr),
  );
  return {
    child,
    answer,
    until: (fits) =>
      events.some(fits)
        ? Promise.resolve()
        : Promise.race([
            new Promise<void>((resolve) => waiting.push({ fits, resolve })),
            answer.then(() => assert.fail(`it ended before: ${stdout}${stderr}`)),
          ]),
  };
}
