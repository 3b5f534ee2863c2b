import type { CreateTrainingJobRequest, HyperParameterTuningJobObjective } from '@aws-sdk/client-sagemaker';
import type { Valid } from '../protocol/types';
import type { Caller } from '../service';
import { arnOf } from './arn';
import { parseS3 } from './artifacts';
import { checkChannels } from './channels';
import type { Context } from './context';
import { resourceInUse, validationError } from './errors';
import { findImage, parseImageUri } from './images';
import { demandQuota } from './instances';
import { invalidImage } from './package-contents';
import type { TrainingJobRecord } from './records';
import type { Scope } from './resources';
import { asRole, passRole } from './roles';
import { mergeTags } from './tags';

export type TrainingJobInput = Valid<CreateTrainingJobRequest>;

/** What every training job must fulfil, alone or as the definition in a tuning job. */
export interface TrainingDefinition {
  AlgorithmSpecification: { TrainingImage?: string; AlgorithmName?: string; MetricDefinitions?: unknown[] };
  RoleArn: string;
  InputDataConfig?: TrainingJobInput['InputDataConfig'];
  OutputDataConfig: { S3OutputPath: string };
  StoppingCondition?: TrainingJobInput['StoppingCondition'];
  EnableManagedSpotTraining?: boolean;
}

/** @throws ServiceError ValidationException | AccessDeniedException */
export async function checkDefinition(
  context: Context,
  caller: Caller,
  definition: TrainingDefinition,
): Promise<void> {
  const { RoleArn, AlgorithmSpecification: algorithm } = definition;
  passRole(caller, RoleArn);
  if ((algorithm.TrainingImage === undefined) === (algorithm.AlgorithmName === undefined)) {
    throw validationError('Exactly one of TrainingImage and AlgorithmName must be specified.');
  }
  if (algorithm.TrainingImage === undefined) {
    throw validationError(`Algorithm ${algorithm.AlgorithmName} does not exist.`);
  }
  checkImage(caller, algorithm.TrainingImage, RoleArn);
  if ((algorithm.MetricDefinitions ?? []).length > 0) {
    throw validationError(
      "You can't override the metric definitions for Amazon SageMaker algorithms. Please retry the request " +
        'without specifying metric definitions.',
    );
  }
  parseS3(definition.OutputDataConfig.S3OutputPath);
  checkStopping(definition);
  const role = asRole(RoleArn, caller.region);
  await checkChannels(context.objects, role, RoleArn, definition.InputDataConfig ?? []);
}

function checkImage(scope: Scope, uri: string, roleArn: string): void {
  const parsed = parseImageUri(uri);
  if (!parsed) throw invalidImage(uri);
  if (parsed.region !== scope.region) {
    throw validationError(`Image "${uri}" is in region ${parsed.region}, the job in ${scope.region}.`);
  }
  const image = findImage(uri);
  if (image.kind === 'missing-tag') throw validationError(`Requested image ${uri} not found.`);
  if (image.kind === 'unknown-repository') {
    throw validationError(
      `Cannot find repository: ${parsed.repository} in registry ID: ${parsed.accountId} Please check if your ECR ` +
        `repository exists and role ${roleArn} has proper pull permissions for SageMaker: ` +
        'ecr:BatchCheckLayerAvailability, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer',
    );
  }
}

function checkStopping(definition: TrainingDefinition): void {
  const { MaxWaitTimeInSeconds: wait, MaxRuntimeInSeconds: runtime = 86_400 } =
    definition.StoppingCondition ?? {};
  const spot = definition.EnableManagedSpotTraining ?? false;
  if (!spot && wait !== undefined) {
    throw validationError(
      'Invalid MaxWaitTimeInSeconds. It must be unset unless managed spot training is enabled.',
    );
  }
  if (spot && (wait === undefined || wait < runtime)) {
    throw validationError(
      'Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds.',
    );
  }
}

/** @throws ServiceError ResourceLimitExceeded: instances of all training jobs in progress count */
export function demandTrainingInstances(context: Context, scope: Scope, type: string, count: number): void {
  const used = context.trainingJobs
    .list(scope)
    .filter((each) => each.described.TrainingJobStatus === 'InProgress')
    .filter((each) => each.described.ResourceConfig?.InstanceType === type)
    .reduce((sum, each) => sum + (each.described.ResourceConfig?.InstanceCount ?? 1), 0);
  demandQuota(type, 'training job usage', used, count);
}

/** What a tuning job adds to a training job of its own. */
export interface TuningOrigin {
  job: string;
  arn: string;
  tuned: Record<string, string>;
  objective: Valid<HyperParameterTuningJobObjective>;
}

/** Makes the record of a training job that has passed the checks. @throws ServiceError ResourceInUse */
export function recordTrainingJob(
  context: Context,
  scope: Scope,
  input: TrainingJobInput,
  origin?: TuningOrigin,
): TrainingJobRecord {
  const name = input.TrainingJobName;
  const arn = arnOf(scope, 'training-job', name);
  if (context.trainingJobs.get(scope, name)) {
    throw resourceInUse(
      `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
    );
  }
  const now = context.clock.now().toISOString();
  const { Tags, HyperParameters = {}, StoppingCondition, ...given } = input;
  const record: TrainingJobRecord = {
    described: {
      ...given,
      HyperParameters,
      TrainingJobArn: arn,
      ...(origin ? { TuningJobArn: origin.arn } : {}),
      TrainingJobStatus: 'InProgress',
      SecondaryStatus: 'Starting',
      StoppingCondition: { MaxRuntimeInSeconds: 86_400, ...StoppingCondition },
      CreationTime: now,
      LastModifiedTime: now,
      SecondaryStatusTransitions: [
        { Status: 'Starting', StartTime: now, StatusMessage: 'Preparing the instances for training' },
      ],
      EnableNetworkIsolation: input.EnableNetworkIsolation ?? false,
      EnableInterContainerTrafficEncryption: input.EnableInterContainerTrafficEncryption ?? false,
      EnableManagedSpotTraining: input.EnableManagedSpotTraining ?? false,
    },
    ...(origin ? { tuning: { job: origin.job, tuned: origin.tuned, objective: origin.objective } } : {}),
  };
  context.trainingJobs.set(scope, name, record);
  context.tags.set(arn, mergeTags([], Tags ?? []));
  return record;
}
