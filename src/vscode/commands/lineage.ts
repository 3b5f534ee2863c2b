import * as vscode from 'vscode';
import type { TreeNode } from '../trees/node';
import type { View } from '../trees/view';
import type { CommandServices } from './command-services';
import { pickModel } from './pick';
import { requireTicket } from './scenes';
import { subjectOf } from './subject';

/** Shows a model in the view of tuning lineage, and the tuning job when one is named. */
export async function showLineageCommand(services: CommandServices, argument: unknown): Promise<void> {
  const { project } = requireTicket(services.connection);
  const subject = subjectOf(argument);
  const model = await pickModel(project, subject, vscode.l10n.t('Show Lineage'));
  const view = services.views.lineage;
  if (view.model.filter !== '') view.setFilter('');
  const roots = await view.getChildren();
  const root = roots.find((node) => node.kind === 'lineageModel' && node.model === model.name);
  if (!root) return;
  const job = subject.tuningJob === undefined ? undefined : await findJob(view, root, subject.tuningJob);
  await view.tree.reveal(job ?? root, { select: true, focus: true, expand: true });
}

/** Depth first, since a lineage is deep and narrow. */
async function findJob(view: View, parent: TreeNode, name: string): Promise<TreeNode | undefined> {
  for (const node of await view.getChildren(parent)) {
    if (node.kind !== 'tuningJob') continue;
    if (node.job.name === name) return node;
    const below = node.job.children.length ? await findJob(view, node, name) : undefined;
    if (below) return below;
  }
  return undefined;
}
