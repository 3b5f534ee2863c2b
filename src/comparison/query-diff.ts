import { diffLines } from 'diff';
import type { QueryDiff } from './comparison';
import type { ModelFacts } from './facts';

/** A diff of texts that share next to nothing would take long and say nothing. */
const mostMilliseconds = 200;

/** The baseline's query against each candidate's, where both are known and differ. */
export function queryDiffs({ baseline, candidates }: ModelFacts): QueryDiff[] {
  const before = baseline?.dataset?.query;
  if (!before) return [];
  return candidates.flatMap(({ version, dataset }) => {
    const after = dataset?.query;
    if (!after || unixLines(after.text) === unixLines(before.text)) return [];
    return [{ arn: version.arn, file: after.file, lines: lineDiff(before.text, after.text) }];
  });
}

/** Line by line; the ends of lines do not count. */
export function lineDiff(before: string, after: string): QueryDiff['lines'] {
  const [old, now] = [unixLines(before), unixLines(after)];
  const parts = diffLines(old, now, { timeout: mostMilliseconds }) ?? [
    { value: old, removed: true, added: false },
    { value: now, removed: false, added: true },
  ];
  return parts.flatMap(({ value, removed, added }) =>
    linesOf(value).map((text) => ({
      kind: removed ? ('removed' as const) : added ? ('added' as const) : ('same' as const),
      text,
    })),
  );
}

/** With one end of line at the end, or a missing last one would show as a change of the line before it. */
function unixLines(text: string): string {
  return `${text.replaceAll('\r\n', '\n').replace(/\n$/, '')}\n`;
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}
