import type {
  DeploymentConfig,
  DescribeEndpointConfigOutput,
  DescribeEndpointOutput,
  DescribeModelOutput,
  DescribeModelPackageGroupOutput,
  DescribeModelPackageOutput,
  DescribeProcessingJobResponse,
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
