import * as vscode from 'vscode';
import { WarmstartError } from '../../errors';
import { commandIds, viewIds } from '../command-ids';
import { register } from '../register';
import type { Services } from '../services';
import { consoleUrl } from './arn';
import type { TreeNode } from './node';
import type { ViewName } from './summary';
import type { View } from './view';

export type Views = Record<ViewName, View>;

const names = Object.keys(viewIds) as ViewName[];

/** The commands of nodes and views: nothing here changes AWS. */
export function registerTreeCommands(
  context: vscode.ExtensionContext,
  { connection }: Services,
  views: Views,
): void {
  const all = Object.values(views);
  const viewOf = (node: TreeNode) => all.find((view) => view.model.node(node.id));
  // The files are read again, too: whoever presses "refresh" wants to see what is, not what was.
  register(context, commandIds.refresh, () => connection.reload());
  register(context, commandIds.refreshNode, (node?: TreeNode) => {
    if (node) viewOf(node)?.refresh(node);
  });
  register(context, commandIds.loadMore, async (node?: TreeNode) => {
    if (node?.kind === 'loadMore') await viewOf(node)?.model.loadMore(node);
  });
  register(context, commandIds.copyName, (node?: TreeNode) => copy(node?.name));
  register(context, commandIds.copyArn, (node?: TreeNode) => copy(node?.arn));
  register(context, commandIds.openInConsole, (node?: TreeNode) => openInConsole(node));
  register(context, commandIds.filter, (view?: string, text?: string) => filter(named(views, view), text));
  register(context, commandIds.clearFilter, (view?: string) => named(views, view)?.setFilter(''));
  for (const name of names) {
    const own = viewCommands(name);
    context.subscriptions.push(
      vscode.commands.registerCommand(own.filter, () =>
        vscode.commands.executeCommand(commandIds.filter, viewIds[name]),
      ),
      vscode.commands.registerCommand(own.clearFilter, () =>
        vscode.commands.executeCommand(commandIds.clearFilter, viewIds[name]),
      ),
    );
  }
}

/** A view's title menu hands over no argument, so that each view has its own two commands. */
export function viewCommands(name: ViewName): { filter: string; clearFilter: string } {
  return { filter: `${viewIds[name]}.filter`, clearFilter: `${viewIds[name]}.clearFilter` };
}

function named(views: Views, id: string | undefined): View | undefined {
  const name = names.find((each) => viewIds[each] === id);
  return name && views[name];
}

/** Shows only what holds a text; asks for it unless given. */
async function filter(view: View | undefined, text?: string): Promise<void> {
  if (!view) return;
  const wanted =
    text ??
    (await vscode.window.showInputBox({
      title: vscode.l10n.t('Filter'),
      prompt: vscode.l10n.t('Show only what holds this text. Nothing shows all.'),
      value: view.model.filter,
    }));
  if (wanted !== undefined) view.setFilter(wanted.trim());
}

async function copy(text: string | undefined): Promise<void> {
  if (text === undefined) return;
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', text), 3000);
}

async function openInConsole(node: TreeNode | undefined): Promise<void> {
  if (node?.arn === undefined) return;
  const url = consoleUrl(node.arn);
  if (url === undefined) {
    throw new WarmstartError(
      'vscode.no-console',
      vscode.l10n.t('There is no public AWS console for {0}.', node.arn),
      { kind: 'usage', remedy: vscode.l10n.t('Copy the ARN and open it in the console of that partition.') },
    );
  }
  await vscode.env.openExternal(vscode.Uri.parse(url, true));
}
