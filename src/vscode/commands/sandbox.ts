import { dirname } from 'node:path';
import * as vscode from 'vscode';
import {
  defaultHome,
  runningSandbox,
  type SandboxInfo,
  startSandbox,
  stopSandbox,
} from '../../sandbox-process';
import { quietTask } from '../../task';
import type { CommandServices } from './command-services';

const rememberedHome = 'warmstart.sandbox.home';

/** For tests and key bindings; a person gives none of it. */
interface Options {
  home?: string;
  speed?: number;
}

/**
 * Starts the local AWS as a process of its own, or finds it running, and points this window at it. It goes on when the
 * window closes: the next one finds it by `<home>/sandbox.json`.
 */
export async function startSandboxCommand(
  services: CommandServices,
  state: vscode.Memento,
  argument: unknown,
): Promise<SandboxInfo> {
  const { home = defaultHome, speed = 60 } = optionsOf(argument);
  const request = {
    title: vscode.l10n.t('Start the local sandbox'),
    kind: 'sandbox' as const,
    subject: 'sandbox',
    connectionKey: null,
  };
  const info = await services.activity.run(request, async (task) => {
    const running = await runningSandbox(home);
    if (running) return running;
    task.report({
      step: 'start',
      message: vscode.l10n.t('A local AWS with three accounts and a warehouse starts.'),
    });
    return startSandbox({ home, port: 0, speed }, task);
  });
  await state.update(rememberedHome, home);
  const folder = dirname(info.projectFile);
  await services.connection.useAwsConfig(info.configFile, folder);
  if (!isOpen(folder)) void offerProject(info, folder);
  return info;
}

export async function stopSandboxCommand(
  { connection }: CommandServices,
  state: vscode.Memento,
  argument: unknown,
): Promise<void> {
  const home = optionsOf(argument).home ?? state.get<string>(rememberedHome) ?? defaultHome;
  const info = await runningSandbox(home);
  if (!info) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No sandbox is running.'));
    return;
  }
  await stopSandbox(home, quietTask());
  await connection.useAwsConfig(undefined, dirname(info.projectFile));
  void vscode.window.showInformationMessage(
    vscode.l10n.t('The sandbox is down. What is in it is kept for the next start.'),
  );
}

async function offerProject({ endpoint }: SandboxInfo, folder: string): Promise<void> {
  const open = vscode.l10n.t('Open Sample Project');
  const beside = vscode.l10n.t('Open in New Window');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      'The local sandbox is up at {0}. Its sample project has three models to retrain.',
      endpoint,
    ),
    open,
    beside,
  );
  if (answer !== undefined)
    await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), {
      forceNewWindow: answer === beside,
    });
}

function isOpen(folder: string): boolean {
  const wanted = vscode.Uri.file(folder).fsPath;
  return (vscode.workspace.workspaceFolders ?? []).some(({ uri }) => uri.fsPath === wanted);
}

function optionsOf(argument: unknown): Options {
  if (typeof argument !== 'object' || argument === null) return {};
  const home: unknown = Reflect.get(argument, 'home');
  const speed: unknown = Reflect.get(argument, 'speed');
  return {
    ...(typeof home === 'string' ? { home } : {}),
    ...(typeof speed === 'number' ? { speed } : {}),
  };
}
