import type { Version } from '../../../src/registry/versions';
import type { Inspection } from '../../../src/release/inspect';
import type { Mark, TargetStatus } from '../../../src/release/inventory';
import type { Manifest } from '../../../src/release/manifest';
import type { RunRecord } from '../../../src/runs/record';
import type { LineageNode } from '../../../src/tuning/lineage';
import type { RankedTrainingJob } from '../../../src/tuning/training-jobs';
import type { ActivityEntry } from '../../../src/vscode/activity/entry';
import type { NodeOf, Review } from '../../../src/vscode/trees/node';

/** Every node's id begins with the connection's key. */
export const key = 'training|acme|111111111111|us-east-1';
export const now = new Date('2026-11-22T12:00:00.000Z');
const threeHoursAgo = '2026-11-22T09:00:00.000Z';

export const packageArn = (version: number) =>
  `arn:aws:sagemaker:us-east-1:111111111111:model-package/flights-delay-ord/${version}`;

export function version(own: Partial<Version> = {}): Version {
  return {
    arn: packageArn(own.version ?? 7),
    group: 'flights-delay-ord',
    version: 7,
    approval: 'PendingManualApproval',
    status: 'Completed',
    createdAt: threeHoursAgo,
    lastModified: threeHoursAgo,
    trainingJob: 'job-001',
    tuningJob: 'job',
    runId: '20261122-090000-ab12cd34',
    testing: false,
    artifact: { s3Uri: 's3://b/output/job-001/output/model.tar.gz', etag: 'e', sha256: 'f' },
    image: '1.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1',
    imageVersion: '1.7-1',
    metrics: { rmse: 31.25, mae: 20.5 },
    evaluationUri: 's3://b/evaluations/flights/delay-ord/r/evaluation.json',
    dataset: null,
    commit: '0123456789abcdef',
    probes: null,
    gatesPassed: true,
    description: null,
    comment: null,
    approvedBy: null,
    ...own,
  };
}

export const review = (own: Partial<Review> = {}): Review => ({
  metric: 'rmse',
  value: 31.25,
  champion: { version: 6, environment: 'production', value: 31.67, certainty: 'certain' },
  note: null,
  gates: [{ metric: 'rmse', passed: true, reason: 'rmse may be 2 % worse; it is better.' }],
  warnings: [],
  ...own,
});

export const failedGate = {
  metric: 'rmse',
  passed: false,
  reason: 'rmse may be 2 % worse; it is 5 % worse.',
};

export const pendingVersion = (
  own: Partial<Version> = {},
  reviewed: Partial<Review> = {},
): NodeOf<'pendingVersion'> => ({
  kind: 'pendingVersion',
  id: `${key}/approvals/7`,
  model: 'delay-ord',
  version: version(own),
  servedVersion: 6,
  review: review(reviewed),
});

export const versionNode = (
  own: Partial<Version> = {},
  more: Partial<NodeOf<'version'>> = {},
): NodeOf<'version'> => {
  const full = version(own);
  return {
    kind: 'version',
    id: `${key}/models/7`,
    model: 'delay-ord',
    summary: {
      arn: full.arn,
      version: full.version,
      approval: full.approval,
      status: full.status,
      createdAt: full.createdAt,
    },
    version: full,
    metric: { name: 'rmse', value: 31.25 },
    servesIn: [],
    unread: [],
    ...more,
  };
};

export const lineageNode = (own: Partial<LineageNode> = {}): LineageNode => ({
  name: 'flights-delay-ord-a',
  createdAt: threeHoursAgo,
  status: 'Completed',
  metric: 'validation:rmse',
  value: 31.123456789,
  jobs: { done: 10, total: 10 },
  warmStart: 'TransferLearning',
  testing: false,
  packageArn: packageArn(7),
  runId: '20261122-090000-ab12cd34',
  parents: ['flights-delay-ord-9'],
  children: [],
  ...own,
});

export const tuningJob = (own: Partial<LineageNode> = {}, running = false): NodeOf<'tuningJob'> => ({
  kind: 'tuningJob',
  id: `${key}/lineage/delay-ord/a`,
  model: 'delay-ord',
  job: lineageNode(own),
  running,
});

export const trainingJob = (own: Partial<RankedTrainingJob> = {}, best = false): NodeOf<'trainingJob'> => {
  const job: RankedTrainingJob = {
    name: 'flights-delay-ord-a-001',
    arn: null,
    status: 'Completed',
    metric: 'validation:rmse',
    value: 31.25,
    hyperparameters: { eta: '0.20123456', max_depth: '6' },
    failureReason: null,
    createdAt: '2026-11-22T11:00:00.000Z',
    endedAt: '2026-11-22T11:02:05.000Z',
    ...own,
  };
  return {
    kind: 'trainingJob',
    id: `${key}/lineage/delay-ord/a/trained/${job.name}`,
    tuningJob: 'flights-delay-ord-a',
    trainingJob: job.name,
    status: job.status,
    metric: job.metric,
    value: job.value,
    best,
    job,
  };
};

