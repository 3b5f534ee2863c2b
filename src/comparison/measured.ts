import type { Metrics, Scorecard } from '../evaluation/report';
import type { Column } from './comparison';
import type { VersionFacts } from './facts';

/** How a version did, and on what. */
export interface Measured {
  metrics: Metrics;
  scorecard: Scorecard | null;
  test: Column['test'];
}

/** What one candidate's metrics are held against. */
export interface Against {
  metrics: Metrics;
  /** Whether both were measured on the same rows. */
  shared: boolean;
  /** 95 % intervals of candidate − baseline by metric. */
  intervals: Map<string, { low: number; high: number }>;
}

/** A version as its own evaluation measured it, else as the registry remembers its metrics. */
export function measuredOf({ version, evaluation }: VersionFacts): Measured {
  if (!evaluation) return { metrics: version.metrics, scorecard: null, test: null };
  const { scorecard } = evaluation.candidate;
  return { metrics: scorecard.metrics, scorecard, test: evaluation.dataset.test };
}

/** Whether the candidate's evaluation scored this very baseline, on its own test set. */
export function scoredBy(candidate: VersionFacts, baseline: VersionFacts): boolean {
  return candidate.evaluation?.champion?.packageArn === baseline.version.arn;
}

/** The baseline as the first candidate measured it whose evaluation did; by its own where none did. */
export function measuredBaseline(baseline: VersionFacts, candidates: readonly VersionFacts[]): Measured {
  const { evaluation } = candidates.find((candidate) => scoredBy(candidate, baseline)) ?? {};
  if (!evaluation?.champion) return measuredOf(baseline);
  const { scorecard } = evaluation.champion;
  return { metrics: scorecard.metrics, scorecard, test: evaluation.dataset.test };
}

/**
 * What a candidate is to be held against: the baseline on the candidate's own test set when its evaluation scored it
 * there, with the intervals; else the baseline by its own evaluation, which is on the same rows only when the two
 * files are the same.
 */
export function againstOf(candidate: VersionFacts, baseline: VersionFacts): Against {
  const { evaluation } = candidate;
  if (evaluation?.champion && scoredBy(candidate, baseline)) {
    return {
      metrics: evaluation.champion.scorecard.metrics,
      shared: true,
      intervals: new Map(evaluation.differences.map((difference) => [difference.metric, difference])),
    };
  }
  const own = measuredOf(baseline);
  const sha256 = evaluation?.dataset.test.sha256;
  const shared = sha256 !== undefined && sha256 === own.test?.sha256;
  return { metrics: own.metrics, shared, intervals: new Map() };
}
