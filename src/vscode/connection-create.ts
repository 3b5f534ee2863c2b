import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Session } from '../aws/session';
import { WarmstartError } from '../errors';
import type { Environment, Project } from '../project/project';
import { askMfaCode, askWarehousePassword, promptSignIn } from './ask';
import type { Connection, ConnectionState, Ticket } from './connection';
import { AwsFiles } from './connection-aws-files';
import {
  hasAmbientCredentials,
  type ProfileChoice,
  type ProfileFacts,
  profileFor,
} from './connection-profile';
import { ProjectSource } from './connection-project';
import type { Engine } from './engine';
import { asEngineError, needsSignIn } from './engine-error';
import type { Log } from './log';
import { ownProfiles } from './settings';

const rememberedEnvironment = 'warmstart.environment';

/** What belongs to a ticket and lives as long as somebody holds it. */
interface Holding {
  choices: Map<string, ProfileChoice | undefined>;
  sessions: Map<string, Promise<Session>>;
  /** Environments for which a person would not give an MFA code: not asked for again under this ticket. */
  declined: Set<string>;
}

export function createConnection(
  context: Pick<vscode.ExtensionContext, 'workspaceState' | 'globalState' | 'secrets'>,
  log: Log,
  engine: () => Engine,
): LiveConnection {
  return new LiveConnection(context, log, engine);
}

