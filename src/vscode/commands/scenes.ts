import * as vscode from 'vscode';
import { WarmstartError } from '../../errors';
import { type Environment, environmentOf } from '../../project/project';
import type { Scene } from '../../release/release';
import type { RunScene } from '../../runs/scene';
import { quietTask, type Task } from '../../task';
import type { Connection, ConnectionState, Ticket } from '../connection';
import type { Services } from '../services';

/**
 * The ticket of the connection as it is now.
 * @throws WarmstartError (usage) that says what is missing, when there is none
 */
export function requireTicket({ state, ticket }: Pick<Connection, 'state' | 'ticket'>): Ticket {
  if (ticket) return ticket;
  throw lacking(state);
}

/**
 * Work under the present ticket, or under another one; what AWS said is told to the connection, so that an expired
 * session asks for a sign-in once.
 */
export async function withTicket<T>(
  { connection }: Pick<Services, 'connection'>,
  work: (ticket: Ticket) => Promise<T>,
  environment?: (ticket: Ticket) => Environment,
  ticket: Ticket = requireTicket(connection),
): Promise<T> {
  try {
    return await work(ticket);
  } catch (error) {
    connection.report(ticket, error, environment?.(ticket));
    throw error;
  }
}

/** @throws WarmstartError `connection.switched` (refused) when what was shown belongs to another environment by now */
export function requireCurrent({ connection }: Pick<Services, 'connection'>, ticket: Ticket): void {
  if (connection.isCurrent(ticket)) return;
  throw new WarmstartError(
    'connection.switched',
    vscode.l10n.t('The environment or the project changed meanwhile, so nothing was done.'),
    { kind: 'refused', remedy: vscode.l10n.t('Run the command again.') },
  );
}

/** The registry environment, in which everything but releases happens. */
export const registryOf = (ticket: Ticket): Environment => ticket.project.registry;

/** What runs work with: they always sign as the registry environment, whichever one is looked at. */
export async function runScene(
  services: Services,
  ticket: Ticket,
  task: Task = quietTask(),
): Promise<RunScene> {
  const { connection } = services;
  const { project } = ticket;
  const session = await connection.session(ticket, project.registry);
  const { Store } = services.engine();
  return {
    project,
    session,
    store: new Store(session, project.registry.bucket),
    sessionOf: (environment) => connection.session(ticket, environment),
    password: () => connection.warehousePassword(ticket),
    task,
  };
}

/** What releases work with. */
export async function releaseScene(
  services: Services,
  ticket: Ticket,
  place: { endpoint: string; environment: string },
  task: Task = quietTask(),
): Promise<Scene> {
  const { connection } = services;
  const environment = environmentOf(ticket.project, place.environment);
  const session = await connection.session(ticket, environment);
  const registry = await connection.session(ticket, ticket.project.registry);
  const sessionOf = (other: Environment) => connection.session(ticket, other);
  const sessions = { session, registry, sessionOf };
  return services.engine().sceneOf(ticket.project, place.endpoint, environment, sessions, task);
}

/** What is missing while there is nothing to connect to. */
export function lacking(state: ConnectionState): WarmstartError {
  const [code, message, remedy] = lackingWords(state);
  return new WarmstartError(code, message, { kind: 'usage', remedy });
}

function lackingWords(state: ConnectionState): [code: string, message: string, remedy: string] {
  const { l10n } = vscode;
  switch (state.kind) {
    case 'badProject':
      return [
        'project.invalid',
        l10n.t('warmstart.json has errors.'),
        l10n.t('Mend what the Problems view shows.'),
      ];
    case 'untrusted':
      return [
        'vscode.untrusted',
        l10n.t('This workspace is not trusted, so its accounts are not used.'),
        l10n.t('Trust the workspace, or choose profiles in your own settings.'),
      ];
    case 'noProfile':
      return [
        'connection.no-profile',
        l10n.t('No AWS profile is chosen for "{0}".', state.environment),
        l10n.t('Choose one.'),
      ];
    default:
      return [
        'project.none',
        l10n.t('There is no warmstart.json in this workspace.'),
        l10n.t('Open the folder of a project, or start the local sandbox, which brings one.'),
      ];
  }
}
