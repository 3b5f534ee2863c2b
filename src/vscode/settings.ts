import * as vscode from 'vscode';
import type { Environment } from '../project/project';
import { withChoice } from './connection-profile';

/** The person's own profiles by environment name or account id; what a workspace says is not looked at. */
export function ownProfiles(): Record<string, unknown> {
  const inspected = vscode.workspace
    .getConfiguration('warmstart')
    .inspect<Record<string, unknown>>('profiles');
  return { ...inspected?.globalValue };
}

export async function choosePersonalProfile(environment: Environment, profile: string): Promise<void> {
  await vscode.workspace
    .getConfiguration('warmstart')
    .update('profiles', withChoice(ownProfiles(), environment, profile), vscode.ConfigurationTarget.Global);
}

/** How often what is pending and visible is asked for again, in milliseconds. */
export function pollInterval(): number {
  return Math.max(2, vscode.workspace.getConfiguration('warmstart').get<number>('pollSeconds', 10)) * 1000;
}