/** Reads nothing and calls nobody until the window is idle after activation. */
export class LiveConnection implements Connection, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<ConnectionState>();
  readonly onDidChange = this.#changed.event;
  readonly source: ProjectSource;
  readonly #files: AwsFiles;
  readonly #holdings = new WeakMap<Ticket, Holding>();
  readonly #disposables: vscode.Disposable[];
  #state: ConnectionState = { kind: 'noProject' };
  #project: Project | undefined;
  #projectFile: string | undefined;
  #facts: ProfileFacts = { own: {}, known: [], trusted: false, ambient: false };
  #generation = 0;
  /** The generation in which the person was last asked to sign in. */
  #prompted = -1;
  /** Reloads and switches, one after the other. */
  #queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: Pick<vscode.ExtensionContext, 'workspaceState' | 'globalState' | 'secrets'>,
    private readonly log: Log,
    private readonly engine: () => Engine,
  ) {
    this.source = new ProjectSource(context.workspaceState, engine);
    this.#files = new AwsFiles(context.globalState);
    const reload = (why: string) => () => {
      log.debug(`reload: ${why}`);
      void this.reload();
    };
    const settings = vscode.workspace.onDidChangeConfiguration((event) => {
      if (
        event.affectsConfiguration('warmstart.profiles') ||
        event.affectsConfiguration('warmstart.awsConfigFile')
      )
        reload('settings')();
    });
    const start = setImmediate(reload('start'));
    this.#disposables = [
      this.#changed,
      this.source,
      this.#files,
      settings,
      this.source.onDidChange(reload('project')),
      this.#files.onDidChange(reload('AWS files')),
      // Tokens are refreshed all the time; they are news only to somebody who waits for them.
      this.#files.onDidSignIn(() => {
        if (this.#prompted === this.#generation) reload('signed in')();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(reload('trust')),
      { dispose: () => clearImmediate(start) },
    ];
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get ticket(): Ticket | undefined {
    return 'ticket' in this.#state ? this.#state.ticket : undefined;
  }

  get project(): Project | undefined {
    return this.#project;
  }

  get projectFile(): string | undefined {
    return this.#projectFile;
  }

  isCurrent(ticket: Ticket): boolean {
    return ticket === this.ticket && ticket.generation === this.#generation;
  }

  profileOf(environment: Environment): ProfileChoice | undefined {
    return profileFor(environment, this.#facts);
  }

  session(ticket: Ticket, environment = ticket.environment): Promise<Session> {
    const holding = this.#holdings.get(ticket);
    if (!holding) return Promise.reject(new Error('A ticket that this connection did not make.'));
    const found = holding.sessions.get(environment.name);
    if (found) return found;
    const session = this.#open(ticket, holding, environment);
    holding.sessions.set(environment.name, session);
    // Whoever asks next tries again; those who wait now share the failure.
    session.catch((error: unknown) => {
      holding.sessions.delete(environment.name);
      this.log.error(`session of "${environment.name}"`, error);
    });
    return session;
  }

  switchTo(environment: string): Promise<void> {
    return this.#next(() => this.context.workspaceState.update(rememberedEnvironment, environment));
  }

  reload(): Promise<void> {
    return this.#next();
  }

  report(ticket: Ticket, error: unknown | undefined, environment = ticket.environment): void {
    if (!this.isCurrent(ticket)) return;
    const isOwn = environment.name === ticket.environment.name;
    if (error === undefined) {
      // Only a reload ends a bad state: else a view that still gets answers would fight with one that does not.
      if (isOwn && this.#state.kind === 'unchecked') this.#set({ kind: 'ok', ticket });
      return;
    }
    const { code, message } = asEngineError(error);
    if (needsSignIn(code)) {
      if (isOwn && this.#state.kind !== 'expired') this.#set({ kind: 'expired', ticket, message });
      if (this.#prompted === this.#generation) return;
      this.#prompted = this.#generation;
      void promptSignIn(environment, this.#choice(ticket, environment)?.profile, error);
    } else if (code === 'aws.wrong-account' && isOwn && this.#state.kind !== 'wrongAccount') {
      this.#set({ kind: 'wrongAccount', ticket, message });
    }
  }

  async warehousePassword({ project }: Ticket): Promise<string | undefined> {
    const { warehouse } = project;
    if (warehouse.password.from === 'none') return undefined;
    if (warehouse.password.from === 'environment') {
      const password = process.env[warehouse.password.name];
      if (password !== undefined) return password;
      throw new WarmstartError(
        'warehouse.password',
        vscode.l10n.t(
          'The environment variable {0} with the warehouse’s password is not set.',
          warehouse.password.name,
        ),
        { kind: 'usage', remedy: vscode.l10n.t('Set it before VS Code is started.') },
      );
    }
    const stored = await this.context.secrets.get(secretName(project));
    return stored ?? (await this.askWarehousePassword(project));
  }

  /** Asks for the password and keeps it. @throws a cancellation when the person gives none */
  async askWarehousePassword(project: Project): Promise<string> {
    const password = await askWarehousePassword(project.warehouse);
    await this.context.secrets.store(secretName(project), password);
    return password;
  }

  async useAwsConfig(file: string | undefined, folder?: string): Promise<void> {
    const place =
      folder ??
      (this.#projectFile === undefined ? undefined : dirname(this.#projectFile)) ??
      vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    if (place !== undefined) await this.#files.choose(file, place);
    await this.reload();
  }

  /** The AWS config file in use. */
  get awsConfigFile(): string {
    return this.#files.configFile;
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }

  /** From here on nothing of before is current, though the new state is known only when the promise resolves. */
  #next(change?: () => Thenable<void>): Promise<void> {
    const generation = ++this.#generation;
    const done = this.#queue.then(async () => {
      await change?.();
      // Of several in a row the last one reads for all.
      if (generation === this.#generation) await this.#rebuild();
    });
    this.#queue = done.catch((error: unknown) => this.log.error('reload failed', error));
    return done;
  }

  async #rebuild(): Promise<void> {
    const reading = await this.source.read();
    this.#project = reading?.project;
    this.#projectFile = reading?.file;
    this.#files.apply(reading?.file);
    if (!reading) return this.#set({ kind: 'noProject' });
    const { project, problems } = reading;
    if (!project) {
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      return this.#set({ kind: 'badProject', problems: errors });
    }
    this.#facts = {
      own: ownProfiles(),
      known: (await this.engine().listProfiles()).map(({ name }) => name),
      trusted: vscode.workspace.isTrusted,
      ambient: hasAmbientCredentials(process.env),
    };
    this.#set(this.#stateOf(project));
  }

  #stateOf(project: Project): ConnectionState {
    const wanted = this.context.workspaceState.get<string>(rememberedEnvironment);
    const environment = project.environments.find(({ name }) => name === wanted) ?? project.registry;
    const choices = new Map(project.environments.map((each) => [each.name, this.profileOf(each)]));
    const choice = choices.get(environment.name);
    if (!choice)
      return this.#facts.trusted
        ? { kind: 'noProfile', environment: environment.name }
        : { kind: 'untrusted' };
    const { profile } = choice;
    const key = [environment.name, profile ?? '', environment.accountId, environment.region].join('|');
    const ticket: Ticket = Object.freeze({
      project,
      environment,
      profile,
      key,
      generation: this.#generation,
    });
    this.#holdings.set(ticket, { choices, sessions: new Map(), declined: new Set() });
    return { kind: 'unchecked', ticket };
  }

  async #open(ticket: Ticket, holding: Holding, environment: Environment): Promise<Session> {
    try {
      const choice = holding.choices.get(environment.name);
      if (!choice) throw noProfile(environment);
      const mfaCode = async (serial: string) => {
        const asked = !holding.declined.has(environment.name);
        const code = asked ? await askMfaCode(environment, choice.profile, serial) : undefined;
        if (code !== undefined) return code;
        holding.declined.add(environment.name);
        throw mfaRequired(environment);
      };
      // Without the suggestion of the project file: whether it counts has been decided above.
      const session = await this.engine().openSession(
        { ...environment, profile: undefined },
        { profile: choice.profile, mfaCode },
      );
      await session.assertAccount();
      this.report(ticket, undefined, environment);
      return session;
    } catch (failure) {
      const isDeclined = holding.declined.has(environment.name);
      // They have just been asked, so no prompt follows; the engine cannot tell our refusal from a failure.
      if (isDeclined) this.#prompted = this.#generation;
      const error = isDeclined ? mfaRequired(environment) : failure;
      this.report(ticket, error, environment);
      const { code, message } = asEngineError(error);
      const isOwn = environment.name === ticket.environment.name;
      // Not even STS, or the role of the profile: this is the account, not one operation.
      if (code === 'aws.access-denied' && isOwn && this.isCurrent(ticket))
        this.#set({ kind: 'denied', ticket, message });
      throw error;
    }
  }

  #choice(ticket: Ticket, environment: Environment): ProfileChoice | undefined {
    return this.#holdings.get(ticket)?.choices.get(environment.name);
  }

  #set(state: ConnectionState): void {
    this.#state = state;
    this.log.debug(`connection: ${state.kind}${'ticket' in state ? ` ${state.ticket.key}` : ''}`);
    void vscode.commands.executeCommand('setContext', 'warmstart.state', state.kind);
    this.#changed.fire(state);
  }
}

/** By the server and user, not by the project: a repository that names another server must not get this password. */
function secretName({ warehouse: { kind, host, port, database, user } }: Project): string {
  return `warmstart.warehouse.${JSON.stringify([kind, user, host, port, database])}`;
}

function noProfile({ name, accountId }: Environment): WarmstartError {
  return new WarmstartError(
    'connection.no-profile',
    vscode.l10n.t('No AWS profile is chosen for "{0}" (account {1}).', name, accountId),
    { kind: 'usage', remedy: vscode.l10n.t('Choose one.') },
  );
}

function mfaRequired({ name }: Environment): WarmstartError {
  return new WarmstartError(
    'aws.mfa-required',
    vscode.l10n.t('"{0}" needs the code of an MFA device.', name),
    {
      remedy: vscode.l10n.t('Refresh to be asked for it again.'),
    },
  );
}
