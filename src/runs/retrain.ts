import { hostname } from 'node:os';
import { withLease } from '../aws/lease';
import { Cancelled, messageOf, WarmstartError } from '../errors';
import { type Model, modelOf } from '../project/project';
import { mapParallel } from '../task';
import { exportWindow } from '../warehouse/window';
import { evaluateStep } from './evaluate-step';
import { exportStep } from './export-step';
import {
  findRun,
  newRun,
  type RunRecord,
  runStopped,
  type StepName,
  type StepRecord,
  stepNames,
  writeRun,
} from './record';
import { recordStep } from './record-step';
import { registerStep } from './register-step';
import type { RunScene, StepScene } from './scene';
import { tuneStep } from './tune-step';

export interface RetrainOptions {
  testing: boolean;
  /** ISO date; today − pushbackDays when absent. */
  until?: string;
}

const steps: Record<StepName, (scene: StepScene) => Promise<unknown>> = {
  export: exportStep,
  tune: tuneStep,
  evaluate: evaluateStep,
  register: registerStep,
  record: recordStep,
};

/** One pass of retraining for one model: warehouse → tuning → evaluation → a version that waits for approval. */
export async function retrain(scene: RunScene, model: Model, options: RetrainOptions): Promise<RunRecord> {
  if (scene.task.signal.aborted) throw new Cancelled();
  const now = scene.task.now();
  const window = exportWindow(model.data, now, options.until);
  const run = newRun(model, { testing: options.testing, window }, now);
  return drive(scene, model, run.runId, async () => run);
}

/** Goes on with a run, from whichever machine and step it was interrupted at; finished steps are not repeated. */
export async function resumeRun(scene: RunScene, modelName: string, runId?: string): Promise<RunRecord> {
  const model = modelOf(scene.project, modelName);
  const known = await findRun(scene.store, modelName, runId);
  if (isResumable(known)) {
    // Read again under the lease: whoever drove it until now may have gone on since.
    return drive(scene, model, known.runId, () => findRun(scene.store, modelName, known.runId));
  }
  return known;
}

/** @throws WarmstartError `run.stopped` (refused) */
function isResumable(run: RunRecord): boolean {
  if (run.status === 'stopped') throw runStopped(run, 'refused');
  return run.status !== 'completed';
}

export interface Outcome {
  model: string;
  run?: RunRecord;
  error?: WarmstartError;
}

/** Retrains models side by side, `parallel` at a time. One model's failure stops no other; cancelling stops all. */
export async function retrainAll(
  scene: RunScene,
  models: Model[],
  options: RetrainOptions & { parallel: number },
): Promise<Outcome[]> {
  return mapParallel(models, options.parallel, async (model) => {
    try {
      return { model: model.name, run: await retrain(scene, model, options) };
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      return { model: model.name, error: asWarmstartError(error) };
    }
  });
}

/** Walks through the steps under the model's lease, writing the record before and after each. */
async function drive(
  scene: RunScene,
  model: Model,
  runId: string,
  read: () => Promise<RunRecord>,
): Promise<RunRecord> {
  const task = {
    ...scene.task,
    report: (p: Parameters<typeof scene.task.report>[0]) => scene.task.report({ subject: model.name, ...p }),
  };
  return withLease(scene.store, `run-${model.name}`, `run ${runId}`, task, async (leased) => {
    const run = await read();
    if (!isResumable(run)) return run;
    // Whoever is interrupted from here on can name the run that is to be resumed.
    const first = stepNames.find((name) => run.steps[name]?.status !== 'done') ?? 'record';
    leased.report({ step: first, message: `run ${runId}`, detail: { runId } });
    const step = { ...scene, task: leased, model, run };
    run.status = 'running';
    run.host = hostname();
    for (const name of stepNames) if (isDue(run, name)) await perform(step, name);
    run.status = 'completed';
    await writeRun(scene.store, run, leased.now());
    return run;
  });
}

/** Without a new model there is nothing to evaluate or to register; the histories still learn of the tuning job. */
function isDue(run: RunRecord, name: StepName): boolean {
  return run.steps.tune?.result?.parentWins === undefined || (name !== 'evaluate' && name !== 'register');
}

async function perform(scene: StepScene, name: StepName): Promise<void> {
  const { run, store, task } = scene;
  const before = run.steps[name];
  if (before?.status === 'done') return;
  const record: StepRecord = {
    status: 'running',
    startedAt: before?.startedAt ?? task.now().toISOString(),
    // What the interrupted attempt had found out, such as the parents it chose, still holds.
    ...(before?.result === undefined ? {} : { result: before.result }),
  };
  Object.assign(run.steps, { [name]: record });
  await writeRun(store, run, task.now());
  try {
    record.result = await steps[name](scene);
    record.status = 'done';
    record.finishedAt = task.now().toISOString();
  } catch (error) {
    const { code, kind, message, remedy } = asWarmstartError(error);
    // A cancelled attempt can be resumed, and a stopped run says so in its record already.
    if (kind === 'cancelled') throw error;
    record.status = 'failed';
    record.finishedAt = task.now().toISOString();
    record.error = { code, message, ...(remedy === undefined ? {} : { remedy }) };
    run.status = 'failed';
    await writeRun(store, run, task.now());
    throw error;
  }
  await writeRun(store, run, task.now());
}

function asWarmstartError(error: unknown): WarmstartError {
  return error instanceof WarmstartError
    ? error
    : new WarmstartError('internal', messageOf(error), { cause: error });
}
