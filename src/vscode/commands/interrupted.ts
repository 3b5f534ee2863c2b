import * as vscode from 'vscode';
import type { Interrupted } from '../activity/activity';
import { commandIds } from '../command-ids';
import type { Services } from '../services';
import { ofOperation } from './subject';

/**
 * Offers to resume what was under way when an earlier window closed, once, as soon as the project can be reached. What
 * has ended meanwhile, on another machine, is found to be so when it is resumed.
 */
export function offerInterrupted(context: vscode.ExtensionContext, services: Services): void {
  const { connection, activity } = services;
  if (activity.interrupted().length === 0) return;
  const listening = connection.onDidChange(() => {
    if (!connection.ticket || !vscode.workspace.isTrusted) return;
    listening.dispose();
    void offer(services, activity.interrupted());
  });
  context.subscriptions.push(listening);
}

async function offer({ activity }: Services, interrupted: readonly Interrupted[]): Promise<void> {
  const { l10n } = vscode;
  const [first] = interrupted;
  if (!first) return;
  const resume = l10n.t('Resume');
  const dismiss = l10n.t('Dismiss');
  const answer = await vscode.window.showInformationMessage(
    interrupted.length === 1
      ? l10n.t('Under way when this window was closed: {0}.', first.title)
      : l10n.t(
          'Under way when this window was closed: {0} and {1} more.',
          first.title,
          interrupted.length - 1,
        ),
    resume,
    dismiss,
  );
  if (answer === dismiss) for (const { operation } of interrupted) activity.forget(operation);
  if (answer !== resume) return;
  await Promise.all(
    interrupted.map(({ operation }) =>
      vscode.commands.executeCommand(
        operation.kind === 'retrain' ? commandIds.resumeRun : commandIds.resumeRelease,
        ofOperation(operation),
      ),
    ),
  );
}
