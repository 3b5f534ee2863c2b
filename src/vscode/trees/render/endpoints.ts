import type { Mark, TargetStatus } from '../../../release/inventory';
import { ago, bytes, moment } from '../format';
import type { L10n } from '../l10n';
import { tooltip } from '../markdown';
import type { NodeOf } from '../node';
import { type Icon, icons, item, type RenderedItem, type Scene } from './item';

export function environment(node: NodeOf<'environment'>, { l10n }: Scene): RenderedItem {
  const { accountId, region, current } = node;
  return item({
    label: node.environment,
    icon: node.protected ? { id: 'shield' } : { id: current ? 'vm-active' : 'vm-outline' },
    description: [current && l10n.t('current'), node.protected && l10n.t('protected'), accountId, region],
    tooltip: tooltip(
      node.environment,
      [
        [l10n.t('Account'), accountId],
        [l10n.t('Region'), region],
      ],
      node.protected ? [l10n.t('Protected: releases to it are confirmed.')] : [],
    ),
    can: [!current && 'switchable', 'hasName', 'refreshable'],
    collapsible: current ? 'expanded' : 'collapsed',
  });
}

/** `flights · InService · 2 × ml.m5.large · 5 models loaded, 98 % hits · released 3 h ago`. */
export function endpoint({ inspection, ...node }: NodeOf<'endpoint'>, { l10n, now }: Scene): RenderedItem {
  const { status, instances, cache, releaseId } = inspection;
  const marked = inspection.targets.filter((target) => target.marks.length > 0).length;
  const hits = cache?.hitRatio === null || cache === null ? null : percent(cache.hitRatio);
  const loaded = cache?.loadedModels ?? null;
  const releasedAt = releaseId === null ? null : timeOfRelease(releaseId);
  return item({
    label: inspection.endpointName,
    icon: endpointIcon(status, marked),
    state: status ?? l10n.t('does not exist yet'),
    description: [
      status !== 'InService' && (status ?? l10n.t('not created yet')),
      marked > 0 && status !== null && l10n.t('{0} to look at', marked),
      instances && `${instances.count} × ${instances.type}`,
      loaded !== null && l10n.t('{0} models loaded', Number(loaded.toFixed(1))),
      hits !== null && l10n.t('{0} % cache hits', hits),
      releasedAt && l10n.t('released {0}', ago(l10n, releasedAt, now)),
    ],
    tooltip: tooltip(
      inspection.endpointName,
      [
        [l10n.t('Environment'), node.environment],
        [l10n.t('Account'), inspection.accountId],
        [l10n.t('Status'), status ?? l10n.t('does not exist yet')],
        [l10n.t('Last release'), releaseId ?? (status === null ? null : l10n.t('not by Warmstart'))],
        [l10n.t('Released'), releasedAt && moment(releasedAt)],
        [l10n.t('Release before'), inspection.previousRelease],
        [l10n.t('Instances'), instances && `${instances.count} × ${instances.type}`],
        [l10n.t('Models loaded per instance'), loaded],
        [l10n.t('Cache hit ratio, last hour'), hits === null ? null : `${hits} %`],
        [l10n.t('Invocations, last hour'), cache?.invocations],
        [l10n.t('Image'), inspection.image],
      ],
      [],
    ),
    can: [
      'releasable',
      releaseId !== null && 'rollbackable',
      status !== null && 'hasArn',
      'hasLogs',
      'hasName',
      'refreshable',
    ],
    collapsible: 'expanded',
  });
}

function endpointIcon(status: string | null, marked: number): Icon {
  if (status === null) return { id: 'circle-outline' };
  if (status === 'InService') return marked > 0 ? icons.warning : icons.good;
  return isEndpointPending(status) ? icons.running : icons.bad;
}

/** Whether an endpoint is on its way to another state. */
export function isEndpointPending(status: string | null): boolean {
  return status !== null && /^(Creating|Updating|SystemUpdating|RollingBack|Deleting)$/.test(status);
}

