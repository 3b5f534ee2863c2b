import type { Environment } from '../../project/project';
import { partitionOf } from '../../registry/policy';

type Place = Pick<Environment, 'accountId' | 'region'>;
type Resource = 'hyper-parameter-tuning-job' | 'training-job' | 'endpoint' | 'model-package-group';

/** The ARN of a SageMaker resource by its name. SageMaker writes names in ARNs in lower case. */
export function sagemakerArn({ accountId, region }: Place, resource: Resource, name: string): string {
  return `arn:${partitionOf(region)}:sagemaker:${region}:${accountId}:${resource}/${name.toLowerCase()}`;
}

const consoles: Record<string, string> = {
  aws: 'https://console.aws.amazon.com',
  'aws-cn': 'https://console.amazonaws.cn',
  'aws-us-gov': 'https://console.amazonaws-us-gov.com',
};

/**
 * The page of AWS's console for an ARN, found by the console itself. Undefined for what is not an ARN and for partitions
 * whose console is not on the Internet.
 */
export function consoleUrl(arn: string): string | undefined {
  const [, partition = '', region = ''] = /^arn:(aws[a-z-]*):[a-z0-9-]+:([a-z0-9-]*):/.exec(arn) ?? [];
  const console = Object.hasOwn(consoles, partition) ? consoles[partition] : undefined;
  if (!console) return undefined;
  const place = region ? `region=${encodeURIComponent(region)}&` : '';
  return `${console}/go/view?${place}arn=${encodeURIComponent(arn)}`;
}
