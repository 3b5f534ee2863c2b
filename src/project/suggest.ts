/** The name that was probably meant: at most a third of its letters differ, case aside. */
export function closest(written: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(written.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    if (name === written) continue;
    const distance = editDistance(written.toLowerCase(), name.toLowerCase(), limit);
    if (distance <= limit && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
      best = { name, distance };
  }
  return best?.name;
}

/** `Did you mean "eta"?`, else all that is known, else nothing. */
export function suggestion(written: string, known: readonly string[]): string | undefined {
  const meant = closest(written, known);
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  return known.length > 0 && known.length <= 40 ? `Known: ${known.join(', ')}.` : undefined;
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other, up to `limit` + 1. */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(substitution, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
