import * as vscode from 'vscode';
import type { Manifest } from '../../release/manifest';
import type { Scene } from '../../release/release';
import { standingOfRelease } from '../activity/standing';
import type { Ticket } from '../connection';
import type { Services } from '../services';
import { carryOut, reportedIn, type Target } from './carry-out';
import type { CommandServices } from './command-services';
import { chosen, pickOne, pickPlace } from './pick';
import { placeOf, type releaseDetail, rollBackDetail, rollBackGoals } from './release-texts';
import { releaseScene, requireCurrent, withTicket } from './scenes';
import { type Subject, subjectOf } from './subject';
import { whileLooking } from './while-looking';

/** Goes back to an earlier release: the one of the node, else one that is asked for. Always asks, naming what changes. */
export function rollBackCommand(services: CommandServices, argument: unknown): Promise<void> {
  return withTicket(services, async (ticket) => {
    const subject = subjectOf(argument);
    const target = await pickPlace(ticket, subject, vscode.l10n.t('Roll Back'));
    await reportedIn(services, ticket, target, async () => {
      const goal = await pickGoal(services, ticket, target, subject);
      if (!goal) return;
      requireCurrent(services, ticket);
      const title = vscode.l10n.t('Roll back {0} in {1}', target.endpoint, target.environment);
      await carryOut(services, ticket, target, { kind: 'rollback', title, releaseId: null }, (scene) =>
        services.engine().rollBack(scene, goal.releaseId),
      );
    });
  });
}

/** The release to go back to, agreed to by the person; undefined after saying that there is none. */
async function pickGoal(
  services: Services,
  ticket: Ticket,
  target: Target,
  { releaseId }: Subject,
): Promise<Manifest | undefined> {
  const { l10n } = vscode;
  const { scene, manifests, serving } = await whileLooking(l10n.t('Looking for releases…'), (task) =>
    releasesOf(services, ticket, target, () => releaseScene(services, ticket, target, task)),
  );
  const place = placeOf(ticket.project, target.environment, scene.endpoint);
  const goals = rollBackGoals(manifests, serving?.releaseId ?? null);
  const named = goals.find((manifest) => manifest.releaseId === releaseId);
  if (goals.length === 0 || (releaseId !== undefined && !named)) {
    void vscode.window.showInformationMessage(
      releaseId === undefined
        ? l10n.t('{0} in {1} has no release to go back to.', place.endpointName, place.environment)
        : l10n.t('Release {0} serves already or cannot be gone back to.', releaseId),
    );
    return undefined;
  }
  const goal =
    named ??
    (await pickOne(
      goals.map((manifest) => ({
        label: manifest.releaseId,
        description: [
          manifest.createdAt.slice(0, 16).replace('T', ' '),
          ...(manifest.releaseId === serving?.previousRelease ? [l10n.t('the one before')] : []),
        ].join(' · '),
        detail: manifest.targets
          .map(({ targetModel, version }) => `${targetModel} ${version ?? '–'}`)
          .join(', '),
        value: manifest,
      })),
      {
        title: l10n.t('Roll back {0} in {1}', place.endpointName, place.environment),
        placeHolder: l10n.t('The release to go back to'),
        always: true,
      },
    ));
  const question = place.protected
    ? l10n.t('Roll back {0} in {1}, which is protected?', place.endpointName, place.environment)
    : l10n.t('Roll back {0} in {1}?', place.endpointName, place.environment);
  const detail = rollBackDetail(l10n, place, goal, serving);
  chosen(await vscode.window.showWarningMessage(question, { modal: true, detail }, l10n.t('Roll Back')));
  return goal;
}

/** The releases of an endpoint, newest first, and the one whose models it serves. */
async function releasesOf(
  services: Services,
  ticket: Ticket,
  target: Target,
  open: () => Promise<Scene>,
): Promise<{ scene: Scene; manifests: Manifest[]; serving: Manifest | undefined }> {
  const scene = await open();
  const { listManifests, readServing } = services.engine();
  const [manifests, live] = await Promise.all([
    listManifests(scene.store, target.endpoint),
    readServing(scene.session, ticket.project, target.endpoint, scene.environment),
  ]);
  const serving = manifests.find(({ releaseId }) => releaseId === live?.rolledBackTo) ?? live;
  return { scene, manifests, serving };
}

/** Goes on with a release that was interrupted, from whichever machine it was started. */
export function resumeReleaseCommand(services: CommandServices, argument: unknown): Promise<void> {
  return withTicket(services, async (ticket) => {
    const subject = subjectOf(argument);
    const target = await pickPlace(ticket, subject, vscode.l10n.t('Resume a Release'));
    await reportedIn(services, ticket, target, async () => {
      const manifest = await pickInterrupted(services, ticket, target, subject);
      if (!manifest) return;
      requireCurrent(services, ticket);
      const { releaseId } = manifest;
      const title = vscode.l10n.t('Resume the release of {0} to {1}', target.endpoint, target.environment);
      await carryOut(services, ticket, target, { kind: 'release', title, releaseId }, (scene) =>
        services.engine().resumeRelease(scene, releaseId),
      );
    });
  });
}

async function pickInterrupted(
  services: Services,
  ticket: Ticket,
  target: Target,
  subject: Subject,
): Promise<Manifest | undefined> {
  const { l10n } = vscode;
  const { scene, manifests, holder } = await whileLooking(l10n.t('Looking for releases…'), async (task) => {
    const found = await releasesOf(services, ticket, target, () =>
      releaseScene(services, ticket, target, task),
    );
    const lease = `endpoint-${target.endpoint}`;
    return { ...found, holder: await services.engine().holderOf(found.scene.store, lease, task.now()) };
  });
  const manifest = manifests.find(
    (each) =>
      each.kind !== 'rollback' &&
      standingOfRelease(each, holder) === 'interrupted' &&
      (subject.releaseId === undefined || each.releaseId === subject.releaseId),
  );
  const place = placeOf(ticket.project, target.environment, scene.endpoint);
  if (!manifest) {
    if (!holder)
      services.activity.forget({ kind: 'release', ...target, releaseId: subject.releaseId ?? null });
    void vscode.window.showInformationMessage(
      holder
        ? l10n.t(
            '{0} in {1} is being driven on {2}: {3}.',
            place.endpointName,
            place.environment,
            holder.host,
            holder.work,
          )
        : l10n.t('No release of {0} to {1} waits to be resumed.', place.endpointName, place.environment),
    );
    return undefined;
  }
  if (place.protected) {
    chosen(
      await vscode.window.showWarningMessage(
        l10n.t('Go on with release {0} to {1}, which is protected?', manifest.releaseId, place.environment),
        { modal: true, detail: resumeDetail(place, manifest) },
        l10n.t('Resume'),
      ),
    );
  }
  return manifest;
}

function resumeDetail(place: Parameters<typeof releaseDetail>[1], { targets }: Manifest): string {
  const { l10n } = vscode;
  return [
    l10n.t('Account: {0} ({1}, {2})', place.accountId, place.environment, place.region),
    l10n.t('Endpoint: {0}', place.endpointName),
    '',
    ...targets.map(({ targetModel, version }) => `${targetModel}: ${l10n.t('version {0}', version ?? '?')}`),
  ].join('\n');
}
