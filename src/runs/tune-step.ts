import { isNotFound } from '../aws/errors';
import { tuningRequest } from '../tuning/definition';
import { tuningObjective } from '../tuning/hyperparameters';
import { describeTuning, startTuning, stopTuning, watchTuning } from '../tuning/job';
import { bestTrainingJob } from '../tuning/result';
import { readDataset } from './export-step';
import { parentsFor } from './parents-for';
import { findRun, runStopped, type TuneResult, writeRun } from './record';
import type { StepScene } from './scene';

/** Chooses the parents, starts the tuning job (or finds the one it had started), and waits for its best model. */
export async function tuneStep(scene: StepScene): Promise<TuneResult> {
  const { session, run, store, task, model } = scene;
  const result = (await started(scene)) ?? (await start(scene));
  const description = await watchTuning(session, result.tuningJob, task);
  if (description.HyperParameterTuningJobStatus === 'Stopped' && (await wasStopped(scene))) {
    throw runStopped(run, 'cancelled');
  }
  const outcome = await bestTrainingJob(session, description, tuningObjective(model).Type);
  result.best = {
    ...outcome.best,
    hyperparameters: outcome.best.tuned,
    succeeded: description.ObjectiveStatusCounters?.Succeeded ?? 0,
    status: description.HyperParameterTuningJobStatus ?? '',
  };
  if (outcome.kind === 'parent-wins') {
    result.parentWins = outcome.parent;
    task.report({
      step: 'tune',
      message: `${outcome.parent.trainingJob} of parent ${outcome.parent.tuningJob} is still the best: there is nothing new to register`,
    });
  }
  await writeRun(store, run, task.now());
  return result;
}

/** What an interrupted attempt had begun; undefined when its job was never started after all. */
async function started({ session, run }: StepScene): Promise<TuneResult | undefined> {
  const result = run.steps.tune?.result;
  if (!result) return undefined;
  try {
    await describeTuning(session, result.tuningJob);
    return result;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function start(scene: StepScene): Promise<TuneResult> {
  const { project, session, model, run, store, task } = scene;
  const dataset = await readDataset(scene);
  const plan = { model, environment: project.registry, dataset, runId: run.runId, testing: run.testing };
  const choice = await parentsFor({ ...scene, testing: run.testing, dataset });
  const request = tuningRequest(plan, choice.parents);
  const result: TuneResult = {
    tuningJob: request.HyperParameterTuningJobName ?? '',
    warmStart: request.WarmStartConfig?.WarmStartType ?? null,
    parents: choice.parents.map((parent) => parent.name),
    refused: choice.refused,
    coldStartReason: choice.coldStartReason ?? null,
  };
  for (const { reason } of choice.refused)
    task.report({ step: 'tune', message: `parent turned down: ${reason}` });
  for (const note of choice.notes) task.report({ step: 'tune', message: note });
  task.report({
    step: 'tune',
    message: result.parents.length
      ? `warm start from ${result.parents.join(', ')}`
      : (result.coldStartReason ?? 'cold start'),
  });
  // Written before the job exists: a run that dies between the two finds the same job by its derived name.
  if (run.steps.tune) run.steps.tune.result = result;
  await writeRun(store, run, task.now());
  await startTuning(session, request);
  if (await wasStopped(scene)) {
    await stopTuning(session, result.tuningJob);
    throw runStopped(run, 'cancelled');
  }
  return result;
}

/** Whether someone ran `warmstart stop`; a job that ended Stopped for another reason still has a best model. */
async function wasStopped({ store, run }: StepScene): Promise<boolean> {
  return (await findRun(store, run.model, run.runId)).status === 'stopped';
}
