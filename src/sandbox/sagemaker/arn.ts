import type { Scope } from './resources';

export type Kind =
  | 'model'
  | 'endpoint'
  | 'endpoint-config'
  | 'training-job'
  | 'hyper-parameter-tuning-job'
  | 'transform-job'
  | 'processing-job'
  | 'model-package'
  | 'model-package-group';

/** The ARN of a resource. SageMaker writes the names of all but the registry's resources in lower case. */
export function arnOf(scope: Scope, kind: Kind, name: string): string {
  const written = kind.startsWith('model-package') ? name : name.toLowerCase();
  return `arn:aws:sagemaker:${scope.region}:${scope.accountId}:${kind}/${written}`;
}

export interface ParsedArn extends Scope {
  kind: string;
  /** All after the kind: `group/3` of a model package. */
  name: string;
}

export function parseArn(arn: string): ParsedArn | undefined {
  const match = /^arn:[^:]+:sagemaker:([^:]*):(\d{12}):([a-z-]+)\/(.+)$/.exec(arn);
  if (!match) return undefined;
  const [, region = '', accountId = '', kind = '', name = ''] = match;
  return { region, accountId, kind, name };
}

/** The account of an IAM role's ARN. */
export function accountOfRole(arn: string): string | undefined {
  return /^arn:[^:]+:iam::(\d{12}):role\//.exec(arn)?.[1];
}
