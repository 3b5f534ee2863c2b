import { createHash } from 'node:crypto';

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
  if (XGBOOST_ACCOUNTS[parsed.region] !== parsed.accountId) return { kind: 'unknown-repository' };
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

/** Account that holds `sagemaker-xgboost` in each region (sagemaker-python-sdk, image_uri_config/xgboost.json). */
const XGBOOST_ACCOUNTS: Record<string, string> = {
  'af-south-1': '510948584623',
  'ap-east-1': '651117190479',
  'ap-northeast-1': '354813040037',
  'ap-northeast-2': '366743142698',
  'ap-northeast-3': '867004704886',
  'ap-south-1': '720646828776',
  'ap-south-2': '628508329040',
  'ap-southeast-1': '121021644041',
  'ap-southeast-2': '783357654285',
  'ap-southeast-3': '951798379941',
  'ap-southeast-4': '106583098589',
  'ca-central-1': '341280168497',
  'ca-west-1': '190319476487',
  'cn-north-1': '450853457545',
  'cn-northwest-1': '451049120500',
  'eu-central-1': '492215442770',
  'eu-central-2': '680994064768',
  'eu-north-1': '662702820516',
  'eu-south-1': '978288397137',
  'eu-south-2': '104374241257',
  'eu-west-1': '141502667606',
  'eu-west-2': '764974769150',
  'eu-west-3': '659782779980',
  'il-central-1': '898809789911',
  'me-central-1': '272398656194',
  'me-south-1': '801668240914',
  'sa-east-1': '737474898029',
  'us-east-1': '683313688378',
  'us-east-2': '257758044811',
  'us-gov-east-1': '237065988967',
  'us-gov-west-1': '414596584902',
  'us-iso-east-1': '833128469047',
  'us-isob-east-1': '281123927165',
  'us-isof-east-1': '108575199400',
  'us-isof-south-1': '124985052026',
  'us-west-1': '746614075791',
  'us-west-2': '246618743249',
};
