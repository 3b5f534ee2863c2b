import * as vscode from 'vscode';
import type { Environment } from '../project/project';
import type { Warehouse } from '../project/schema';
import { commandIds } from './command-ids';
import { markShown } from './errors';

/** The code of an MFA device, or undefined when the person gives none. */
export async function askMfaCode(
  environment: Environment,
  profile: string | undefined,
  serial: string,
): Promise<string | undefined> {
  const code = await vscode.window.showInputBox({
    title: vscode.l10n.t('MFA code for {0} ({1})', environment.name, profile ?? environment.accountId),
    prompt: serial,
    ignoreFocusOut: true,
    validateInput: (text) => (/^\s*\d{6}\s*$/.test(text) ? undefined : vscode.l10n.t('Six digits')),
  });
  return code?.trim();
}

/** @throws vscode.CancellationError when the person gives none */
export async function askWarehousePassword({ user, host, port, database }: Warehouse): Promise<string> {
  const password = await vscode.window.showInputBox({
    title: vscode.l10n.t('Password of {0} at {1}:{2}/{3}', user, host, String(port), database),
    prompt: vscode.l10n.t('Kept in VS Code’s secret storage, for this server and user only.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (password === undefined) throw new vscode.CancellationError();
  return password;
}

/** The one prompt of an expired session. The error counts as shown. */
export async function promptSignIn(
  environment: Environment,
  profile: string | undefined,
  error: unknown,
): Promise<void> {
  markShown(error);
  const signIn = vscode.l10n.t('Sign In');
  const choose = vscode.l10n.t('Choose Profile');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'AWS does not answer for "{0}" (account {1}, {2}): the session has expired or there is none.',
      environment.name,
      environment.accountId,
      profile === undefined ? vscode.l10n.t('default credentials') : vscode.l10n.t('profile {0}', profile),
    ),
    signIn,
    choose,
    vscode.l10n.t('Show Log'),
  );
  if (answer === undefined) return;
  const command =
    answer === signIn ? commandIds.signIn : answer === choose ? commandIds.chooseProfile : commandIds.showLog;
  await vscode.commands.executeCommand(command, environment.name);
}
