import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { FromPanel } from '../src/comparison/panel';
import type { View } from './view';

/** What every part of the page may need: the view and how to change it, and the host and how to ask it. */
export interface Panel {
  view: View;
  change(part: Partial<View>): void;
  post(message: FromPanel): void;
  /** False in a report file and an untrusted workspace. */
  actions: boolean;
  /** Whether it is VS Code that shows the page. */
  live: boolean;
  busy: boolean;
  /** Whether the baseline was scored on the candidates' own rows already, as far as it could be. */
  measured: boolean;
}

export const PanelContext = createContext<Panel | null>(null);

export function usePanel(): Panel {
  const panel = useContext(PanelContext);
  if (!panel) throw new Error('A part of the panel stands outside of it.');
  return panel;
}
