import type { Column } from '../src/comparison/comparison';
import { t } from './l10n';
import type { View } from './view';

/** A column where it is shown, and where its cells are. */
export interface Placed {
  column: Column;
  /** Into `cells` of a metric and `values` of a change. */
  index: number;
  pinned: boolean;
}

/** In the order in which they are shown: the pinned ones first, each kind as the person moved it. */
export function placeColumns(columns: Column[], view: Pick<View, 'order' | 'pinned'>): Placed[] {
  const placed = columns.map((column, index) => ({ column, index, pinned: isPinned(column, view) }));
  const rank = ({ column, index }: Placed) => {
    const moved = view.order.indexOf(column.arn);
    return moved < 0 ? view.order.length + index : moved;
  };
  return placed.sort((a, b) => Number(b.pinned) - Number(a.pinned) || rank(a) - rank(b));
}

function isPinned({ arn, role }: Column, { pinned }: Pick<View, 'pinned'>): boolean {
  return pinned[arn] ?? role === 'baseline';
}

/** The order after the column changed places with its neighbour; null at the edge of its kind. */
export function moveColumn(placed: Placed[], arn: string, by: -1 | 1): string[] | null {
  const at = placed.findIndex(({ column }) => column.arn === arn);
  const other = placed[at + by];
  if (!other || other.pinned !== placed[at]?.pinned) return null;
  return dropColumn(placed, arn, other.column.arn);
}

/** The order after the column was put where the other one is, which makes room towards where it came from. */
export function dropColumn(placed: Placed[], arn: string, target: string): string[] {
  const order = placed.map(({ column }) => column.arn);
  const [from, to] = [order.indexOf(arn), order.indexOf(target)];
  if (from < 0 || to < 0) return order;
  order.splice(to, 0, ...order.splice(from, 1));
  return order;
}

export function versionName({ version }: Column): string {
  return t('Version {0}', version);
}

/** What the column is in this comparison. */
export function roleName(column: Column, environment: string | null): string {
  if (column.role === 'candidate') return t('Candidate');
  return environment === null ? t('Baseline') : t('Baseline, {0}', environment);
}

export function approvalName({ approval }: Column): string {
  switch (approval) {
    case 'Approved':
      return t('Approved');
    case 'Rejected':
      return t('Rejected');
    case 'PendingManualApproval':
      return t('Pending approval');
  }
}
