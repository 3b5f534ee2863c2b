import type { Matrix } from '../../xgboost/matrix';

/** A training set: features and, beside them, the label (and weight) of each row. */
export interface LabelledMatrix {
  features: Matrix;
  labels: Float32Array;
  weights?: Float32Array;
}

export interface TrainRequest {
  /** The image's version tag, e.g. `1.7-1`: decides the artifact's format. */
  version: string;
  /** As SageMaker passes them: strings, XGBoost's names and aliases. */
  hyperparameters: Record<string, string>;
  train: LabelledMatrix;
  validation?: LabelledMatrix;
  /** Asked after each round; `true` stops there and keeps what was trained. */
  stop?: (round: number, metrics: Record<string, number>) => boolean;
}

export interface TrainResult {
  /** The bytes of the file `xgboost-model`. */
  model: Buffer;
  /** `validation:rmse` → the value of each round. */
  history: Record<string, number[]>;
  /** Final value of each metric, as the container would report it. */
  metrics: Record<string, number>;
  /** The container's log lines: `[0]#011train-rmse:12.3#011validation-rmse:12.9`. */
  log: string[];
  rounds: number;
}

/** A finished training job of a tuning job or of one of its parents. */
export interface Trial {
  /** The tuning job that ran it. Objective values are only compared within a job: data may differ between jobs. */
  job?: string;
  hyperparameters: Record<string, string>;
  objective: number;
}

/** SageMaker's ParameterRanges, strings as in the API. */
export interface SearchSpace {
  integers: { Name: string; MinValue: string; MaxValue: string; ScalingType?: string }[];
  continuous: { Name: string; MinValue: string; MaxValue: string; ScalingType?: string }[];
  categorical: { Name: string; Values: string[] }[];
}

export interface SuggestRequest {
  strategy: 'Bayesian' | 'Random' | 'Hyperband' | 'Grid';
  space: SearchSpace;
  direction: 'Minimize' | 'Maximize';
  /** Finished trials of this job. */
  trials: Trial[];
  /** Finished trials of the parents (warm start), newest parent first. */
  parentTrials: Trial[];
  /** Suggested but not finished yet: avoid their neighbourhood. */
  running: Record<string, string>[];
  /** Which suggestion of the job this is, from 0. */
  index: number;
  seed: number;
}
