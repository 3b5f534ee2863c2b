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

/** The one way to register a command; what becomes of it, {@link attempt} says. */
export function register<Arguments extends unknown[], Result>(
  context: vscode.ExtensionContext,
  command: CommandId,
  action: (...args: Arguments) => Result | Promise<Result>,
): void {
  const run = (...args: Arguments) =>
    attempt(command, () => {
      if (needsTrust.has(command)) requireTrust();
      return action(...args);
    });
  context.subscriptions.push(vscode.commands.registerCommand(command, run));
}

/**
 * What a person asked for, by a command or in a panel: it is logged with its duration, its error is shown once, a
 * cancellation is silent. Resolves to the action's value, or to undefined after an error, which is not thrown on: VS Code
 * would show it a second time.
 */
export async function attempt<Result>(
  name: string,
  action: () => Result | Promise<Result>,
): Promise<Result | undefined> {
  const log = theLog();
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const result = await action();
    log.debug(`${name} done in ${seconds()}`);
    return result;
  } catch (error) {
    if (asEngineError(error).kind === 'cancelled') {
      log.debug(`${name} cancelled after ${seconds()}`);
      return undefined;
    }
    log.error(`${name} failed after ${seconds()}`, error);
    void showError(error);
    return undefined;
  }
}

/** @throws WarmstartError `vscode.untrusted` (refused) in a workspace that nobody vouched for */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new WarmstartError(
    'vscode.untrusted',
    vscode.l10n.t('This workspace is not trusted, so nothing is run or changed.'),
    {
      kind: 'refused',
      remedy: vscode.l10n.t('Trust the workspace first: its project file decides what is run.'),
    },
  );
}
