import * as vscode from 'vscode';
import { modelsOf } from '../../project/project';
import type { Prepared } from '../../release/release';
import type { Ticket } from '../connection';
import { openComparison } from '../panels/open';
import { carryOut, reportedIn, type Target } from './carry-out';
import type { CommandServices } from './command-services';
import { theDocuments } from './documents';
import { chosen, pickPlace } from './pick';
import {
  actionIcon,
  actionText,
  changesOf,
  type Place,
  placeOf,
  planMarkdown,
  releaseDetail,
} from './release-texts';
import { releaseScene, requireCurrent, withTicket } from './scenes';
import { subjectOf } from './subject';
import { whileLooking } from './while-looking';

/** Plans a release, shows the plan, and carries it out when the person says so. */
export function releaseCommand(services: CommandServices, argument: unknown): Promise<void> {
  return withTicket(services, async (ticket) => {
    const target = await pickPlace(ticket, subjectOf(argument), vscode.l10n.t('Release'));
    await reportedIn(services, ticket, target, async () => {
      const prepared = await review(services, ticket, target);
      if (!prepared) return;
      requireCurrent(services, ticket);
      const title = vscode.l10n.t('Release {0} to {1}', target.endpoint, target.environment);
      await carryOut(services, ticket, target, { kind: 'release', title, releaseId: null }, (scene) =>
        services.engine().release(scene, prepared),
      );
    });
  });
}

/** Undefined when there is nothing to do, which is said. @throws `release.refused` with the plan's reasons */
async function review(
  services: CommandServices,
  ticket: Ticket,
  target: Target,
): Promise<Prepared | undefined> {
  let without: string[] = [];
  for (;;) {
    const { scene, prepared } = await plan(services, ticket, target, without);
    const { plan: planned } = prepared;
    const place = placeOf(ticket.project, target.environment, scene.endpoint);
    const show = () => theDocuments().showMarkdown(titleOf(place), planMarkdown(vscode.l10n, place, planned));
    if (planned.refusals.length) {
      await show();
      // Written nothing: the engine says it in its own words, as on the command line.
      await services.engine().release(scene, prepared);
    }
    if (planned.nothingToDo) {
      void tellNothing(place, show);
      return undefined;
    }
    const arns = changesOf(planned).flatMap(({ version }) => version?.arn ?? []);
    const compare = () => openComparison(services, ticket, { arns, baseline: target.environment });
    const action = await askPlan(place, prepared, { details: show, ...(arns.length ? { compare } : {}) });
    if (action === 'without') {
      without = await askWithout(ticket, target, without);
      continue;
    }
    if (place.protected) await confirm(place, prepared);
    return prepared;
  }
}

function plan(services: CommandServices, ticket: Ticket, target: Target, without: string[]) {
  return whileLooking(vscode.l10n.t('Planning the release…'), async (task) => {
    const scene = await releaseScene(services, ticket, target, task);
    return { scene, prepared: await services.engine().prepareRelease(scene, { without }) };
  });
}

interface Item extends vscode.QuickPickItem {
  action?: 'release' | 'without' | 'compare' | 'details';
}

/** What can be looked at beside the plan, which stays open meanwhile. */
interface Looks {
  details(): unknown;
  /** Absent when no version comes anew. */
  compare?(): unknown;
}

async function askPlan(
  place: Place,
  { plan: planned, without }: Prepared,
  looks: Looks,
): Promise<'release' | 'without'> {
  const { l10n } = vscode;
  const changes = changesOf(planned).length;
  const items: Item[] = [
    {
      label: `$(rocket) ${l10n.t('Release')}`,
      description:
        changes === 1 ? l10n.t('1 target model changes') : l10n.t('{0} target models change', changes),
      action: 'release',
    },
    {
      label: `$(circle-slash) ${without.length ? l10n.t('Without: {0}', without.join(', ')) : l10n.t('Leave models out…')}`,
      action: 'without',
    },
    ...(looks.compare
      ? [
          {
            label: `$(diff) ${l10n.t('Compare evaluations')}`,
            description: l10n.t('with what serves in {0}', place.environment),
            action: 'compare',
          } satisfies Item,
        ]
      : []),
    { label: `$(open-preview) ${l10n.t('Show the plan')}`, action: 'details' },
    { label: l10n.t('What will happen'), kind: vscode.QuickPickItemKind.Separator },
    ...planned.targets.map(
      (target): Item => ({
        label: `${actionIcon(target)} ${target.targetModel}`,
        description: actionText(l10n, target),
        ...(target.notes.length ? { detail: target.notes.join('; ') } : {}),
        action: 'details',
      }),
    ),
    ...planned.notes.map((note): Item => ({ label: `$(warning) ${note}`, action: 'details' })),
  ];
  for (;;) {
    const picked = await vscode.window.showQuickPick(items, {
      title: `${titleOf(place)} · ${place.accountId}`,
      placeHolder: l10n.t('What will happen. Nothing has been changed yet.'),
      ignoreFocusOut: true,
    });
    const { action = 'details' } = chosen(picked);
    if (action === 'release' || action === 'without') return action;
    await looks[action]?.();
  }
}

async function askWithout({ project }: Ticket, { endpoint }: Target, before: string[]): Promise<string[]> {
  const picked = await vscode.window.showQuickPick(
    modelsOf(project, endpoint).map(({ name, targetModel }) => ({
      label: name,
      description: targetModel,
      picked: before.includes(name),
    })),
    {
      title: vscode.l10n.t('Leave models out'),
      placeHolder: vscode.l10n.t('The release takes away what serves of the models chosen here.'),
      canPickMany: true,
      ignoreFocusOut: true,
    },
  );
  return chosen(picked).map(({ label }) => label);
}

async function confirm(place: Place, { plan: planned }: Prepared): Promise<void> {
  const { l10n } = vscode;
  const answer = await vscode.window.showWarningMessage(
    l10n.t('Release {0} to {1}, which is protected?', place.endpointName, place.environment),
    { modal: true, detail: releaseDetail(l10n, place, planned) },
    l10n.t('Release'),
  );
  chosen(answer);
}

function titleOf({ endpointName, environment }: Place): string {
  return vscode.l10n.t('Release {0} to {1}', endpointName, environment);
}

async function tellNothing(place: Place, show: () => Thenable<unknown>): Promise<void> {
  const plan = vscode.l10n.t('Show the Plan');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Nothing to do: {0} in {1} serves what the registry admits.',
      place.endpointName,
      place.environment,
    ),
    plan,
  );
  if (answer === plan) await show();
}
