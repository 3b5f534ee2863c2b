import * as vscode from 'vscode';
import type { Services } from '../services';
import { statusText } from './status-text';

/** Shows environment, account and profile; the warning colour says that care is due. */
export function registerStatusBar(
  context: vscode.ExtensionContext,
  { connection }: Services,
): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem('warmstart.environment', vscode.StatusBarAlignment.Left, 50);
  item.name = vscode.l10n.t('Warmstart Environment');
  const update = () => {
    const text = statusText(connection.state, vscode.l10n);
    if (!text) return item.hide();
    item.text = text.text;
    item.tooltip = new vscode.MarkdownString(text.tooltip);
    item.accessibilityInformation = { label: text.label };
    item.backgroundColor = text.warning
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    item.command = text.command;
    item.show();
  };
  update();
  context.subscriptions.push(item, connection.onDidChange(update));
  return item;
}
