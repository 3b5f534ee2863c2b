import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { commandIds } from '../command-ids';
import type { Services } from '../services';
import { type EnvironmentArgument, environmentOfArgument } from './environment';
import { renewalOf } from './renewal';

/** Signs in with the AWS CLI in a terminal and reads everything again when that terminal closes. */
export async function signIn({ connection, engine }: Services, argument: EnvironmentArgument): Promise<void> {
  const environment = environmentOfArgument(connection, argument);
  const choice = connection.profileOf(environment);
  if (!choice) {
    await vscode.commands.executeCommand(commandIds.chooseProfile, environment.name);
    return;
  }
  const renewal = renewalOf(choice.profile ?? 'default', await engine().listProfiles());
  if (renewal.kind === 'manual') return renewByHand(renewal.profile, connection.awsConfigFile);
  if (renewal.kind === 'command') await runAws(renewal.arguments);
  await connection.reload();
}

/**
 * No shell: the profile's name is an argument and nothing else. The home folder, because a workspace may hold a
 * program called `aws`, which Windows would prefer.
 */
async function runAws(args: string[]): Promise<void> {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = process.env;
  const terminal = vscode.window.createTerminal({
    name: `aws ${args.join(' ')}`,
    shellPath: 'aws',
    shellArgs: args,
    cwd: vscode.Uri.file(homedir()),
    env: {
      ...(AWS_CONFIG_FILE === undefined ? {} : { AWS_CONFIG_FILE }),
      ...(AWS_SHARED_CREDENTIALS_FILE === undefined ? {} : { AWS_SHARED_CREDENTIALS_FILE }),
    },
    iconPath: new vscode.ThemeIcon('key'),
    isTransient: true,
  });
  terminal.show();
  await new Promise<void>((resolve) => {
    const closed = vscode.window.onDidCloseTerminal((one) => {
      if (one !== terminal) return;
      closed.dispose();
      resolve();
    });
  });
}

async function renewByHand(profile: string, configFile: string): Promise<void> {
  const open = vscode.l10n.t('Open AWS Config File');
  const choose = vscode.l10n.t('Choose Profile');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'The profile "{0}" does not sign in: its credentials come from elsewhere. Renew them there; they are read again when the AWS files change.',
      profile,
    ),
    open,
    choose,
  );
  if (answer === open) await vscode.window.showTextDocument(vscode.Uri.file(configFile));
  if (answer === choose) await vscode.commands.executeCommand(commandIds.chooseProfile);
}
