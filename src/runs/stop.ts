import { StopHyperParameterTuningJobCommand } from '@aws-sdk/client-sagemaker';
import { isNotFound } from '../aws/errors';
import { WarmstartError } from '../errors';
import { type RunRecord, writeRun } from './record';
import type { RunScene } from './scene';

/**
 * Ends a run and the tuning job it waits for. What finished stays: the dataset, the trained jobs, the record.
 * @throws WarmstartError `run.finished` (refused) when there is nothing left to stop
 */
export async function stopRun(scene: RunScene, run: RunRecord): Promise<RunRecord> {
  if (run.status === 'completed' || run.status === 'stopped') {
    throw new WarmstartError('run.finished', `Run ${run.runId} of ${run.model} is ${run.status}.`, {
      kind: 'refused',
    });
  }
  const tuningJob = run.steps.tune?.result?.tuningJob;
  if (tuningJob !== undefined && run.steps.tune?.status !== 'done') {
    try {
      await scene.session
        .sagemaker()
        .send(new StopHyperParameterTuningJobCommand({ HyperParameterTuningJobName: tuningJob }));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  run.status = 'stopped';
  await writeRun(scene.store, run, scene.task.now());
  return run;
}
