import * as vscode from 'vscode';
import { WarmstartError } from '../../errors';
import { commandIds } from '../command-ids';
import type { LiveConnection } from '../connection-create';
import { register } from '../register';
import type { Services } from '../services';
import { checkEnvironment, type EnvironmentArgument, projectOf, switchEnvironment } from './environment';
import { chooseProfile } from './profiles';
import { signIn } from './sign-in';
import { registerStatusBar } from './status-bar';

/** The status bar item and the commands about environment, profile, sign-in and project file. */
export function registerStatus(
  context: vscode.ExtensionContext,
  services: Services,
  connection: LiveConnection,
): vscode.StatusBarItem {
  const item = registerStatusBar(context, services);
  register(context, commandIds.switchEnvironment, (argument: EnvironmentArgument) =>
    switchEnvironment(connection, argument),
  );
  register(context, commandIds.checkEnvironment, (argument: EnvironmentArgument) =>
    checkEnvironment(connection, argument),
  );
  register(context, commandIds.chooseProfile, (argument: EnvironmentArgument) =>
    chooseProfile(services, argument),
  );
  register(context, commandIds.signIn, (argument: EnvironmentArgument) => signIn(services, argument));
  register(context, commandIds.showLog, () => services.log.show());
  register(context, commandIds.openProjectFile, () => openProjectFile(connection));
  register(context, commandIds.setWarehousePassword, async () => {
    await connection.askWarehousePassword(projectOf(connection));
    void vscode.window.showInformationMessage(vscode.l10n.t('The warehouse’s password is kept.'));
  });
  return item;
}

/** Opens the project file; of several in the workspace the one picked, which is used from then on. */
async function openProjectFile(connection: LiveConnection): Promise<void> {
  const files = await connection.source.candidates();
  const [only] = files;
  if (!only) {
    throw new WarmstartError(
      'connection.no-project',
      vscode.l10n.t('There is no warmstart.json in this workspace.'),
      {
        kind: 'usage',
        remedy: vscode.l10n.t('Open the folder of a project, or start the local sandbox.'),
      },
    );
  }
  const file = files.length === 1 ? only : await pickProjectFile(files, connection.projectFile);
  if (file.fsPath !== connection.projectFile) {
    await connection.source.use(file);
    await connection.reload();
  }
  await vscode.window.showTextDocument(file);
}

async function pickProjectFile(files: vscode.Uri[], current: string | undefined): Promise<vscode.Uri> {
  const chosen = await vscode.window.showQuickPick(
    files.map((file) => ({
      label: vscode.workspace.asRelativePath(file),
      ...(file.fsPath === current ? { description: vscode.l10n.t('current') } : {}),
      file,
    })),
    { title: vscode.l10n.t('Which project?') },
  );
  if (!chosen) throw new vscode.CancellationError();
  return chosen.file;
}
