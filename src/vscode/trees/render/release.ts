import type { Standing } from '../../activity/standing';
import { ago, duration, moment } from '../format';
import type { L10n } from '../l10n';
import { type Fact, tooltip } from '../markdown';
import type { NodeOf } from '../node';
import { type Icon, icons, item, type RenderedItem, type Scene } from './item';

/** Below an endpoint `20261122-153001-ab12 · serves · 4 models · 3 h ago`; in Activity with where it went. */
export function release(node: NodeOf<'release'>, scene: Scene): RenderedItem {
  const { l10n, now } = scene;
  const { manifest, live, standing } = node;
  const inActivity = node.place === 'activity';
  const state = stateOf(l10n, node);
  const isRunning = standing === 'live';
  return item({
    label: inActivity ? titleOf(l10n, node) : manifest.releaseId,
    icon: live ? { id: 'record', color: 'testing.iconPassed' } : releaseIcon(standing, manifest.status),
    description: [
      state,
      !inActivity &&
        manifest.kind === 'rollback' &&
        manifest.rolledBackTo !== undefined &&
        l10n.t('back to {0}', manifest.rolledBackTo),
      modelsText(l10n, manifest.targets.length),
      inActivity &&
        l10n.t(
          'took {0}',
          duration(l10n, manifest.createdAt, isRunning ? now.toISOString() : manifest.updatedAt),
        ),
      ago(l10n, manifest.createdAt, now),
    ],
    tooltip: tooltip(titleOf(l10n, node), facts(node, state, l10n), manifest.reason ? [manifest.reason] : []),
    can: [
      canRollBackTo(node) && 'rollbackable',
      standing === 'interrupted' && manifest.kind !== 'rollback' && 'resumableRelease',
      isRunning && node.activityId !== null && 'cancellable',
      'hasName',
    ],
    collapsible: inActivity && node.activityId !== null ? (isRunning ? 'expanded' : 'collapsed') : 'none',
  });
}

function modelsText(l10n: L10n, count: number): string | null {
  if (count === 0) return null;
  return count === 1 ? l10n.t('1 model') : l10n.t('{0} models', count);
}

/** A finished release whose artifacts are still there, and which does not serve already. */
function canRollBackTo({ manifest, live, place }: NodeOf<'release'>): boolean {
  const isPlace = place === 'endpoint' && !live && manifest.kind !== 'rollback';
  return isPlace && manifest.status === 'released' && manifest.prunedAt === undefined;
}

function titleOf(l10n: L10n, { manifest, endpoint, environment }: NodeOf<'release'>): string {
  return manifest.kind === 'rollback'
    ? l10n.t('Roll back {0} in {1}', endpoint, environment)
    : l10n.t('Release {0} to {1}', endpoint, environment);
}

function stateOf(l10n: L10n, { manifest, live, standing }: NodeOf<'release'>): string | null {
  if (live) return l10n.t('serves');
  if (standing === 'live') return l10n.t('in progress');
  if (standing === 'interrupted') return l10n.t('interrupted');
  if (manifest.status === 'rolled-back') return l10n.t('was rolled back');
  if (manifest.status === 'failed') return l10n.t('failed');
  if (manifest.prunedAt !== undefined) return l10n.t('removed by retention');
  return manifest.kind === 'rollback' ? l10n.t('rolled back') : l10n.t('released');
}

function releaseIcon(standing: Standing, status: string): Icon {
  if (standing === 'live') return icons.running;
  if (standing === 'interrupted') return icons.warning;
  if (status === 'rolled-back') return { id: 'discard', color: 'list.warningForeground' };
  return status === 'failed' ? icons.bad : icons.good;
}

function facts({ manifest, environment }: NodeOf<'release'>, state: string | null, l10n: L10n): Fact[] {
  return [
    [l10n.t('Release'), manifest.releaseId],
    [l10n.t('Environment'), environment],
    [l10n.t('Account'), manifest.accountId],
    [l10n.t('State'), state],
    [l10n.t('Begun'), moment(manifest.createdAt)],
    [
      l10n.t('Verified'),
      manifest.verified && l10n.t('{0} probes, {1}', manifest.verified.probes, moment(manifest.verified.at)),
    ],
    [l10n.t('Release before'), manifest.previousRelease],
    ...manifest.targets
      .slice(0, 12)
      .map(
        (t): Fact => [
          t.targetModel,
          t.version === undefined ? l10n.t('carried along') : l10n.t('v{0}', t.version),
        ],
      ),
  ];
}
