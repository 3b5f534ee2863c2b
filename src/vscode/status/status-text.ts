import { type CommandId, commandIds } from '../command-ids';
import type { ConnectionState } from '../connection';
import type { L10n } from '../trees/l10n';
import { tooltip } from '../trees/markdown';

/** What the status bar says. `command` may also be one of VS Code's own. */
export interface StatusText {
  text: string;
  /** Markdown. */
  tooltip: string;
  /** Read aloud instead of the text. */
  label: string;
  warning: boolean;
  command: CommandId | 'workbench.trust.manage';
}

/** Environment, account and profile in a line; undefined when there is nothing to say. Pure. */
export function statusText(state: ConnectionState, l10n: L10n): StatusText | undefined {
  switch (state.kind) {
    case 'noProject':
      return undefined;
    case 'badProject':
      return plain(
        l10n.t('$(warning) warmstart.json: problems'),
        state.problems === 1
          ? l10n.t('The project file has one error.')
          : l10n.t('The project file has {0} errors.', state.problems),
        commandIds.openProjectFile,
      );
    case 'untrusted':
      return plain(
        l10n.t('$(shield) Warmstart: restricted'),
        l10n.t(
          'This workspace is not trusted, so its project file chooses no AWS profile and nothing is run.',
        ),
        'workbench.trust.manage',
      );
    case 'noProfile':
      return plain(
        l10n.t('$(warning) {0} · no profile', state.environment),
        l10n.t('No AWS profile is chosen for "{0}".', state.environment),
        commandIds.chooseProfile,
      );
    default:
      return connected(state, l10n);
  }
}

function plain(text: string, sentence: string, command: StatusText['command']): StatusText {
  return { text, tooltip: tooltip('Warmstart', [], [sentence]), label: sentence, warning: true, command };
}

function connected(state: Extract<ConnectionState, { ticket: unknown }>, l10n: L10n): StatusText {
  const { environment, profile, project } = state.ticket;
  const shownProfile = profile ?? l10n.t('default credentials');
  const isBad = state.kind === 'expired' || state.kind === 'wrongAccount' || state.kind === 'denied';
  const parts = [environment.name, environment.accountId, shownProfile].join(' · ');
  const mark = state.kind === 'expired' ? l10n.t('expired') : l10n.t('wrong account');
  const trouble = state.kind === 'denied' ? l10n.t('denied') : mark;
  const icon = isBad ? '$(warning)' : environment.protected ? '$(lock)' : '$(cloud)';
  const sentences = [
    ...(isBad ? [state.message] : []),
    ...(environment.protected ? [l10n.t('Protected: releases ask first.')] : []),
    ...(state.kind === 'unchecked' ? [l10n.t('AWS has not been asked yet.')] : []),
    l10n.t('Click to switch the environment.'),
  ];
  return {
    text: `${icon} ${parts}${isBad ? ` · ${trouble}` : ''}`,
    tooltip: tooltip(
      l10n.t('Environment {0}', environment.name),
      [
        [l10n.t('Account'), environment.accountId],
        [l10n.t('Region'), environment.region],
        [l10n.t('Profile'), shownProfile],
        [l10n.t('Bucket'), environment.bucket],
        [l10n.t('Registry'), project.registry.name],
      ],
      sentences,
    ),
    label: l10n.t(
      'Environment {0}, account {1}, profile {2}{3}',
      environment.name,
      environment.accountId,
      shownProfile,
      isBad ? `, ${trouble}` : '',
    ),
    warning: isBad || environment.protected,
    command: commandIds.switchEnvironment,
  };
}
