import type { Comparison, ComparisonRequest } from './comparison';

/**
 * What panel and host say to each other. The host always pushes the whole state; the panel asks. `ready` comes first, and
 * again whenever the panel was taken down and set up anew.
 */
export type PanelState =
  | { kind: 'loading' }
  | { kind: 'problem'; code: string; message: string; remedy: string | null }
  | {
      kind: 'shown';
      request: ComparisonRequest;
      comparison: Comparison;
      /** Being done now, as a short sentence; actions wait meanwhile. */
      busy: string | null;
      /** What became of the last action, for a live region; null when nothing is to be said. */
      notice: string | null;
      /** False in a report file and an untrusted workspace: it can be read only. */
      actions: boolean;
    };

export interface ToPanel {
  type: 'state';
  state: PanelState;
  /** English text → translation; empty in English. */
  translations: Record<string, string>;
}

export type FromPanel =
  | { type: 'ready' }
  | { type: 'reload' }
  /** Null: each beside what it was evaluated against. */
  | { type: 'baseline'; environment: string | null }
  /** Scores the baseline on the rows of the candidates; may take minutes. */
  | { type: 'measure' }
  /** A point of the history. */
  | { type: 'add'; group: string; version: number }
  | { type: 'remove'; arn: string }
  /** Held against the version as the panel shows it. */
  | { type: 'decide'; arn: string; decision: 'Approved' | 'Rejected' }
  | { type: 'release'; endpoint: string }
  | { type: 'copyArn'; arn: string }
  | { type: 'openEvaluation'; arn: string }
  | { type: 'export'; format: ExportFormat; to: 'clipboard' | 'file' };

export type ExportFormat = 'markdown' | 'csv' | 'html';

/** What the panel keeps with VS Code's `setState`; a restored panel is made from it. */
export interface KeptState {
  request: ComparisonRequest;
  /** The panel's own: which rows, columns and charts are shown. Unknown to the host. */
  view?: unknown;
}
