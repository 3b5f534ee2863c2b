/** What of a comparison is shown and how. Kept over a reload, so that whatever was kept may be of an earlier version. */
export interface View {
  /** The chosen one of several: its package group. */
  group: string | null;
  /** Also the metrics that are the same everywhere. */
  allMetrics: boolean;
  allChanges: boolean;
  sort: Sort | null;
  /** ARNs, those that were moved; the others follow in the order of the comparison. */
  order: string[];
  /** ARN → whether its column stays in sight; else the baseline's does. */
  pinned: Record<string, boolean>;
  /** Section → whether it is open; else it is. */
  open: Record<string, boolean>;
  /** Chart → what was chosen in it. */
  chosen: Record<string, string>;
}

export interface Sort {
  /** `metric`, or the ARN of a column. */
  by: string;
  of: 'name' | 'value' | 'difference';
  descending: boolean;
}

export const initialView: View = {
  group: null,
  allMetrics: false,
  allChanges: false,
  sort: null,
  order: [],
  pinned: {},
  open: {},
  chosen: {},
};

/** Takes from what was kept all that is still understood. */
export function restoreView(kept: unknown): View {
  if (!isRecord(kept)) return initialView;
  return {
    group: typeof kept.group === 'string' ? kept.group : null,
    allMetrics: kept.allMetrics === true,
    allChanges: kept.allChanges === true,
    sort: isSort(kept.sort) ? kept.sort : null,
    order: Array.isArray(kept.order) ? kept.order.filter(isString) : [],
    pinned: only(kept.pinned, (value) => typeof value === 'boolean'),
    open: only(kept.open, (value) => typeof value === 'boolean'),
    chosen: only(kept.chosen, isString),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isSort(value: unknown): value is Sort {
  return (
    isRecord(value) &&
    isString(value.by) &&
    ['name', 'value', 'difference'].includes(String(value.of)) &&
    typeof value.descending === 'boolean'
  );
}

function only<T>(kept: unknown, admits: (value: unknown) => value is T): Record<string, T> {
  if (!isRecord(kept)) return {};
  return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, T] => admits(entry[1])));
}
