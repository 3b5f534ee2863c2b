import { formatCount } from '../format';
import { t } from '../l10n';
import type { Series } from './series';

/** Which series were measured on which rows, where that is not the same for all; else null. */
export function testSetNote(series: Pick<Series, 'label' | 'test'>[]): string | null {
  const sets = new Map<string, { rows: number; labels: string[] }>();
  for (const { label, test } of series) {
    if (test === null) continue;
    const set = sets.get(test.sha256) ?? { rows: test.rows, labels: [] };
    set.labels.push(label);
    sets.set(test.sha256, set);
  }
  if (sets.size < 2) return null;
  const parts = [...sets.values()].map(({ rows, labels }) =>
    t('{0}: {1} rows', labels.join(', '), formatCount(rows)),
  );
  return t(
    'They were measured on different test sets, so that what lies between them may be the data: {0}.',
    parts.join('; '),
  );
}
