import * as vscode from 'vscode';
import type { ProfileInfo } from '../../aws/profiles';
import { WarmstartError } from '../../errors';
import { byFit } from '../connection-profile';
import type { Services } from '../services';
import { choosePersonalProfile } from '../settings';
import { type EnvironmentArgument, environmentOfArgument } from './environment';

/** Lets the person pick the AWS profile of an environment, and writes it to their own settings. */
export async function chooseProfile(
  { connection, engine }: Services,
  argument: EnvironmentArgument,
): Promise<void> {
  const environment = environmentOfArgument(connection, argument);
  const profiles = byFit(await engine().listProfiles(), environment.accountId);
  if (profiles.length === 0)
    throw new WarmstartError('aws.no-profiles', vscode.l10n.t('This machine has no AWS profiles.'), {
      kind: 'usage',
      remedy: vscode.l10n.t('Set one up with: aws configure sso'),
    });
  const current = connection.profileOf(environment)?.profile;
  const chosen = await vscode.window.showQuickPick(
    profiles.map((profile) => ({
      label: profile.name,
      description: [
        profile.accountId ?? vscode.l10n.t('account unknown'),
        ...(profile.name === current ? [vscode.l10n.t('current')] : []),
        ...(profile.name === environment.profile ? [vscode.l10n.t('suggested by the project')] : []),
        ...(profile.accountId !== undefined && profile.accountId !== environment.accountId
          ? [vscode.l10n.t('another account')]
          : []),
      ].join(' · '),
      detail: kindText(profile),
    })),
    {
      title: vscode.l10n.t('AWS profile of {0} (account {1})', environment.name, environment.accountId),
      placeHolder: vscode.l10n.t('Kept in your own settings, never in the project'),
      matchOnDescription: true,
    },
  );
  if (!chosen) throw new vscode.CancellationError();
  await choosePersonalProfile(environment, chosen.label);
  await connection.reload();
}

function kindText({ kind, region, sourceProfile }: ProfileInfo): string {
  const kinds: Record<ProfileInfo['kind'], string> = {
    sso: vscode.l10n.t('single sign-on'),
    login: vscode.l10n.t('console sign-in'),
    static: vscode.l10n.t('access keys'),
    process: vscode.l10n.t('credential process'),
    'assume-role': vscode.l10n.t('role through {0}', sourceProfile ?? ''),
    'web-identity': vscode.l10n.t('web identity'),
    none: vscode.l10n.t('no credentials of its own'),
  };
  return [kinds[kind], ...(region === undefined ? [] : [region])].join(' · ');
}
