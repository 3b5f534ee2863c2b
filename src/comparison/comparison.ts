import type { Kind, Scorecard } from '../evaluation/report';
import type { Reading } from '../project/metrics';
import type { Approval } from '../registry/versions';

/**
 * The whole of a comparison as plain JSON: what the panel shows, what the report file holds, and what Markdown and CSV are
 * written from. Typed once for both sides. Only aggregates, never rows of data. JSON has no NaN: a number that is not known is null.
 */
export type Known = number | null;

/** What somebody wants to see side by side. Kept over a reload, so it names things and holds none. */
export interface ComparisonRequest {
  /** ARNs of versions, of one model or of several. */
  arns: string[];
  /** The environment whose champion is the baseline; null for the one that each was evaluated against. */
  baseline: string | null;
  /**
   * Scores the baseline here, on the test set of each candidate that was not measured beside it. Absent: no; then their
   * difference is of different rows.
   */
  measure?: boolean;
}

export interface Comparison {
  formatVersion: 1;
  /** ISO-8601, UTC. */
  createdAt: string;
  registry: { name: string; accountId: string; region: string };
  /** Those whose champion can be chosen as the baseline, in the order of the project file. */
  environments: string[];
  /** The one that was chosen; null when each version stands beside what it was evaluated against. */
  baseline: string | null;
  /** One for each model, at least one, in the order of the request. */
  models: ModelComparison[];
}

export interface ModelComparison {
  /** The model's name; the package group's when no model of the project uses it. */
  model: string;
  group: string;
  description: string | null;
  /** Null when no model of the project uses the group: then it cannot be released. */
  endpoint: string | null;
  kind: Kind | null;
  objective: string | null;
  /** Of the label, such as `min`; null when the project does not say. */
  unit: string | null;
  /** The environment that the baseline serves in; null without a baseline. */
  environment: string | null;
  /** The baseline first, where there is one, then the candidates in the order asked for. */
  columns: Column[];
  /** The metric of which the decision header speaks and the history begins with; it may have no row when no column has it. */
  headline: string | null;
  /** Those that the project wants shown first. */
  metrics: MetricRow[];
  changes: Change[];
  /** The baseline's query against each candidate's whose query differs. */
  queries: QueryDiff[];
  /** Each candidate's data against the baseline's. */
  drift: Drift[];
  history: History;
  /** Full sentences about what could not be read, and why there is no baseline. */
  notes: string[];
}

/** One version, with all that does not come in rows. */
export interface Column {
  /** The version's ARN. */
  arn: string;
  role: 'baseline' | 'candidate';
  version: number;
  /** Not known of a deleted one, whatever stands here. */
  approval: Approval;
  /**
   * Completed | Pending | InProgress | Failed | Deleting; `Deleted` for a baseline that the registry does not have any more
   * and only an evaluation remembers: its dates are not known, and it cannot be decided.
   */
  status: string;
  testing: boolean;
  createdAt: string;
  /** What a decision is held against: it is refused when the registry says otherwise by then. */
  lastModified: string;
  approvedBy: string | null;
  comment: string | null;
  /** Free text of whoever registered it: anything may stand in it. */
  description: string | null;
  trainingJob: string | null;
  tuningJob: string | null;
  runId: string | null;
  evaluationUri: string | null;
  /** The test set that `scorecard` was measured on; null without an evaluation. */
  test: { rows: number; sha256: string; s3Uri: string } | null;
  /** The baseline's is that of the first candidate whose evaluation scored it, else of its own evaluation. */
  scorecard: KnownScorecard | null;
  /** Of a candidate; null for the baseline. */
  decision: DecisionSummary | null;
  /** Why it cannot be approved or rejected, as a full sentence; null when it can. */
  refusals: { approve: string | null; reject: string | null };
  /** Whether approving needs a reason: a gate failed. */
  reasonNeeded: boolean;
}

/** A Scorecard as JSON has it: every number that is not finite is null. */
export type KnownScorecard = Nullable<Scorecard>;
type Nullable<T> = T extends number
  ? number | null
  : T extends object
    ? { [K in keyof T]: Nullable<T[K]> }
    : T;

export type Verdict = 'better' | 'worse' | 'same' | 'uncertain' | 'unknown';

/** What a person decides from, in words. */
export interface DecisionSummary {
  /** Of the headline metric, as its difference says it. */
  verdict: Verdict;
  /** `rmse 11.2 min: better by 0.8–1.4 min than version 2 in production (95 %, 12,345 rows that both were measured on).` */
  sentence: string;
  /** Rows of the candidate's test set. */
  rows: number | null;
  gates: { metric: string; passed: boolean; reason: string }[];
  /** Full sentences, the gravest first. */
  warnings: string[];
}

export interface MetricRow {
  metric: string;
  /** Null for a metric of another tool, of which nobody knows which way is better. */
  reading: Reading | null;
  /** Null for one without a unit. */
  unit: string | null;
  /** Whether the project wants it shown. */
  wanted: boolean;
  /** One for each column, in their order. */
  cells: MetricCell[];
  /** Every column has it, and the same. */
  equal: boolean;
}

export interface MetricCell {
  value: Known;
  /** Against the baseline; null in the baseline's own column, and where either is not known. */
  difference: MetricDifference | null;
}

export interface MetricDifference {
  /** The baseline's value on the test set of this column when `shared`, else on the baseline's own. */
  against: number;
  /** This − baseline. */
  delta: number;
  /** Of the baseline's absolute value, always positive; null when that is 0. */
  percent: Known;
  /**
   * `better` and `worse` only on the same rows and by an interval that does not hold 0, `same` when the two are equal
   * there, else `uncertain`; `unknown` for a metric that nobody knows how to read.
   */
  verdict: Verdict;
  /** `better by 0.42 (1.3 %)`. */
  words: string;
  /** 95 % bootstrap interval of `delta`; null when not known. */
  low: Known;
  high: Known;
  /** `better by 0.8–1.4`, `between 0.2 worse and 0.6 better`; empty when not known. */
  interval: string;
  /** Whether both were measured on the same rows. */
  shared: boolean;
}

export type ChangeSection = 'hyperparameters' | 'ranges' | 'tuning' | 'data' | 'code' | 'artifact' | 'cost';

/** One fact about how the versions came to be. */
export interface Change {
  section: ChangeSection;
  name: string;
  /** One for each column; null when it is not known or does not apply. */
  values: (string | null)[];
  equal: boolean;
}

export interface QueryDiff {
  /** ARN of the candidate. */
  arn: string;
  file: string;
  lines: { kind: 'same' | 'removed' | 'added'; text: string }[];
}

export interface Drift {
  /** ARN of the candidate. */
  arn: string;
  /** By index, the highest first; at most 200. */
  features: FeatureShift[];
  /** How many more features there are. */
  hidden: number;
}

/** How one column of the data moved: the index, and the very bins that it was computed from. */
export interface FeatureShift {
  feature: string;
  /** Population stability index. */
  psi: number;
  level: 'none' | 'moderate' | 'strong';
  /** Shares of all rows, 0 … 1; the last bin is the missing values when there are any. */
  bins: { label: string; candidate: number; baseline: number }[];
}

/** Every evaluation of the model, oldest first, one array for each column so that ten thousand stay small. */
export interface History {
  /** Milliseconds since 1970, UTC. */
  times: number[];
  /** Null for an evaluation whose version is not known, such as one of the article's. */
  versions: (number | null)[];
  trainingJobs: string[];
  testing: boolean[];
  gatesPassed: (boolean | null)[];
  /** To seven significant digits. */
  metrics: Record<string, Known[]>;
}
