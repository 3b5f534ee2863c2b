import * as vscode from 'vscode';
import { WarmstartError } from '../../errors';
import { type Environment, environmentOf, type Project } from '../../project/project';
import { commandIds } from '../command-ids';
import type { Connection } from '../connection';

/** What a command is handed that means an environment: its name, or a tree node of it. */
export type EnvironmentArgument = string | { environment?: unknown } | undefined;

/** @throws WarmstartError `project.none` */
export function projectOf(connection: Connection): Project {
  if (connection.project) return connection.project;
  throw connection.projectFile === undefined
    ? new WarmstartError(
        'connection.no-project',
        vscode.l10n.t('There is no warmstart.json in this workspace.'),
        {
          kind: 'usage',
          remedy: vscode.l10n.t('Open the folder of a project, or start the local sandbox.'),
        },
      )
    : new WarmstartError('project.invalid', vscode.l10n.t('The project file has errors.'), {
        kind: 'usage',
        remedy: vscode.l10n.t('Correct what is marked in it.'),
      });
}

/** The environment that an argument names, else the current one, else the registry's. */
export function environmentOfArgument(connection: Connection, argument: EnvironmentArgument): Environment {
  const project = projectOf(connection);
  const name = nameOf(argument);
  if (name !== undefined) return environmentOf(project, name);
  const { state } = connection;
  if (state.kind === 'noProfile') return environmentOf(project, state.environment);
  return connection.ticket?.environment ?? project.registry;
}

interface EnvironmentItem extends vscode.QuickPickItem {
  environment?: string;
}

/** Makes another environment the current one, by name or as picked from all with their accounts and profiles. */
export async function switchEnvironment(
  connection: Connection,
  argument: EnvironmentArgument,
): Promise<void> {
  const project = projectOf(connection);
  const name = nameOf(argument) ?? (await pickEnvironment(connection, project));
  if (name === undefined) throw new vscode.CancellationError();
  environmentOf(project, name);
  await connection.switchTo(name);
  if (connection.state.kind === 'noProfile')
    await vscode.commands.executeCommand(commandIds.chooseProfile, name);
}

async function pickEnvironment(connection: Connection, project: Project): Promise<string | undefined> {
  const current = connection.ticket?.environment.name;
  const items: EnvironmentItem[] = project.environments.map((environment) => ({
    environment: environment.name,
    label: `${environment.protected ? '$(lock)' : '$(cloud)'} ${environment.name}`,
    description: [
      environment.accountId,
      environment.region,
      ...(environment.name === current ? [vscode.l10n.t('current')] : []),
    ].join(' · '),
    detail: profileText(connection, environment),
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Switch Environment'),
    placeHolder: vscode.l10n.t('Every view, client and cache follows'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.environment;
}

function profileText(connection: Connection, environment: Environment): string {
  const choice = connection.profileOf(environment);
  if (!choice) return vscode.l10n.t('no profile chosen');
  if (choice.profile === undefined) return vscode.l10n.t('default credentials');
  return vscode.l10n.t('profile {0}', choice.profile);
}

/** Asks STS who answers for the environment, and says so. */
export async function checkEnvironment(connection: Connection, argument: EnvironmentArgument): Promise<void> {
  const environment = environmentOfArgument(connection, argument);
  const { ticket } = connection;
  if (!ticket)
    throw new WarmstartError(
      'connection.no-profile',
      vscode.l10n.t('Nothing is connected: no AWS profile is chosen.'),
      { kind: 'usage', remedy: vscode.l10n.t('Choose one.') },
    );
  const session = await connection.session(ticket, environment);
  const { accountId, arn } = await session.whoAmI();
  void vscode.window.showInformationMessage(
    vscode.l10n.t('"{0}" is account {1}, reached as {2}.', environment.name, accountId, arn),
  );
}

function nameOf(argument: EnvironmentArgument): string | undefined {
  const name: unknown = typeof argument === 'object' ? argument.environment : argument;
  return typeof name === 'string' ? name : undefined;
}
