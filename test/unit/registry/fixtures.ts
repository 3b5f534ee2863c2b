import type { DescribeModelPackageCommandOutput } from '@aws-sdk/client-sagemaker';
import type { Evaluation } from '../../../src/evaluation/report';
import type { Registration } from '../../../src/registry/register';
import { toVersion, type Version } from '../../../src/registry/versions';
import { modelWith } from '../tuning/fixtures';

export const registry = modelWith().environment;

export const arnOf = (version: number) =>
  `arn:aws:sagemaker:us-east-1:111111111111:model-package/flights-delay-ord/${version}`;

export const evaluation: Evaluation = {
  formatVersion: 1,
  model: 'delay-ord',
  layer: 'flights',
  runId: 'run-1',
  createdAt: '2026-11-22T15:00:00.000Z',
  testing: false,
  kind: 'regression',
  objective: 'reg:squarederror',
  tuningMetric: 'validation:rmse',
  dataset: {
    s3Uri: 's3://acme-ml/datasets/flights/delay-ord/run-1/dataset.json',
    test: { s3Uri: 's3://t', rows: 1, sha256: 'x' },
  },
  candidate: {
    trainingJob: 'ws-delay-ord-0123456789-003-0a1b2c3d',
    artifact: { s3Uri: 's3://acme-ml/output/job/output/model.tar.gz', etag: '"abc-2"', sha256: 'f00d' },
    image: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1',
    engine: 'local',
    scorecard: { metrics: { mae: 5.25, rmse: 11.123456789, stdev_error: 11.1, r2: Number.NaN } },
  },
  champion: null,
  championEnvironment: null,
  championNote: 'nothing serves yet',
  differences: [],
  gates: [],
  drift: [],
  warnings: [],
};

export const registration: Registration = {
  registry,
  model: modelWith().model,
  evaluation,
  evaluationUri: 's3://acme-ml/evaluations/flights/delay-ord/run-1/evaluation.json',
  tuningJob: 'ws-delay-ord-0123456789',
  probes: { s3Uri: 's3://acme-ml/evaluations/flights/delay-ord/run-1/probes.json', sha256: 'beef' },
  git: { commit: '0123456789abcdef', dirty: false, remote: 'https://ann:secret@git.example.com/acme/ml.git' },
};

/** As DescribeModelPackage answers for a version that somebody else's notebook registered. */
export function described(
  version: number,
  over: Partial<DescribeModelPackageCommandOutput> = {},
): Omit<DescribeModelPackageCommandOutput, '$metadata'> {
  return {
    ModelPackageName: `flights-delay-ord/${version}`,
    ModelPackageGroupName: 'flights-delay-ord',
    ModelPackageVersion: version,
    ModelPackageArn: arnOf(version),
    CreationTime: new Date(Date.UTC(2026, 0, version)),
    ModelPackageStatus: 'Completed',
    ModelPackageStatusDetails: { ValidationStatuses: [] },
    ModelApprovalStatus: 'Approved',
    InferenceSpecification: {
      Containers: [
        { Image: 'repo/image:1.7-1', ModelDataUrl: `s3://acme-ml/output/job-${version}/output/model.tar.gz` },
      ],
    },
    ...over,
  };
}

export function version(number: number, over: Partial<Version> = {}): Version {
  return { ...toVersion(described(number)), ...over };
}
