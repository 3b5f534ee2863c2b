import { createInterface } from 'node:readline/promises';
import { openSession, type Session } from '../aws/session';
import { Store } from '../aws/store';
import { Cancelled, WarmstartError } from '../errors';
import { loadProject } from '../project/load';
import { type Environment, environmentOf, type Project } from '../project/project';
import { type Scene, sceneOf } from '../release/release';
import type { RunScene } from '../runs/scene';
import type { Task } from '../task';
import type { Output } from './output';

/** Options that every command takes. */
export interface GlobalOptions {
  project?: string;
  /** `name` for every environment, or `environment=name`. */
  profile?: string[];
  json?: boolean;
}

/** What a command works with: the project, sessions opened once each, and the task that Ctrl-C cancels. */
export class Context {
  readonly #sessions = new Map<string, Promise<Session>>();
  #project: Promise<Project> | undefined;

  constructor(
    readonly options: GlobalOptions,
    readonly output: Output,
    readonly task: Task,
  ) {}

  project(): Promise<Project> {
    this.#project ??= this.#load();
    return this.#project;
  }

  async session(environment: Environment): Promise<Session> {
    let session = this.#sessions.get(environment.name);
    if (!session) {
      const profile = this.#profileFor(environment.name);
      session = openSession(environment, {
        ...(profile === undefined ? {} : { profile }),
        ...(process.stdin.isTTY ? { mfaCode: askMfaCode } : {}),
      });
      this.#sessions.set(environment.name, session);
    }
    return session;
  }

  async environment(name: string | undefined): Promise<Environment> {
    const project = await this.project();
    return name === undefined ? project.registry : environmentOf(project, name);
  }

  /** The scene of a release command. The account is checked now, or the plan could be that of another one. */
  async releaseScene(endpointKey: string, environmentName: string): Promise<Scene> {
    const project = await this.project();
    const environment = environmentOf(project, environmentName);
    const session = await this.session(environment);
    const scene = sceneOf(
      project,
      endpointKey,
      environment,
      {
        session,
        registry: await this.session(project.registry),
        sessionOf: (other) => this.session(other),
      },
      this.task,
    );
    await session.assertAccount();
    return scene;
  }

  /** The scene of a run: registry session and bucket, warehouse password. The account is checked now. */
  async runScene(): Promise<RunScene> {
    const project = await this.project();
    const session = await this.session(project.registry);
    await session.assertAccount();
    return {
      project,
      session,
      store: new Store(session, project.registry.bucket),
      sessionOf: (environment) => this.session(environment),
      password: () => warehousePassword(project),
      task: this.task,
    };
  }

  async close(): Promise<void> {
    for (const session of this.#sessions.values()) (await session.catch(() => undefined))?.close();
  }

  async #load(): Promise<Project> {
    const project = await loadProject(this.options.project);
    // A mistyped environment must not leave the profile that was meant for it unused.
    for (const option of this.options.profile ?? []) {
      const [name = '', profile] = option.split('=', 2);
      if (profile !== undefined) environmentOf(project, name);
    }
    return project;
  }

  #profileFor(environment: string): string | undefined {
    let everywhere: string | undefined;
    for (const option of this.options.profile ?? []) {
      const [name, profile] = option.split('=', 2);
      if (profile === undefined) everywhere = name;
      else if (name === environment) return profile;
    }
    // On the command line AWS_PROFILE is the user's own word, as a flag is; only the project's suggestion ranks below.
    return everywhere ?? process.env.AWS_PROFILE;
  }
}

/** On the command line the warehouse's password comes from the environment, never from a file of the project. */
async function warehousePassword({ warehouse }: Project): Promise<string | undefined> {
  if (warehouse.password.from === 'none') return undefined;
  const name = warehouse.password.from === 'environment' ? warehouse.password.name : 'PGPASSWORD';
  const password = process.env[name];
  if (password === undefined && warehouse.password.from === 'environment') {
    throw new WarmstartError(
      'warehouse.password',
      `The environment variable ${name} with the warehouse’s password is not set.`,
      {
        kind: 'usage',
        remedy: `Set ${name} for this command.`,
      },
    );
  }
  // Without PGPASSWORD the driver still reads ~/.pgpass.
  return password;
}

async function askMfaCode(serial: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const code = (await terminal.question(`MFA code of ${serial}: `)).trim();
    if (!code) throw new Cancelled();
    return code;
  } finally {
    terminal.close();
  }
}
