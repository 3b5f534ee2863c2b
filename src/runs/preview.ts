import { holderOf, type LeaseHolder } from '../aws/lease';
import { WarmstartError } from '../errors';
import type { Model } from '../project/project';
import { groupArn } from '../registry/groups';
import { listSummaries } from '../registry/versions';
import type { Candidate } from '../tuning/candidates';
import { exportWindow, type Window } from '../warehouse/window';
import { datasetKey } from './export-step';
import { parentsFor } from './parents-for';
import { findRun, newRunId } from './record';
import type { RetrainOptions } from './retrain';
import type { RunScene } from './scene';

/** What retraining one model would do, found out without writing anything. Plain data. */
export interface RetrainPreview {
  model: string;
  packageGroup: string;
  testing: boolean;
  window: Window;
  /** Null for a cold start. */
  warmStart: string | null;
  parents: {
    name: string;
    createdAt: string;
    metric: string;
    value: number | null;
    approval: string | null;
  }[];
  /** Parents turned down, each with its reason as a full sentence. */
  refused: { name: string; reason: string }[];
  coldStartReason: string | null;
  notes: string[];
  jobs: { total: number; parallel: number; strategy: string; maxRuntimeSeconds: number | null };
  instance: { type: string; count: number; volumeSizeGB: number; spot: boolean };
  /** Who retrains the model already; another run would be refused. */
  holder: LeaseHolder | null;
  /** A run that was interrupted or failed and could be resumed instead. */
  unfinished: { runId: string; status: string; startedAt: string } | null;
  /** Numbers of the versions that wait for approval, the highest first. */
  pending: number[];
}

/**
 * Looks at what {@link retrain} with the same options would do: data window, parents, jobs. Reads only.
 * @throws WarmstartError `warehouse.window` (usage) when the window holds no day
 */
export async function previewRetrain(
  scene: RunScene,
  model: Model,
  options: RetrainOptions,
): Promise<RetrainPreview> {
  const { project, session, store, task } = scene;
  const { testing } = options;
  const now = task.now();
  const window = exportWindow(model.data, now, options.until);
  const folder = datasetKey({ layer: model.layer, model: model.name, runId: newRunId(now) });
  const part = (name: string) => ({ s3Uri: store.uri(folder.replace('dataset.json', `${name}.csv`)) });
  const dataset = { parts: { train: part('train'), validation: part('validation') } };
  const [choice, holder, unfinished, versions] = await Promise.all([
    parentsFor({ project, session, store, model, testing, dataset }),
    holderOf(store, `run-${model.name}`, now),
    unfinishedRun(scene, model.name),
    listSummaries(session, groupArn(project.registry, model.packageGroup), {
      approval: 'PendingManualApproval',
    }),
  ]);
  const { tuning, training } = model;
  return {
    model: model.name,
    packageGroup: model.packageGroup,
    testing,
    window,
    warmStart: choice.parents.length && tuning.warmStart !== false ? tuning.warmStart.type : null,
    parents: choice.parents.map(parentOf),
    refused: choice.refused,
    coldStartReason: choice.coldStartReason ?? null,
    notes: choice.notes,
    jobs: {
      total: testing ? 1 : tuning.maxJobs,
      parallel: testing ? 1 : Math.min(tuning.maxParallelJobs, tuning.maxJobs),
      strategy: tuning.strategy,
      maxRuntimeSeconds: tuning.maxRuntimeSeconds ?? null,
    },
    instance: {
      type: training.instanceType,
      count: training.instanceCount,
      volumeSizeGB: training.volumeSizeGB,
      spot: training.spot !== undefined,
    },
    holder: holder ?? null,
    unfinished,
    pending: versions.map((version) => version.version),
  };
}

function parentOf({ name, createdAt, metric, row, approval }: Candidate): RetrainPreview['parents'][number] {
  return { name, createdAt, metric, value: row.evalMetricValue, approval };
}

async function unfinishedRun({ store }: RunScene, model: string): Promise<RetrainPreview['unfinished']> {
  try {
    const { runId, status, startedAt } = await findRun(store, model);
    return status === 'running' || status === 'failed' ? { runId, status, startedAt } : null;
  } catch (error) {
    if (error instanceof WarmstartError && error.code === 'run.unknown') return null;
    throw error;
  }
}