export const inspection = (own: Partial<Inspection> = {}): Inspection => ({
  endpointName: 'flights',
  environment: 'qa',
  accountId: '222222222222',
  status: 'InService',
  configName: 'flights-20261122-090000-ab12',
  releaseId: '20261122-090000-ab12',
  previousRelease: null,
  instances: { type: 'ml.m5.large', count: 2 },
  image: null,
  targets: [],
  cache: { loadedModels: 5, hitRatio: 0.984, invocations: 1200 },
  ...own,
});

export const endpoint = (own: Partial<Inspection> = {}): NodeOf<'endpoint'> => ({
  kind: 'endpoint',
  id: `${key}/endpoints/qa/flights`,
  environment: 'qa',
  endpoint: 'flights',
  inspection: inspection(own),
});

export const targetStatus = (own: Partial<TargetStatus> = {}): TargetStatus => ({
  targetModel: 'delay-ord.tar.gz',
  model: 'delay-ord',
  version: 6,
  packageArn: packageArn(6),
  approval: 'Approved',
  admitted: 6,
  marks: [],
  artifact: { key: 'models/flights/r/delay-ord.tar.gz', etag: 'e', size: 2048 },
  ...own,
});

export const target = (mark?: Mark, own: Partial<TargetStatus> = {}): NodeOf<'target'> => ({
  kind: 'target',
  id: `${key}/endpoints/qa/flights/target/delay-ord.tar.gz`,
  environment: 'qa',
  endpoint: 'flights',
  target: targetStatus({ ...(mark ? { marks: [mark] } : {}), ...own }),
});

export const manifest = (own: Partial<Manifest> = {}): Manifest => ({
  formatVersion: 1,
  releaseId: '20261122-090000-ab12',
  kind: 'release',
  endpoint: 'flights',
  endpointName: 'flights',
  environment: 'qa',
  accountId: '222222222222',
  region: 'us-east-1',
  createdAt: threeHoursAgo,
  updatedAt: '2026-11-22T09:01:00.000Z',
  status: 'released',
  bucket: 'b',
  prefix: 'models/flights/20261122-090000-ab12/',
  image: 'i',
  modelName: 'm',
  configName: 'c',
  previousConfig: null,
  previousRelease: null,
  targets: [{ targetModel: 'delay-ord.tar.gz', version: 6, image: null, source: source(), probes: [] }],
  ...own,
});

function source(): Manifest['targets'][number]['source'] {
  return { in: 'registry', bucket: 'b', key: 'k', etag: 'e' };
}

export const release = (
  own: Partial<Manifest> = {},
  more: Partial<NodeOf<'release'>> = {},
): NodeOf<'release'> => ({
  kind: 'release',
  id: `${key}/endpoints/qa/flights/releases/r`,
  environment: 'qa',
  endpoint: 'flights',
  manifest: manifest(own),
  live: false,
  standing: 'done',
  place: 'endpoint',
  activityId: null,
  ...more,
});

export const run = (own: Partial<RunRecord> = {}, more: Partial<NodeOf<'run'>> = {}): NodeOf<'run'> => ({
  kind: 'run',
  id: `${key}/activity/run/delay-ord/r`,
  run: {
    formatVersion: 1,
    runId: '20261122-090000-ab12cd34',
    model: 'delay-ord',
    layer: 'flights',
    testing: false,
    window: { from: '2000-01-01', until: '2026-10-01' },
    status: 'completed',
    startedAt: threeHoursAgo,
    updatedAt: '2026-11-22T09:10:30.000Z',
    host: 'build-7',
    steps: {},
    ...own,
  },
  standing: 'done',
  here: false,
  activityId: null,
  message: null,
  done: null,
  total: null,
  ...more,
});

export const activity = (own: Partial<ActivityEntry> = {}): NodeOf<'activity'> => {
  const entry: ActivityEntry = {
    id: 'activity-1',
    title: 'Start Local Sandbox',
    kind: 'sandbox',
    subject: 'sandbox',
    connectionKey: null,
    operation: null,
    status: 'running',
    message: 'loading flights',
    startedAt: '2026-11-22T11:59:48.000Z',
    finishedAt: null,
    steps: [],
    error: null,
    ...own,
  };
  const { id, title, status, message, startedAt, finishedAt } = entry;
  return {
    kind: 'activity',
    id: `${key}/activity/local/${id}`,
    activityId: id,
    title,
    status,
    message,
    startedAt,
    finishedAt,
    entry,
  };
};
