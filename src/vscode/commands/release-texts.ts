import type { Project } from '../../project/project';
import type { Manifest } from '../../release/manifest';
import type { PlannedTarget, ReleasePlan } from '../../release/plan';
import type { L10n } from '../trees/l10n';
import { literal } from '../trees/markdown';
import { table } from './markdown';

/** Where a release goes. */
export interface Place {
  endpointName: string;
  environment: string;
  accountId: string;
  region: string;
}

export function placeOf(
  project: Project,
  environmentName: string,
  endpoint: { name: string },
): Place & { protected: boolean } {
  const environment = project.environments.find(({ name }) => name === environmentName);
  return {
    endpointName: endpoint.name,
    environment: environmentName,
    accountId: environment?.accountId ?? '',
    region: environment?.region ?? '',
    protected: environment?.protected ?? false,
  };
}

/** Targets that a release would change. Pure. */
export function changesOf({ targets }: ReleasePlan): PlannedTarget[] {
  return targets.filter(({ action }) => !['keep', 'carry', 'absent'].includes(action));
}

/** `version 2 → 3`, with what it means. Pure. */
export function actionText(l10n: L10n, { action, from, to }: PlannedTarget): string {
  const before = from === null ? l10n.t('unknown') : String(from);
  switch (action) {
    case 'add':
      return l10n.t('new: version {0}', to ?? '?');
    case 'update':
      return from === to
        ? l10n.t('version {0} is put back', to ?? '?')
        : l10n.t('version {0} → {1}', before, to ?? '?');
    case 'restore':
      return l10n.t('back from version {0} to {1}', before, to ?? '?');
    case 'keep':
      return l10n.t('stays: version {0}', before);
    case 'carry':
      return l10n.t('carried along unchanged');
    case 'remove':
      return l10n.t('REMOVED: callers lose version {0}', before);
    default:
      return l10n.t('no version is admitted');
  }
}

/** A plan's icon in a quick pick. Pure. */
export function actionIcon({ action }: PlannedTarget): string {
  const icons: Record<PlannedTarget['action'], string> = {
    add: '$(add)',
    update: '$(arrow-up)',
    restore: '$(discard)',
    keep: '$(check)',
    carry: '$(check)',
    remove: '$(trash)',
    absent: '$(circle-slash)',
  };
  return icons[action];
}

/** What the modal of a protected environment says below its question: account, endpoint, versions. Pure. */
export function releaseDetail(l10n: L10n, place: Place, plan: ReleasePlan): string {
  return [
    l10n.t('Account: {0} ({1}, {2})', place.accountId, place.environment, place.region),
    plan.first
      ? l10n.t('Endpoint: {0}, which is created', place.endpointName)
      : l10n.t('Endpoint: {0}', place.endpointName),
    '',
    ...changesOf(plan).map((target) => `${target.targetModel}: ${actionText(l10n, target)}`),
    ...(changesOf(plan).length ? [] : [l10n.t('The same versions are released and verified again.')]),
    ...plan.notes.map((note) => `⚠ ${note}`),
  ].join('\n');
}

/** The whole plan as Markdown. Pure. */
export function planMarkdown(l10n: L10n, place: Place, plan: ReleasePlan): string {
  return [
    `# ${literal(l10n.t('Release {0} to {1}', place.endpointName, place.environment))}`,
    '',
    l10n.t('Account {0}, {1}.', place.accountId, place.region),
    ...(plan.first ? ['', l10n.t('The endpoint does not exist yet; it is created.')] : []),
    ...(plan.nothingToDo ? ['', `**${l10n.t('Nothing to do: it serves what the registry admits.')}**`] : []),
    ...plan.refusals.flatMap((refusal) => ['', `> ✗ ${l10n.t('Refused:')} ${literal(refusal)}`]),
    ...plan.notes.flatMap((note) => ['', `> ⚠ ${literal(note)}`]),
    '',
    table(
      [l10n.t('target model'), l10n.t('what happens'), l10n.t('notes')],
      plan.targets.map((target) => [target.targetModel, actionText(l10n, target), target.notes.join('; ')]),
    ),
    '',
    ...(plan.image === null ? [] : [`${l10n.t('Container')}: ${literal(plan.image)}`, '']),
    l10n.t(
      'Every target model is copied to a new prefix, the endpoint is updated, and each one must answer its probes; else the release is rolled back.',
    ),
    '',
  ].join('\n');
}

/** What a finished release serves, as a sentence. Pure. */
export function releasedText(
  l10n: L10n,
  { endpointName, environment, releaseId, targets, verified }: Manifest,
): string {
  return l10n.t(
    '{0} in {1} serves release {2}: {3} target models, {4} probes answered as expected.',
    endpointName,
    environment,
    releaseId,
    targets.length,
    verified?.probes ?? 0,
  );
}

/** Releases that can be gone back to, newest first. Pure. */
export function rollBackGoals(manifests: readonly Manifest[], serving: string | null): Manifest[] {
  return manifests.filter(
    ({ status, kind, prunedAt, releaseId }) =>
      status === 'released' && kind !== 'rollback' && prunedAt === undefined && releaseId !== serving,
  );
}

/** What a rollback changes, one line for each target model whose version differs. Pure. */
export function rollBackDetail(
  l10n: L10n,
  place: Place,
  goal: Manifest,
  serving: Manifest | undefined,
): string {
  const now = new Map((serving?.targets ?? []).map(({ targetModel, version }) => [targetModel, version]));
  const then = new Map(goal.targets.map(({ targetModel, version }) => [targetModel, version]));
  const word = (version: number | undefined) => (version === undefined ? '–' : String(version));
  const changes = [...new Set([...now.keys(), ...then.keys()])]
    .sort()
    .filter((name) => now.has(name) !== then.has(name) || now.get(name) !== then.get(name))
    .map((name) =>
      then.has(name)
        ? l10n.t('{0}: version {1} → {2}', name, word(now.get(name)), word(then.get(name)))
        : l10n.t('{0}: REMOVED, callers lose it', name),
    );
  return [
    l10n.t('Account: {0} ({1}, {2})', place.accountId, place.environment, place.region),
    l10n.t('Endpoint: {0}', place.endpointName),
    l10n.t('Back to release {0} of {1}', goal.releaseId, goal.createdAt.slice(0, 16).replace('T', ' ')),
    '',
    ...(changes.length ? changes : [l10n.t('The same versions as now.')]),
  ].join('\n');
}

/** What a finished rollback serves, as a sentence. Pure. */
export function rolledBackText(
  l10n: L10n,
  { endpointName, environment, rolledBackTo, verified }: Manifest,
): string {
  return l10n.t(
    '{0} in {1} serves release {2} again; {3} probes answered as expected.',
    endpointName,
    environment,
    rolledBackTo ?? '?',
    verified?.probes ?? 0,
  );
}
