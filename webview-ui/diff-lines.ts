import type { QueryDiff } from '../src/comparison/comparison';

export type DiffLine = QueryDiff['lines'][number];

/** Lines in a row that are shown, or so many equal ones that are not. */
export type DiffPart = { lines: DiffLine[] } | { hidden: number };

/** Leaves out equal lines that are further than `context` lines from a change. A gap of one line is not worth it. */
export function foldEqual(lines: DiffLine[], context = 3): DiffPart[] {
  const shown = lines.map((_, index) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some(({ kind }) => kind !== 'same'),
  );
  const parts: DiffPart[] = [];
  for (let index = 0; index < lines.length; ) {
    const here = shown[index]!;
    let end = index;
    while (end < lines.length && shown[end] === here) end++;
    const run = lines.slice(index, end);
    if (here || run.length === 1) append(parts, run);
    else parts.push({ hidden: run.length });
    index = end;
  }
  return parts;
}

function append(parts: DiffPart[], lines: DiffLine[]): void {
  const last = parts.at(-1);
  if (last && 'lines' in last) last.lines.push(...lines);
  else parts.push({ lines });
}

export function countChanges(lines: DiffLine[]): { added: number; removed: number } {
  return {
    added: lines.filter(({ kind }) => kind === 'added').length,
    removed: lines.filter(({ kind }) => kind === 'removed').length,
  };
}
