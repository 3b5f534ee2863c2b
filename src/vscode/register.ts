import * as vscode from 'vscode';
import { WarmstartError } from '../errors';
import { type CommandId, commandIds } from './command-ids';
import { asEngineError, showError } from './errors';
import { theLog } from './log';

/** What runs programs, queries or changes AWS: not in a folder that nobody vouched for. */
const needsTrust: ReadonlySet<CommandId> = new Set<CommandId>([
  commandIds.retrain,
  commandIds.retrainAll,
  commandIds.resumeRun,
  commandIds.stopRun,
  commandIds.approve,
  commandIds.reject,
  commandIds.release,
  commandIds.resumeRelease,
  commandIds.rollBack,
  commandIds.invokeTarget,
  commandIds.sendRequest,
  commandIds.setWarehousePassword,
]);

/**
 * The one way to register a command: its run is logged with its duration, its error is shown once, a cancellation is
 * silent. The command resolves to the action's value, or to undefined after an error, which is not thrown on: VS Code
 * would show it a second time.
 */
export function register<Arguments extends unknown[], Result>(
  context: vscode.ExtensionContext,
  command: CommandId,
  action: (...args: Arguments) => Result | Promise<Result>,
): void {
  const run = async (...args: Arguments): Promise<Result | undefined> => {
    const log = theLog();
    const start = performance.now();
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    try {
      if (needsTrust.has(command) && !vscode.workspace.isTrusted) throw untrusted();
      const result = await action(...args);
      log.debug(`${command} done in ${seconds()}`);
      return result;
    } catch (error) {
      if (asEngineError(error).kind === 'cancelled') {
        log.debug(`${command} cancelled after ${seconds()}`);
        return undefined;
      }
      log.error(`${command} failed after ${seconds()}`, error);
      void showError(error);
      return undefined;
    }
  };
  context.subscriptions.push(vscode.commands.registerCommand(command, run));
}

function untrusted(): WarmstartError {
  return new WarmstartError(
    'vscode.untrusted',
    vscode.l10n.t('This workspace is not trusted, so nothing is run or changed.'),
    {
      kind: 'refused',
      remedy: vscode.l10n.t('Trust the workspace first: its project file decides what is run.'),
    },
  );
}
