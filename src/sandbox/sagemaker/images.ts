import { createHash } from 'node:crypto';
import { ownValue } from '../../project/project';
import { xgboostAccounts } from '../../project/xgboost';

export interface ImageUri {
  accountId: string;
  region: string;
  repository: string;
  tag: string;
}

/** What the sandbox knows of an image. Only SageMaker's own XGBoost images exist in it and can be run. */
export type Image =
  | { kind: 'xgboost'; version: string; multiModel: boolean }
  | { kind: 'missing-tag' }
  | { kind: 'unknown-repository' };

/** `account.dkr.ecr.region.suffix/repository:tag` or `…@sha256:…`; undefined when it is no ECR image. */
export function parseImageUri(uri: string): ImageUri | undefined {
  const match =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z0-9.-]+\/([a-z0-9][a-z0-9._/-]*)(?:[:@]([\w.:-]+))?$/.exec(uri);
  if (!match) return undefined;
  const [, accountId = '', region = '', repository = '', tag = 'latest'] = match;
  return { accountId, region, repository, tag };
}

/**
 * Finds an image in the registries that SageMaker keeps per region. Only `sagemaker-xgboost` is known.
 * Version tags exist bare and with the suffix `-cpu-py3`; multi-model support came with 0.90-2.
 */
export function findImage(uri: string): Image {
  const parsed = parseImageUri(uri);
  if (parsed?.repository !== 'sagemaker-xgboost') return { kind: 'unknown-repository' };
  if (ownValue(xgboostAccounts, parsed.region) !== parsed.accountId) return { kind: 'unknown-repository' };
  const version = parsed.tag.replace(/-cpu-py3$/, '');
  if (!XGBOOST_VERSIONS.includes(version)) return { kind: 'missing-tag' };
  return { kind: 'xgboost', version: version.replace(/-arm64$/, ''), multiModel: version !== '0.90-1' };
}

/** The digest that the service fills in for an image: stable, and different for each image. */
export function digestOf(uri: string): string {
  return `sha256:${createHash('sha256').update(uri).digest('hex')}`;
}

/** The URI by digest, as DescribeEndpoint shows it (`ResolvedImage`). */
export function resolvedImage(uri: string): string {
  return `${uri.replace(/[:@][^/]*$/, '')}@${digestOf(uri)}`;
}

const XGBOOST_VERSIONS = [
  '0.90-1',
  '0.90-2',
  '1.0-1',
  '1.2-1',
  '1.2-2',
  '1.3-1',
  '1.3-1-arm64',
  '1.5-1',
  '1.5-1-arm64',
  '1.7-1',
  '3.0-5',
  '3.2-0',
];
