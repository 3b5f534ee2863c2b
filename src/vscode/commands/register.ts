import type * as vscode from 'vscode';
import { commandIds } from '../command-ids';
import { register } from '../register';
import type { CommandServices } from './command-services';
import { compareCommand } from './compare';
import { decideCommand } from './decide';
import { theDocuments } from './documents';
import { offerInterrupted } from './interrupted';
import { Requests } from './invoke';
import { showLineageCommand } from './lineage';
import { openLogsCommand } from './logs';
import { releaseCommand } from './release';
import { retrainAllCommand, retrainCommand } from './retrain';
import { resumeReleaseCommand, rollBackCommand } from './rollback';
import { cancelActivityCommand, resumeRunCommand, stopRunCommand } from './runs';
import { startSandboxCommand, stopSandboxCommand } from './sandbox';

/**
 * The commands of the loop. Each takes what a node, a CodeLens or a key binding hands it as its first argument and asks
 * for what is lacking. Nothing is read while registering.
 */
export function registerCommands(context: vscode.ExtensionContext, services: CommandServices): void {
  const requests = new Requests(services);
  const { globalState } = context;
  context.subscriptions.push(requests, theDocuments());
  register(context, commandIds.retrain, (argument?: unknown) => retrainCommand(services, argument));
  register(context, commandIds.retrainAll, () => retrainAllCommand(services));
  register(context, commandIds.resumeRun, (argument?: unknown) => resumeRunCommand(services, argument));
  register(context, commandIds.stopRun, (argument?: unknown) => stopRunCommand(services, argument));
  register(context, commandIds.compare, (argument?: unknown, selected?: unknown) =>
    compareCommand(services, argument, selected),
  );
  register(context, commandIds.approve, (argument?: unknown) =>
    decideCommand(services, 'Approved', argument),
  );
  register(context, commandIds.reject, (argument?: unknown) => decideCommand(services, 'Rejected', argument));
  register(context, commandIds.release, (argument?: unknown) => releaseCommand(services, argument));
  register(context, commandIds.rollBack, (argument?: unknown) => rollBackCommand(services, argument));
  register(context, commandIds.resumeRelease, (argument?: unknown) =>
    resumeReleaseCommand(services, argument),
  );
  register(context, commandIds.cancelActivity, (argument?: unknown) =>
    cancelActivityCommand(services, argument),
  );
  register(context, commandIds.invokeTarget, (argument?: unknown) => requests.open(argument));
  register(context, commandIds.sendRequest, (argument?: unknown) => requests.send(argument));
  register(context, commandIds.openLogs, (argument?: unknown) => openLogsCommand(services, argument));
  register(context, commandIds.showLineage, (argument?: unknown) => showLineageCommand(services, argument));
  register(context, commandIds.startSandbox, (argument?: unknown) =>
    startSandboxCommand(services, globalState, argument),
  );
  register(context, commandIds.stopSandbox, (argument?: unknown) =>
    stopSandboxCommand(services, globalState, argument),
  );
  offerInterrupted(context, services);
}
