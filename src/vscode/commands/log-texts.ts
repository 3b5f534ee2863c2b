import type { LogLine } from '../../aws/logs';
import type { L10n } from '../trees/l10n';
import type { Subject } from './subject';

/** Whose logs a subject means. */
export type LogSource =
  | { kind: 'training'; name: string; streamPrefix: string }
  | { kind: 'endpoint'; endpoint: string; environment: string };

/**
 * The logs that belong to a subject; null when it names nothing that logs. The streams of a tuning job are those of its
 * training jobs, whose names begin with its own. Pure.
 */
export function logSourceOf({ trainingJob, tuningJob, endpoint, environment }: Subject): LogSource | null {
  if (trainingJob !== undefined)
    return { kind: 'training', name: trainingJob, streamPrefix: `${trainingJob}/` };
  if (tuningJob !== undefined) return { kind: 'training', name: tuningJob, streamPrefix: `${tuningJob}-` };
  if (endpoint !== undefined && environment !== undefined) return { kind: 'endpoint', endpoint, environment };
  return null;
}

/** Log lines as a text document, stream by stream, that whose first line is the oldest first. Pure. */
export function logText(l10n: L10n, title: string, lines: readonly LogLine[], limit: number): string {
  if (lines.length === 0) return `${title}\n\n${l10n.t('Nothing was logged yet.')}\n`;
  const streams = new Map<string, string[]>();
  for (const { stream, at, message } of lines) {
    const known = streams.get(stream) ?? [];
    known.push(`${at} ${message}`);
    streams.set(stream, known);
  }
  const body = [...streams].flatMap(([stream, messages]) => ['', `== ${stream}`, ...messages]);
  const cut = lines.length >= limit ? [l10n.t('Only the newest {0} lines.', limit)] : [];
  return `${[title, ...cut, ...body].join('\n')}\n`;
}
