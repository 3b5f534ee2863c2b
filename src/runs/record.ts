import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Store } from '../aws/store';
import { type ErrorKind, WarmstartError } from '../errors';
import type { BestJob } from '../tuning/result';

/** The steps of a run, in order. */
export const stepNames = ['export', 'tune', 'evaluate', 'register', 'record'] as const;
export type StepName = (typeof stepNames)[number];

export interface StepRecord<R = unknown> {
  status: 'running' | 'done' | 'failed';
  startedAt: string;
  finishedAt?: string;
  /** What later steps and the histories need; small, and never a secret. */
  result?: R;
  error?: { code: string; message: string; remedy?: string };
}

export interface ExportResult {
  datasetUri: string;
  rows: { train: number; validation: number; test: number };
}

export interface TuneResult {
  tuningJob: string;
  warmStart: string | null;
  parents: string[];
  refused: { name: string; reason: string }[];
  coldStartReason: string | null;
  /** Set once the job is terminal. */
  best?: BestJob & { hyperparameters: Record<string, string>; succeeded: number; status: string };
  /** Set when an identical-data warm start found nothing better than its parent had: nothing is registered. */
  parentWins?: { tuningJob: string; trainingJob: string; value: number };
}

export interface EvaluateResult {
  evaluationUri: string;
  probes: { s3Uri: string; sha256: string };
  gatesPassed: boolean;
  metrics: Record<string, number>;
  championMetrics: Record<string, number> | null;
}

export interface RegisterResult {
  packageArn: string;
  version: number;
}

export interface Steps {
  export?: StepRecord<ExportResult>;
  tune?: StepRecord<TuneResult>;
  evaluate?: StepRecord<EvaluateResult>;
  register?: StepRecord<RegisterResult>;
  record?: StepRecord<Record<string, never>>;
}

/** `warmstart/runs/<model>/<runId>.json`: one pass of retraining for one model, written before and after each step. */
export interface RunRecord {
  formatVersion: 1;
  runId: string;
  model: string;
  layer: string;
  testing: boolean;
  window: { from: string; until: string };
  status: 'running' | 'completed' | 'failed' | 'stopped';
  startedAt: string;
  updatedAt: string;
  /** The machine that drives it, or drove it last. */
  host: string;
  steps: Steps;
}

/** `20261122-153001-ab12cd34`: sorts by time; every name and token of the run derives from it. */
export function newRunId(now: Date, random: string = randomBytes(4).toString('hex')): string {
  return `${now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)}-${random}`;
}

export function runKey(model: string, runId: string): string {
  return `warmstart/runs/${model}/${runId}.json`;
}

export function newRun(
  model: { name: string; layer: string },
  options: { testing: boolean; window: RunRecord['window'] },
  now: Date,
): RunRecord {
  return {
    formatVersion: 1,
    runId: newRunId(now),
    model: model.name,
    layer: model.layer,
    testing: options.testing,
    window: options.window,
    status: 'running',
    startedAt: now.toISOString(),
    updatedAt: now.toISOString(),
    host: hostname(),
    steps: {},
  };
}

/**
 * Writes the record's present state. Only the holder of the run's lease calls this; it is also where the holder
 * learns that somebody stopped the run meanwhile, which nothing may overwrite.
 * @throws WarmstartError `run.stopped`
 */
export async function writeRun(store: Store, run: RunRecord, now: Date): Promise<void> {
  run.updatedAt = now.toISOString();
  await store.update(
    runKey(run.model, run.runId),
    (text) => {
      if (text !== null && parseRun(text).status === 'stopped') throw runStopped(run, 'cancelled');
      return runText(run);
    },
    { contentType: 'application/json' },
  );
}

/**
 * Marks a run as stopped, whoever drives it, and answers the record as it stands then.
 * @throws WarmstartError `run.finished` (refused)
 */
export async function markStopped(store: Store, run: RunRecord, now: Date): Promise<RunRecord> {
  let stopped = run;
  await store.update(
    runKey(run.model, run.runId),
    (text) => {
      stopped = text === null ? run : parseRun(text);
      if (stopped.status === 'completed') {
        throw new WarmstartError('run.finished', `Run ${run.runId} of ${run.model} is completed.`, {
          kind: 'refused',
          remedy: 'There is nothing left to stop.',
        });
      }
      if (stopped.status === 'stopped') return null;
      stopped.status = 'stopped';
      stopped.updatedAt = now.toISOString();
      return runText(stopped);
    },
    { contentType: 'application/json' },
  );
  return stopped;
}

/** What whoever drives a stopped run ends with (cancelled), and whoever wants to resume it (refused). */
export function runStopped(run: RunRecord, kind: ErrorKind): WarmstartError {
  return new WarmstartError('run.stopped', `Run ${run.runId} of ${run.model} was stopped.`, {
    kind,
    remedy: `Start a new one: warmstart retrain ${run.model}`,
  });
}

function parseRun(text: string): RunRecord {
  return JSON.parse(text) as RunRecord;
}

function runText(run: RunRecord): string {
  return JSON.stringify(run, null, 2);
}

/** The newest runs of a model, newest first. */
export async function listRuns(store: Store, model: string, limit = 20): Promise<RunRecord[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(`warmstart/runs/${model}/`)) keys.push(key);
  const runs: RunRecord[] = [];
  for (const key of keys.sort().reverse().slice(0, limit)) {
    const run = await store.getJson<RunRecord>(key);
    if (run) runs.push(run);
  }
  return runs;
}

/** A run by its id, or a model's newest run when only the model is named. */
export async function findRun(store: Store, model: string, runId?: string): Promise<RunRecord> {
  const run =
    runId === undefined
      ? (await listRuns(store, model, 1))[0]
      : await store.getJson<RunRecord>(runKey(model, runId));
  if (!run) {
    throw new WarmstartError(
      'run.unknown',
      runId === undefined ? `There is no run of ${model} yet.` : `There is no run ${runId} of ${model}.`,
      { kind: 'usage', remedy: 'See "warmstart status".' },
    );
  }
  return run;
}

/** The result of a step that must be done before another begins. */
export function resultOf<K extends StepName>(
  run: RunRecord,
  step: K,
): NonNullable<NonNullable<Steps[K]>['result']> {
  const result = run.steps[step]?.result;
  if (!result) throw new WarmstartError('run.broken', `Run ${run.runId} has no result of its step ${step}.`);
  return result as NonNullable<NonNullable<Steps[K]>['result']>;
}
