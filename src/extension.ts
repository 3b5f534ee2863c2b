import * as vscode from 'vscode';
import { createActivity } from './vscode/activity/activity';
import { registerCodeLens } from './vscode/codelens';
import { registerCommands } from './vscode/commands/register';
import { createConnection } from './vscode/connection-create';
import { loadEngine } from './vscode/engine';
import { theLog } from './vscode/log';
import { Panels } from './vscode/panels/panels';
import type { Services } from './vscode/services';
import { registerStatus } from './vscode/status/register';
import type { Views } from './vscode/trees/commands';
import { registerTrees } from './vscode/trees/register';

/** What tests in the extension host are given; other extensions are given nothing. */
export interface TestApi extends Services {
  context: vscode.ExtensionContext;
  views: Views;
  panels: Panels;
  statusBar: vscode.StatusBarItem;
}

/** Composition root: synchronous, no network. What needs AWS is loaded when it is first asked for. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const start = performance.now();
  const log = theLog();
  const connection = createConnection(context, log, loadEngine);
  const activity = createActivity(context.workspaceState);
  context.subscriptions.push(log, connection, activity);
  const services: Services = { connection, log, activity, engine: loadEngine };
  const statusBar = registerStatus(context, services, connection);
  const views = registerTrees(context, services);
  const panels = new Panels(context.extensionUri, services, views);
  context.subscriptions.push(panels);
  registerCommands(context, { ...services, views, panels });
  registerCodeLens(context, services);
  log.debug(`activated in ${(performance.now() - start).toFixed(1)} ms`);
  if (context.extensionMode !== vscode.ExtensionMode.Test) return undefined;
  return { ...services, context, views, panels, statusBar };
}
