import type { DescribeTrainingJobCommandOutput } from '@aws-sdk/client-sagemaker';
import type { EvaluationRow } from '../evaluation/history';
import type { Evaluation } from '../evaluation/report';
import type { Model } from '../project/project';
import type { Version } from '../registry/versions';
import type { TuningJob } from '../tuning/job';
import type { Dataset } from '../warehouse/dataset';

export type TrainingJob = Omit<DescribeTrainingJobCommandOutput, '$metadata'>;

/** All that was read of one version; null for what is not there or could not be read. */
export interface VersionFacts {
  version: Version;
  evaluation: Evaluation | null;
  dataset: Dataset | null;
  tuning: TuningJob | null;
  training: TrainingJob | null;
}

/** What the candidates are held against. */
export interface BaselineFacts extends VersionFacts {
  /** Where it serves; null when nobody knows. */
  environment: string | null;
}

/** All that was read for one model. */
export interface ModelFacts {
  /** Null when no model of the project uses the group. */
  model: Model | null;
  group: string;
  baseline: BaselineFacts | null;
  /** In the order asked for, each once, none of them the baseline. */
  candidates: VersionFacts[];
  /** The container that the endpoint runs now; null when there is none or it could not be read. */
  endpoint: { environment: string; image: string } | null;
  history: EvaluationRow[];
  notes: string[];
}
