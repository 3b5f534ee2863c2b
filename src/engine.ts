/**
 * The domain as VS Code uses it, in one bundle of its own (`dist/aws.js`): the AWS SDK is in it, so it is loaded at
 * the first call that needs AWS and not when the extension is activated. Only what is listed here can be reached.
 */
export { isAccessDenied, isNotFound } from './aws/errors';
export { holderOf } from './aws/lease';
export { logGroups, readLogs } from './aws/logs';
export { listProfiles } from './aws/profiles';
export { openSession } from './aws/session';
export { Store } from './aws/store';
export { type ReportAssets, readReportAssets } from './comparison/assets';
export { comparisonCsv } from './comparison/csv';
export { comparisonMarkdown } from './comparison/markdown';
export { type ComparisonScene, readComparison } from './comparison/read';
export { comparisonHtml } from './comparison/report';
export { parseDocument } from './evaluation/document';
export { readEvaluation } from './evaluation/stored';
export { loadProject, parseProject } from './project/load';
export { placesOf } from './project/places';
export { decide, requireUnchanged } from './registry/approval';
export { readFeatures } from './registry/features';
export { groupArn } from './registry/groups';
export { listPending } from './registry/pending';
export {
  describeVersion,
  describeVersions,
  listSummaries,
  listVersions,
  summariesOf,
} from './registry/versions';
export { inspectEndpoint } from './release/inspect';
export { listManifests } from './release/manifest';
export { prepareRelease, release, resumeRelease, sceneOf } from './release/release';
export { rollBack } from './release/rollback';
export { readServing } from './release/serving';
export { invoke } from './release/verify';
export { previewRetrain } from './runs/preview';
export { recentRuns } from './runs/recent';
export { findRun, listRuns } from './runs/record';
export { resumeRun, retrain, retrainAll } from './runs/retrain';
export { stopRun } from './runs/stop';
export { tuningObjective } from './tuning/hyperparameters';
export { describeTuning, progressOf } from './tuning/job';
export { readLineage } from './tuning/lineage';
export { rankedTrainingJobs } from './tuning/training-jobs';
