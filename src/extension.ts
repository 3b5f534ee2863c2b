import * as vscode from 'vscode';
import { createActivity } from './vscode/activity/activity';
import { registerCodeLens } from './vscode/codelens';
import { createConnection } from './vscode/connection-create';
import { loadEngine } from './vscode/engine';
import { theLog } from './vscode/log';
import type { Services } from './vscode/services';
import { registerStatus } from './vscode/status/register';
import { registerTrees } from './vscode/trees/register';

/**
 * Composition root: synchronous, no network. What needs AWS is loaded when it is first asked for.
 * @returns the parts for tests that run in the extension host; nothing to other extensions
 */
export function activate(context: vscode.ExtensionContext): Services | undefined {
  const start = performance.now();
  const log = theLog();
  const connection = createConnection(context, log, loadEngine);
  const activity = createActivity(context.workspaceState);
  context.subscriptions.push(log, connection, activity);
  const services: Services = { connection, log, activity, engine: loadEngine };
  registerStatus(context, services, connection);
  registerTrees(context, services);
  registerCodeLens(context);
  log.debug(`activated in ${(performance.now() - start).toFixed(1)} ms`);
  return context.extensionMode === vscode.ExtensionMode.Test ? services : undefined;
}
