import type * as vscode from 'vscode';
import type { ActivityEntry } from '../activity/entry';
import type { Services } from '../services';
import { registerTreeCommands, type Views } from './commands';
import { loadActivity } from './loaders/activity';
import { loadApprovals } from './loaders/approvals';
import { loadEndpoints } from './loaders/endpoints';
import { loadLineage } from './loaders/lineage';
import { loadModels } from './loaders/models';
import { View } from './view';

/** Makes the five views and their commands. Nothing is read before a view is seen. */
export function registerTrees(context: vscode.ExtensionContext, services: Services): Views {
  const views: Views = {
    approvals: new View('approvals', services, loadApprovals),
    models: new View('models', services, loadModels),
    lineage: new View('lineage', services, loadLineage),
    endpoints: new View('endpoints', services, loadEndpoints),
    activity: new View('activity', services, loadActivity),
  };
  context.subscriptions.push(...Object.values(views));
  registerTreeCommands(context, services, views);
  context.subscriptions.push(
    followActivity(services, views),
    followEachOther(views),
    keepBadge(services, views),
  );
  return views;
}

/** News of this window's operations show in Activity as they come; when one begins, finds its id or ends, all views look again. */
function followActivity({ activity }: Services, views: Views): vscode.Disposable {
  let steps = stepsOf(activity.entries());
  let standing = standingOf(activity.entries());
  return activity.onDidChange(() => {
    const [stepsNow, standingNow] = [stepsOf(activity.entries()), standingOf(activity.entries())];
    const isNextStep = stepsNow !== steps;
    const isNews = standingNow !== standing;
    [steps, standing] = [stepsNow, standingNow];
    void views.activity.reload({ forget: isNextStep || isNews });
    if (!isNews) return;
    for (const view of Object.values(views)) if (view !== views.activity) void view.reload({ forget: true });
  });
}

/** The end of a run is a version that waits, that of a release another one that serves. */
function followEachOther(views: Views): vscode.Disposable {
  const all = Object.values(views);
  const subscriptions = all.map((view) =>
    view.onDidSettle(() => {
      for (const other of all) if (other !== view) void other.reload({ forget: true });
    }),
  );
  return { dispose: () => subscriptions.forEach((each) => void each.dispose()) };
}

function standingOf(entries: readonly ActivityEntry[]): string {
  return JSON.stringify(entries.map(({ id, status, operation }) => [id, status, operation]));
}

function stepsOf(entries: readonly ActivityEntry[]): string {
  return JSON.stringify(entries.map(({ id, steps }) => [id, steps.length]));
}

/** The number of waiting versions stands on the container's icon: read once any of the views was seen, whichever. */
function keepBadge({ connection }: Services, views: Views): vscode.Disposable {
  let isSeen = false;
  const count = () => void (isSeen && views.approvals.getChildren());
  const disposables = [
    ...Object.values(views).map((view) =>
      view.tree.onDidChangeVisibility(({ visible }) => {
        if (isSeen || !visible) return;
        isSeen = true;
        count();
      }),
    ),
    // After the views' own listeners, which have forgotten what was before.
    connection.onDidChange(count),
  ];
  return { dispose: () => disposables.forEach((each) => void each.dispose()) };
}
