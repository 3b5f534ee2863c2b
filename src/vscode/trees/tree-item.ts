import * as vscode from 'vscode';
import type { TreeNode } from './node';
import type { RenderedItem } from './render/item';

const states = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
};

/** A rendered node as VS Code wants it. */
export function toTreeItem(node: TreeNode, rendered: RenderedItem): vscode.TreeItem {
  const { icon, command } = rendered;
  const treeItem = new vscode.TreeItem(rendered.label, states[rendered.collapsible]);
  treeItem.id = node.id;
  treeItem.description = rendered.description;
  treeItem.iconPath = new vscode.ThemeIcon(
    icon.id,
    icon.color === undefined ? undefined : new vscode.ThemeColor(icon.color),
  );
  // Neither trusted nor HTML nor theme icons: what stands in it comes from AWS.
  treeItem.tooltip = new vscode.MarkdownString(rendered.tooltip, false);
  treeItem.contextValue = rendered.contextValue;
  treeItem.accessibilityInformation = { label: rendered.accessibilityLabel, role: 'treeitem' };
  if (command) treeItem.command = { ...command, arguments: command.arguments ?? [] };
  return treeItem;
}
