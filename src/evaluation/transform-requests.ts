import type { CreateModelCommandInput, CreateTransformJobCommandInput } from '@aws-sdk/client-sagemaker';
import type { EnvironmentFile } from '../project/schema';

/** A model to score by Batch Transform. */
export interface TransformRequest {
  runId: string;
  subject: 'candidate' | 'champion';
  image: string;
  artifactUri: string;
  environment: Pick<EnvironmentFile, 'executionRoleArn' | 'vpc' | 'kmsKeyId' | 'tags'>;
  instanceType: string;
  /** The test set: CSV without a header, the label first. */
  testUri: string;
  /** An S3 prefix of this run's own, ending with a slash. */
  outputPrefix: string;
  /** Numbers per row that the model answers. */
  outputs: number;
}

/** The name of the model and of the job, ≤ 63 characters; a job that ended badly is tried again under the next attempt. */
export function transformName({ runId, subject }: TransformRequest, attempt: number): string {
  const run = runId.replace(/[^a-zA-Z0-9]+/g, '-').slice(0, 40);
  return `ws-${run}-${subject}-${attempt}`;
}

/** Every artifact is scored by a single-model container of its own image. */
export function modelRequest(request: TransformRequest, name: string): CreateModelCommandInput {
  const { executionRoleArn, vpc, tags } = request.environment;
  return {
    ModelName: name,
    ExecutionRoleArn: executionRoleArn,
    PrimaryContainer: { Image: request.image, ModelDataUrl: request.artifactUri },
    ...(vpc && { VpcConfig: { Subnets: vpc.subnets, SecurityGroupIds: vpc.securityGroupIds } }),
    Tags: toTags(tags),
  };
}

/**
 * The label is taken off before the container sees a row, and joined to its answer after. `$[0,-1]` keeps label and
 * prediction. A container that answers several numbers writes them as `[0.1, 0.9]`, which that filter would cut at
 * the commas: then the joined row is kept whole.
 */
export function transformRequest(request: TransformRequest, name: string): CreateTransformJobCommandInput {
  const { kmsKeyId, tags } = request.environment;
  return {
    TransformJobName: name,
    ModelName: name,
    BatchStrategy: 'MultiRecord',
    TransformInput: {
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: request.testUri } },
      ContentType: 'text/csv',
      SplitType: 'Line',
    },
    TransformOutput: {
      S3OutputPath: outputPath(request, name),
      Accept: 'text/csv',
      AssembleWith: 'Line',
      ...(kmsKeyId !== undefined && { KmsKeyId: kmsKeyId }),
    },
    DataProcessing: {
      InputFilter: '$[1:]',
      JoinSource: 'Input',
      ...(request.outputs === 1 && { OutputFilter: '$[0,-1]' }),
    },
    TransformResources: { InstanceType: request.instanceType as TransformInstance, InstanceCount: 1 },
    Tags: toTags(tags),
  };
}

type TransformInstance = NonNullable<CreateTransformJobCommandInput['TransformResources']>['InstanceType'];

/** Batch Transform names its output after the input: `<input>.out`. */
export function outputUri(request: TransformRequest, name: string): string {
  return `${outputPath(request, name)}${request.testUri.slice(request.testUri.lastIndexOf('/') + 1)}.out`;
}

function outputPath({ outputPrefix }: TransformRequest, name: string): string {
  return `${outputPrefix}${name}/`;
}

function toTags(tags: Record<string, string>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
