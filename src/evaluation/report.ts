import type { Kind } from '../project/objectives';
import type { Gate } from '../project/schema';

export type { Kind };

/** Metric name → value. NaN is stored as null in JSON. */
export type Metrics = Record<string, number>;

/** How one model did on the test set. Everything here is small: aggregates, never rows. */
export interface Scorecard {
  metrics: Metrics;
  /** Rows that `mape` is over: those whose label is not 0. Regression only. */
  mapeRows?: number;
  /** Residual = label − prediction. `edges` has one more entry than `counts`; the outer bins also hold what lies beyond. Regression only. */
  residuals?: { edges: number[]; counts: number[] };
  /** By decile of prediction, lowest first; equal predictions share one. Regression and binary. */
  deciles?: {
    from: number;
    to: number;
    rows: number;
    meanLabel: number;
    meanPrediction: number;
    mae: number;
    rmse: number;
  }[];
  /** Actual against predicted, counts[actual][predicted], for a heat map; outer bins as above. Regression only. */
  grid?: { predictionEdges: number[]; labelEdges: number[]; counts: number[][] };
  /** counts[actual][predicted]. Classification only. */
  confusion?: { labels: string[]; counts: number[][] };
  /** Ten bins of predicted probability; the means of a bin without rows are NaN. Binary only. */
  calibration?: { from: number; to: number; rows: number; meanProbability: number; rate: number }[];
  /**
   * By the value of each feature, at most 200 of them, in bins of the whole dataset: exact values up to twelve, else tenths,
   * the missing values last. `error` is the mean absolute error of a regression and the share of wrong answers of a
   * classifier; `bias` is mean prediction − mean label (of the probability for binary), NaN for multiclass; both are
   * NaN in a bin without rows. Absent when the rows were not at hand.
   */
  features?: { feature: string; bins: { label: string; rows: number; error: number; bias: number }[] }[];
  /** At most 101 points. Binary only. */
  roc?: { falsePositiveRate: number; truePositiveRate: number }[];
}

/** Where a scored model came from. */
export interface Subject {
  trainingJob: string;
  artifact: { s3Uri: string; etag: string; sha256: string };
  image: string;
  packageArn?: string;
  version?: number;
  engine: 'local' | 'batch-transform';
  scorecard: Scorecard;
}

export interface GateResult {
  gate: Gate;
  passed: boolean;
  candidate: number | null;
  champion: number | null;
  /** A full sentence: what was asked, what was found. */
  reason: string;
}

/** 95 % bootstrap interval of (candidate − champion) of one metric on the shared test set. */
export interface Difference {
  metric: string;
  estimate: number;
  low: number;
  high: number;
  resamples: number;
}

export interface FeatureDrift {
  feature: string;
  /** Population stability index against the champion's dataset. */
  psi: number;
  /** < 0.1 none, < 0.25 moderate, else strong: the customary reading. */
  level: 'none' | 'moderate' | 'strong';
}

/** `evaluation.json`: Studio's metric blocks (`regression_metrics`, …) at the top level, and ours under `warmstart`. */
export interface Evaluation {
  formatVersion: 1;
  model: string;
  layer: string;
  runId: string;
  createdAt: string;
  testing: boolean;
  kind: Kind;
  objective: string;
  tuningMetric: string;
  dataset: { s3Uri: string; test: { s3Uri: string; rows: number; sha256: string } };
  candidate: Subject;
  /** Null when nothing serves yet; then `championNote` says why. */
  champion: Subject | null;
  championEnvironment: string | null;
  championNote: string | null;
  differences: Difference[];
  gates: GateResult[];
  drift: FeatureDrift[];
  /** Full sentences for the person who approves. */
  warnings: string[];
}
