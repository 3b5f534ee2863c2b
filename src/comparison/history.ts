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
  for (const name of names) {
    metrics[name] = rows.map((row) => {
      const value = row.metrics[name];
      return value === undefined ? null : toSevenDigits(value);
    });
  }
  return {
    times: rows.map(({ datetime }) => Date.parse(datetime)),
    versions: rows.map(({ packageArn }) => versionIn(group, packageArn)),
    trainingJobs: rows.map(({ trainingJob }) => trainingJob),
    testing: rows.map(({ testing }) => testing),
    gatesPassed: rows.map(({ gatesPassed }) => gatesPassed),
    metrics,
  };
}

/** More digits than a chart shows, and half as much to send to the panel as with all that a double has. */
export function toSevenDigits(value: number): number {
  const decimals = 6 - Math.floor(Math.log10(Math.abs(value)));
  const power = 10 ** Math.abs(decimals);
  const digits = decimals < 0 ? Math.round(value / power) * power : Math.round(value * power) / power;
  // Zero has no first digit, and the power of the smallest doubles is beyond the greatest.
  return Number.isFinite(digits) ? digits : value;
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
