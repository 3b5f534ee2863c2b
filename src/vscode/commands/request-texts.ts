import type { Probe } from '../../registry/probes';
import type { L10n } from '../trees/l10n';

/** A target model as a request is sent to it. */
export interface RequestTarget {
  endpoint: string;
  endpointName: string;
  environment: string;
  accountId: string;
  targetModel: string;
}

/** One invocation, and a second right after it, where one was made. */
export interface Timing {
  milliseconds: number;
  again: number | null;
}

/** The document in which a request is written: lines that begin with `#` are for people and never sent. Pure. */
export function requestText(
  l10n: L10n,
  { endpointName, environment, accountId, targetModel }: RequestTarget,
  sample: { features: readonly string[]; probes: readonly Probe[] },
): string {
  const [probe] = sample.probes;
  return [
    `# ${l10n.t('{0} at {1} in {2}, account {3}', targetModel, endpointName, environment, accountId)}`,
    `# ${l10n.t('One row a line: the features in their order, no label, no header. Lines with # are not sent.')}`,
    ...(sample.features.length ? [`# ${sample.features.join(',')}`] : []),
    probe ? probe.row.map((value) => value ?? '').join(',') : '',
    ...(probe ? [`# ${l10n.t('expected: {0}', probe.expected.join(', '))}`] : []),
    '',
  ].join('\n');
}

/** The rows of a request document, as they are sent. Pure. */
export function rowsOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Index of the line that a request's lens stands over: the first row, else the end. Pure. */
export function firstRowLine(text: string): number {
  const lines = text.split(/\r?\n/);
  const row = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#'));
  return row < 0 ? lines.length - 1 : row;
}

/** What is written below a request that was answered. Pure. */
export function answerText(
  l10n: L10n,
  answers: readonly number[],
  rows: number,
  timing: Timing,
  at: Date,
): string {
  const perRow = rows > 0 && answers.length % rows === 0 ? answers.length / rows : answers.length;
  const lines: string[] = [];
  for (let i = 0; i < answers.length; i += perRow) lines.push(answers.slice(i, i + perRow).join(', '));
  return [
    '',
    `# ${at.toISOString().slice(0, 19).replace('T', ' ')} UTC: ${timingText(l10n, timing)}`,
    ...lines.map((line) => `# = ${line}`),
    '',
  ].join('\n');
}

/** What is written below a request that failed. Pure. */
export function failureLine(l10n: L10n, message: string, at: Date): string {
  const line = message.replace(/\s+/g, ' ');
  return `\n# ${at.toISOString().slice(0, 19).replace('T', ' ')} UTC: ${l10n.t('failed')}: ${line}\n`;
}

/** Whether the model was in memory: a call that took much longer than the one right after it had to load it. Pure. */
export function isCold({ milliseconds, again }: Timing): boolean | null {
  return again === null ? null : milliseconds > 3 * again && milliseconds - again > 30;
}

function timingText(l10n: L10n, timing: Timing): string {
  const { milliseconds, again } = timing;
  const cold = isCold(timing);
  if (cold === null || again === null) return l10n.t('{0} ms', milliseconds);
  return cold
    ? l10n.t('{0} ms, cold; {1} ms right after it, warm', milliseconds, again)
    : l10n.t('{0} ms, warm; {1} ms right after it', milliseconds, again);
}
