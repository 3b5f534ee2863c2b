import * as vscode from 'vscode';
import { commandIds } from './command-ids';
import { asEngineError, needsSignIn } from './engine-error';
import { scrub } from './scrub';

export { asEngineError, type EngineError, needsSignIn } from './engine-error';

interface Action extends vscode.MessageItem {
  command: string;
}

const shown = new WeakSet<object>();

/** Counts an error as shown, for who told it to the person in a way of its own. */
export function markShown(error: unknown): void {
  if (typeof error === 'object' && error !== null) shown.add(error);
}

/**
 * Shows an error to the person: one message, with what to do next and the log one click away. A cancellation, and
 * an error that was shown already, show nothing. Resolves when the message is gone and the chosen action has run.
 */
export async function showError(error: unknown): Promise<void> {
  const { code, kind, message, remedy } = asEngineError(error);
  if (kind === 'cancelled' || (typeof error === 'object' && error !== null && shown.has(error))) return;
  markShown(error);
  const text = scrub(remedy === undefined ? message : `${message} ${remedy}`);
  const show = kind === 'failed' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  const actions: Action[] = [
    ...fittingAction(code),
    { title: vscode.l10n.t('Show Log'), command: commandIds.showLog },
  ];
  const chosen = await show(text, ...actions);
  if (chosen) await vscode.commands.executeCommand(chosen.command);
}

/** What most likely mends an error of this code. */
export function fittingAction(code: string): Action[] {
  if (code === 'aws.unknown-profile' || code === 'aws.wrong-account' || code === 'connection.no-profile')
    return [{ title: vscode.l10n.t('Choose Profile'), command: commandIds.chooseProfile }];
  if (needsSignIn(code)) return [{ title: vscode.l10n.t('Sign In'), command: commandIds.signIn }];
  if (code.startsWith('project.'))
    return [{ title: vscode.l10n.t('Open Project File'), command: commandIds.openProjectFile }];
  if (code === 'warehouse.password' || code === 'warehouse.authentication')
    return [{ title: vscode.l10n.t('Set Warehouse Password'), command: commandIds.setWarehousePassword }];
  return [];
}
