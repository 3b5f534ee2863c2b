import { WarmstartError } from '../errors';
import { ownValue } from './project';
import type { Range } from './schema';

/**
 * What is known by heart of SageMaker's built-in XGBoost: images, hyperparameters, objectives and metrics.
 * Sources: image_uri_config/xgboost.json of the SageMaker Python SDK; hyperparameter_validation.py and xgb_constants.py
 * of the sagemaker-xgboost-container.
 */

/** The account that holds the images of a region; the same for every version from 0.90-1 on. */
export const xgboostAccounts: Readonly<Record<string, string>> = {
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
  'us-west-1': '746614075791',
  'us-west-2': '246618743249',
};

const REPOSITORY = 'sagemaker-xgboost';

export const xgboostRegions: readonly string[] = Object.keys(xgboostAccounts);

/**
 * The ECR URI of the built-in XGBoost image.
 * @throws WarmstartError `project.xgboost-region` for a region whose account is not known
 */
export function xgboostImage(region: string, version: string): string {
  const account = ownValue(xgboostAccounts, region);
  if (!account)
    throw new WarmstartError(
      'project.xgboost-region',
      `The account of the XGBoost images in ${region} is not known.`,
      {
        kind: 'usage',
        remedy: 'Name the image itself: "training": { "image": "<ECR URI>", … }.',
      },
    );
  return `${account}.dkr.ecr.${region}.${domainOf(region)}/${REPOSITORY}:${version}`;
}

function domainOf(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn';
  if (region.startsWith('us-isob-')) return 'sc2s.sgov.gov';
  return region.startsWith('us-iso-') ? 'c2s.ic.gov' : 'amazonaws.com';
}

export interface ImageName {
  account: string;
  region: string;
  repository: string;
  /** Empty when the image is named by digest only. */
  tag: string;
}

/** The parts of an ECR image URI, or undefined when it is none. */
export function parseImage(uri: string): ImageName | undefined {
  const match =
    /^(\d{12})\.dkr[.-]ecr[.\w-]*?\.([a-z]{2}(?:-[a-z]+)+-\d)\.[\w.]+\/([^:@]+)(?::([^@]+))?(?:@.+)?$/.exec(
      uri,
    );
  if (!match) return undefined;
  const [, account = '', region = '', repository = '', tag = ''] = match;
  return { account, region, repository, tag };
}

/** Whether an image is SageMaker's own XGBoost, whichever way it was named. */
export const isXGBoostImage = (uri: string): boolean => parseImage(uri)?.repository === REPOSITORY;

export interface Tunable {
  type: 'integer' | 'continuous';
  /** The values that the container accepts; `min` itself is not one of them when `aboveMin`. */
  min: number;
  max: number;
  aboveMin: boolean;
  /** What the container recommends, with max_depth and num_round never below 1. */
  recommended: { min: number; max: number; scaling: 'Auto' | 'Linear' | 'Logarithmic' };
}

const continuous = (min: number, max: number, low: number, high: number, aboveMin = false): Tunable => ({
  type: 'continuous',
  min,
  max,
  aboveMin,
  recommended: { min: low, max: high, scaling: 'Auto' },
});
const integer = (min: number, low: number, high: number): Tunable => ({
  type: 'integer',
  min,
  max: Number.POSITIVE_INFINITY,
  aboveMin: false,
  recommended: { min: low, max: high, scaling: 'Auto' },
});

/** The only hyperparameters that the container lets a tuning job search. A max_depth of 0 means no limit at all. */
export const tunables: Readonly<Record<string, Tunable>> = {
  alpha: continuous(0, Number.POSITIVE_INFINITY, 0, 1000),
  colsample_bylevel: continuous(0, 1, 0.1, 1, true),
  colsample_bynode: continuous(0, 1, 0.1, 1, true),
  colsample_bytree: continuous(0, 1, 0.5, 1, true),
  eta: continuous(0, 1, 0.1, 0.5),
  gamma: continuous(0, Number.POSITIVE_INFINITY, 0, 5),
  lambda: continuous(0, Number.POSITIVE_INFINITY, 0, 1000),
  max_delta_step: integer(0, 0, 10),
  max_depth: integer(1, 1, 10),
  min_child_weight: continuous(0, Number.POSITIVE_INFINITY, 0, 120),
  num_round: integer(1, 1, 4000),
  subsample: continuous(0, 1, 0.5, 1, true),
};

/** XGBoost's second names: the container takes both, and two names of one thing are one thing. */
export const aliases: Readonly<Record<string, string>> = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_alpha: 'alpha',
  reg_lambda: 'lambda',
};

export const canonicalName = (name: string): string => ownValue(aliases, name) ?? name;

/** The ranges of a model that names none: all tunable hyperparameters with the container's recommended ranges. */
export const recommendedRanges: Readonly<Record<string, Range>> = Object.fromEntries(
  Object.entries(tunables).map(([name, { type, recommended }]) => [name, { ...recommended, type }]),
);

/** Compares image versions such as `1.7-1` and `3.0-5`: negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
