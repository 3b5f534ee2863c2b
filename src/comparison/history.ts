import type { EvaluationRow } from '../evaluation/history';
import { parseVersionArn } from '../registry/versions';
import type { History, Known } from './comparison';

/**
 * Every evaluation of a model, oldest first, as one array for each column. Metrics that no evaluation has are left out.
 * @param rows oldest first
 * @param group the package group whose versions are named
 */
export function historyOf(rows: readonly EvaluationRow[], group: string): History {
  const names = new Set<string>();
  for (const row of rows) for (const name in row.metrics) names.add(name);
  const metrics: Record<string, Known[]> = {};
  for (const name of names) metrics[name] = rows.map((row) => row.metrics[name] ?? null);
  return {
    times: rows.map(({ datetime }) => Date.parse(datetime)),
    versions: rows.map(({ packageArn }) => versionIn(group, packageArn)),
    trainingJobs: rows.map(({ trainingJob }) => trainingJob),
    testing: rows.map(({ testing }) => testing),
    gatesPassed: rows.map(({ gatesPassed }) => gatesPassed),
    metrics,
  };
}

/** The number of a version of this group; anything else that stands in a file anybody may write is nobody's version. */
function versionIn(group: string, arn: string | null): number | null {
  if (arn === null || !arn.includes(`/${group}/`)) return null;
  try {
    const named = parseVersionArn(arn);
    return named.group === group ? named.version : null;
  } catch {
    return null;
  }
}