/** `delay-ord.tar.gz · v6 · stale: v7 is approved`. */
export function target(node: NodeOf<'target'>, { l10n }: Scene): RenderedItem {
  const { target: status } = node;
  const marks = status.marks.map((mark) => markText(l10n, mark, status));
  return item({
    label: status.targetModel,
    icon: status.marks[0] === undefined ? icons.good : markIcons[status.marks[0]],
    state: marks.length === 0 ? l10n.t('as it should be') : undefined,
    description: [status.version !== null && l10n.t('v{0}', status.version), ...marks],
    tooltip: tooltip(
      status.targetModel,
      [
        [l10n.t('Model'), status.model],
        [l10n.t('Serves'), status.version === null ? null : l10n.t('version {0}', status.version)],
        [l10n.t('Approval'), status.approval],
        [
          l10n.t('A release would bring'),
          status.admitted === null ? null : l10n.t('version {0}', status.admitted),
        ],
        [l10n.t('Artifact'), status.artifact?.key],
        [l10n.t('Size'), status.artifact && bytes(status.artifact.size)],
        ['ETag', status.artifact?.etag],
      ],
      status.marks.map((mark) => markSentence(l10n, mark)),
    ),
    can: [
      status.artifact !== null && 'invokable',
      status.packageArn !== null && 'comparable',
      status.packageArn !== null && 'hasArn',
      'hasName',
      status.model !== null && 'retrainable',
    ],
  });
}

const markIcons: Record<Mark, Icon> = {
  stale: { id: 'arrow-up', color: 'charts.yellow' },
  missing: { id: 'circle-large-outline', color: 'list.warningForeground' },
  drifted: { id: 'git-compare', color: 'list.errorForeground' },
  'not-approved': { id: 'circle-slash', color: 'list.errorForeground' },
  unverified: { id: 'unverified', color: 'list.warningForeground' },
  unmanaged: { id: 'question' },
};

function markText(l10n: L10n, mark: Mark, { admitted }: TargetStatus): string {
  if (mark === 'stale')
    return admitted === null ? l10n.t('stale') : l10n.t('stale: v{0} may serve', admitted);
  if (mark === 'missing') return l10n.t('missing');
  if (mark === 'drifted') return l10n.t('drifted');
  if (mark === 'not-approved') return l10n.t('not approved');
  return mark === 'unverified' ? l10n.t('unverified') : l10n.t('unmanaged');
}

function markSentence(l10n: L10n, mark: Mark): string {
  if (mark === 'stale')
    return l10n.t('Stale: this environment admits a higher version; release to bring it.');
  if (mark === 'missing')
    return l10n.t('Missing: the project has this model, the endpoint does not; release to bring it.');
  if (mark === 'drifted') return l10n.t('Drifted: the file that serves is not the one that was released.');
  if (mark === 'not-approved')
    return l10n.t(
      'Not approved: this environment would not admit the version that serves; release to go back.',
    );
  return mark === 'unverified'
    ? l10n.t('Unverified: the release that serves was never proven by its probes.')
    : l10n.t('Unmanaged: nobody released this file; it is carried along.');
}

export function releases(node: NodeOf<'releases'>, { l10n }: Scene): RenderedItem {
  return item({
    label: l10n.t('Releases'),
    icon: { id: 'history' },
    tooltip: tooltip(
      l10n.t('Releases'),
      [[l10n.t('Serves'), node.live]],
      [l10n.t('Every one can be gone back to.')],
    ),
    can: ['refreshable'],
    collapsible: 'collapsed',
  });
}

/** When a release was made, told from its id; null for another form of id. */
export function timeOfRelease(id: string): string | null {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/.exec(id) ?? [];
  return y === undefined ? null : `${y}-${mo}-${d}T${h}:${mi}:${s}.000Z`;
}

/** Whole percent, but never 100 for less than all. */
function percent(ratio: number): number {
  return ratio < 1 ? Math.min(99, Math.round(ratio * 100)) : 100;
}
