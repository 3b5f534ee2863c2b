import { isNotFound } from '../aws/errors';
import { stopTuning } from '../tuning/job';
import { markStopped, type RunRecord } from './record';
import type { RunScene } from './scene';

/**
 * Ends a run and the tuning job it waits for. What finished stays: the dataset, the trained jobs, the record.
 * The record is marked first: whoever drives the run looks there after it started a job, so that none escapes.
 * @throws WarmstartError `run.finished` (refused) when there is nothing left to stop
 */
export async function stopRun(scene: RunScene, run: RunRecord): Promise<RunRecord> {
  const stopped = await markStopped(scene.store, run, scene.task.now());
  const { tune } = stopped.steps;
  if (tune?.result && tune.status !== 'done') {
    try {
      await stopTuning(scene.session, tune.result.tuningJob);
    } catch (error) {
      // The job's name is written down before the job exists.
      if (!isNotFound(error)) throw error;
    }
  }
  return stopped;
}
