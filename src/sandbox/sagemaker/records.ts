import type {
  DeploymentConfig,
  DescribeEndpointConfigOutput,
  DescribeEndpointOutput,
  DescribeHyperParameterTuningJobResponse,
  DescribeModelOutput,
  DescribeModelPackageGroupOutput,
  DescribeModelPackageOutput,
  DescribeProcessingJobResponse,
  DescribeTrainingJobResponse,
  DescribeTransformJobResponse,
  HyperParameterTuningJobObjective,
} from '@aws-sdk/client-sagemaker';
import type { Stored, Valid } from '../protocol/types';

/** What the tables hold. Most of it is what Describe answers. */

export type ModelRecord = Stored<DescribeModelOutput>;

export type ConfigRecord = Stored<DescribeEndpointConfigOutput>;

export type ProcessingJobRecord = Stored<DescribeProcessingJobResponse>;

export interface GroupRecord {
  described: Stored<DescribeModelPackageGroupOutput>;
  /** The highest version ever given; numbers are not used again. */
  lastVersion: number;
  policy?: string;
}

export interface PackageRecord {
  /** A versioned package has no name of its own. */
  described: Omit<Stored<DescribeModelPackageOutput>, 'ModelPackageName'> & { ModelPackageName?: string };
  /** The token of the request that made it: the same request again answers the same package. */
  clientToken?: string;
}

/** One production variant of a fleet: all that an instance needs to serve, as it was when the fleet was built. */
export interface VariantSpec {
  name: string;
  instanceType: string;
  instanceCount: number;
  weight: number;
  volumeSizeInGB?: number;
  model: ModelRecord;
}

/** The instances that one deployment of an endpoint config started. */
export interface FleetSpec {
  id: string;
  accountId: string;
  region: string;
  endpointName: string;
  configName: string;
  variants: VariantSpec[];
}

/** A change of an endpoint that is under way; it is started again after a restart. */
export type Change =
  | { kind: 'create'; fleet: FleetSpec }
  | { kind: 'update'; fleet: FleetSpec; startedAt: string; deployment?: Valid<DeploymentConfig> }
  | { kind: 'scale'; variants: { name: string; weight?: number; instanceCount?: number }[] }
  | { kind: 'delete' };

export interface EndpointRecord {
  described: Stored<DescribeEndpointOutput>;
  /** What serves: the fleets and the share of the traffic that each takes. Empty until first in service. */
  fleets: { spec: FleetSpec; share: number }[];
  change?: Change;
}

type Without<T, Name extends keyof T> = Omit<T, Name> & Partial<Pick<T, Name>>;

export interface TrainingJobRecord {
  /** Artifacts are there once they were uploaded. */
  described: Without<Stored<DescribeTrainingJobResponse>, 'ModelArtifacts'>;
  /** Of a training job that a tuning job started. */
  tuning?: {
    job: string;
    tuned: Record<string, string>;
    objective: Valid<HyperParameterTuningJobObjective>;
  };
  /** The objective metric after each round, of a tuning job's training job. */
  curve?: number[];
}

export interface TuningJobRecord {
  /** Counters and best jobs are computed when asked for. */
  described: Omit<
    Stored<DescribeHyperParameterTuningJobResponse>,
    'TrainingJobStatusCounters' | 'ObjectiveStatusCounters' | 'BestTrainingJob' | 'OverallBestTrainingJob'
  >;
}

export type TransformJobRecord = Stored<DescribeTransformJobResponse>;
