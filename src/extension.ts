import * as vscode from 'vscode';

/** Composition root: synchronous, no network. What needs AWS is loaded when it is first asked for. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Warmstart', { log: true });
  context.subscriptions.push(
    log,
    vscode.commands.registerCommand('warmstart.showLog', () => log.show()),
    vscode.commands.registerCommand('warmstart.openProjectFile', openProjectFile),
  );
  log.debug('activated');
}

async function openProjectFile(): Promise<void> {
  const [file] = await vscode.workspace.findFiles('**/warmstart.json', '**/node_modules/**', 1);
  if (file) await vscode.window.showTextDocument(file);
  else
    await vscode.window.showInformationMessage(
      vscode.l10n.t('There is no warmstart.json in this workspace.'),
    );
}
