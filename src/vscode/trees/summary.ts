import type { viewIds } from '../command-ids';
import type { L10n } from './l10n';
import type { TreeNode } from './node';

export type ViewName = keyof typeof viewIds;

/** What stands beside a view's title, and the number on its icon. */
export interface Summary {
  description: string;
  badge: { value: number; tooltip: string } | null;
}

/** A view in few words, from its first level. Testing runs wait for nobody. Pure. */
export function summaryOf(view: ViewName, roots: readonly TreeNode[], l10n: L10n): Summary {
  if (view === 'approvals') {
    const waiting = roots.filter((n) => n.kind === 'pendingVersion' && !n.version.testing).length;
    if (waiting === 0) return { description: '', badge: null };
    const tooltip =
      waiting === 1
        ? l10n.t('1 version waits for approval')
        : l10n.t('{0} versions wait for approval', waiting);
    return { description: l10n.t('{0} waiting', waiting), badge: { value: waiting, tooltip } };
  }
  if (view === 'activity') {
    const running = roots.filter(
      (n) =>
        ((n.kind === 'run' || n.kind === 'release') && n.standing === 'live') ||
        (n.kind === 'activity' && n.status === 'running'),
    ).length;
    return { description: running === 0 ? '' : l10n.t('{0} in progress', running), badge: null };
  }
  if (view === 'endpoints') {
    const current = roots.find((n) => n.kind === 'environment' && n.current);
    return { description: current?.kind === 'environment' ? current.environment : '', badge: null };
  }
  return { description: '', badge: null };
}
