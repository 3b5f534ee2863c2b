import type { Clock } from '../clock';
import type { LogStore } from '../cloudwatch/log-store';
import type { MetricStore } from '../cloudwatch/metric-store';
import type { Fleets } from '../runtime/fleets';
import type { Objects } from '../service';
import type { Table } from '../table';
import type { TrainingPool } from '../training/pool';
import type { ParsedArn } from './arn';
import type {
  ConfigRecord,
  EndpointRecord,
  GroupRecord,
  ModelRecord,
  PackageRecord,
  ProcessingJobRecord,
  TrainingJobRecord,
  TransformJobRecord,
  TuningJobRecord,
} from './records';
import type { Resources } from './resources';
import type { Tags } from './tags';

/** What every part of the sandbox's SageMaker works with. */
export interface Context {
  clock: Clock;
  objects: Objects;
  logs: LogStore;
  metrics: MetricStore;
  fleets: Fleets;
  tags: Table<Tags>;
  models: Resources<ModelRecord>;
  configs: Resources<ConfigRecord>;
  endpoints: Resources<EndpointRecord>;
  groups: Resources<GroupRecord>;
  packages: Resources<PackageRecord>;
  trainingJobs: Resources<TrainingJobRecord>;
  tuningJobs: Resources<TuningJobRecord>;
  transformJobs: Resources<TransformJobRecord>;
  processingJobs: Resources<ProcessingJobRecord>;
  trainingPool: TrainingPool;
  exists(arn: ParsedArn): boolean;
}
