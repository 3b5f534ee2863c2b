import type { L10n } from '../l10n';
import type { Capability, Remedy } from '../node';

/** Of VS Code's product icons and theme colors. */
export interface Icon {
  id: string;
  color?: string;
}

/** What a node looks like: plain data, which `tree-item.ts` hands to VS Code. */
export interface RenderedItem {
  label: string;
  description: string;
  icon: Icon;
  /** Markdown; whatever comes from AWS stands in it literally. */
  tooltip: string;
  /** Capability words, sorted, joined by a space. */
  contextValue: string;
  collapsible: 'none' | 'collapsed' | 'expanded';
  /** What a click does. */
  command: Remedy | null;
  /** The whole line in words, since icons and colors are not read aloud. */
  accessibilityLabel: string;
}

/** What renderers are given beside the node. */
export interface Scene {
  l10n: L10n;
  now: Date;
}

export const icons = {
  good: { id: 'pass', color: 'testing.iconPassed' },
  bad: { id: 'error', color: 'testing.iconFailed' },
  warning: { id: 'warning', color: 'list.warningForeground' },
  running: { id: 'loading~spin' },
  waiting: { id: 'clock', color: 'charts.yellow' },
  stopped: { id: 'circle-slash' },
  unknown: { id: 'question' },
} as const satisfies Record<string, Icon>;

/** An item from what differs; the rest is nothing. The accessibility label is label and description unless given. */
export function item(
  own: Pick<RenderedItem, 'label' | 'icon' | 'tooltip'> &
    Partial<Omit<RenderedItem, 'contextValue' | 'description'>> & {
      description?: readonly (string | null | false)[];
      can?: readonly (Capability | false)[];
      /** What only icon and color tell otherwise. */
      state?: string;
    },
): RenderedItem {
  const { can = [], description = [], state, ...rest } = own;
  const parts = description.filter((part) => part !== null && part !== false && part !== '');
  return {
    collapsible: 'none',
    command: null,
    accessibilityLabel: [own.label, ...(state ? [state] : []), ...parts].join(', '),
    ...rest,
    description: parts.join(' · '),
    contextValue: [...new Set(can.filter((word) => word !== false))].sort().join(' '),
  };
}
