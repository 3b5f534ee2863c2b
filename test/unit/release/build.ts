import type { Version } from '../../../src/registry/versions';
import type { Manifest, Target } from '../../../src/release/manifest';
import type { Desired, Live } from '../../../src/release/plan';

/** Builders of plain data for the release tests; every field can be overridden. */
export const image17 = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1';
export const image30 = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5';

export function versionOf(model: string, version: number, over: Partial<Version> = {}): Version {
  return {
    arn: `arn:aws:sagemaker:us-east-1:111111111111:model-package/${model}/${version}`,
    group: model,
    version,
    approval: 'Approved',
    status: 'Completed',
    createdAt: '2026-01-01T00:00:00.000Z',
    lastModified: '2026-01-01T00:00:00.000Z',
    trainingJob: `${model}-job-${version}`,
    tuningJob: null,
    runId: null,
    testing: false,
    artifact: {
      s3Uri: `s3://training/output/${model}-${version}/output/model.tar.gz`,
      etag: `e-${model}-${version}`,
      sha256: null,
    },
    image: image17,
    imageVersion: '1.7-1',
    metrics: {},
    evaluationUri: null,
    dataset: null,
    commit: null,
    probes: null,
    gatesPassed: true,
    description: null,
    comment: null,
    approvedBy: null,
    ...over,
  };
}

export function desiredOf(model: string, version: Version | null, skipped: Desired['skipped'] = []): Desired {
  return { model, targetModel: `${model}.tar.gz`, version, skipped };
}

export function targetOf(model: string, version: number, over: Partial<Target> = {}): Target {
  const from = versionOf(model, version);
  return {
    targetModel: `${model}.tar.gz`,
    model,
    packageArn: from.arn,
    version,
    image: image17,
    source: {
      in: 'registry',
      bucket: 'training',
      key: `output/${model}-${version}/output/model.tar.gz`,
      etag: `e-${model}-${version}`,
    },
    copy: { key: `models/flights/r/${model}.tar.gz`, etag: `e-${model}-${version}` },
    probes: [],
    ...over,
  };
}

export function manifestOf(releaseId: string, targets: Target[], over: Partial<Manifest> = {}): Manifest {
  return {
    formatVersion: 1,
    releaseId,
    kind: 'release',
    endpoint: 'flights',
    endpointName: 'flights',
    environment: 'production',
    accountId: '333333333333',
    region: 'us-east-1',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    status: 'released',
    bucket: 'production',
    prefix: `models/flights/${releaseId}/`,
    image: image17,
    modelName: `flights-${releaseId}`,
    configName: `flights-${releaseId}`,
    previousConfig: null,
    previousRelease: null,
    targets,
    ...over,
  };
}

/** An endpoint that serves exactly what its manifest says. */
export function liveOf(manifest: Manifest): Live {
  return {
    configName: manifest.configName,
    image: manifest.image,
    bucket: manifest.bucket,
    prefix: manifest.prefix,
    manifest,
    artifacts: manifest.targets.map((target) => ({
      targetModel: target.targetModel,
      key: target.copy?.key ?? '',
      etag: target.copy?.etag ?? '',
      size: 1000,
    })),
  };
}
