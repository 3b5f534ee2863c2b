import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseS3Uri } from '../aws/uri';
import { parseDocument } from '../evaluation/document';
import { appendRow, evaluationHistoryKey, historyRow } from '../evaluation/history';
import { childOf } from '../tuning/definition';
import { historyKey, recordTuningJob } from '../tuning/history';
import { describeTuning } from '../tuning/job';
import { historyRowOf } from '../tuning/result';
import { readDataset } from './export-step';
import { resultOf } from './record';
import type { StepScene } from './scene';

/**
 * Appends the run to both histories, in S3 first and then beside the project, as the article keeps them. It comes
 * last on purpose: a row names the version that came of the job, and a repeated attempt replaces its own row.
 */
export async function recordStep(scene: StepScene): Promise<Record<string, never>> {
  scene.task.report({ step: 'record', message: 'a row for each history' });
  await recordTuning(scene);
  if (scene.run.steps.evaluate)
    await recordEvaluation(scene, scene.run.steps.evaluate.result?.evaluationUri ?? '');
  return {};
}

async function recordTuning({ project, session, store, model, run, task }: StepScene): Promise<void> {
  const dataset = await readDataset({ store, run, model });
  const { tuningJob } = resultOf(run, 'tune');
  const plan = { model, environment: project.registry, dataset, runId: run.runId, testing: run.testing };
  const row = historyRowOf(await describeTuning(session, tuningJob), childOf(plan), {
    at: task.now(),
    runId: run.runId,
    testing: run.testing,
    dataset: resultOf(run, 'export').datasetUri,
    packageArn: run.steps.register?.result?.packageArn ?? null,
  });
  await keepLocally(project.root, historyKey, await recordTuningJob(store, row));
}

async function recordEvaluation(scene: StepScene, evaluationUri: string): Promise<void> {
  const { project, store, model, run } = scene;
  const evaluation = parseDocument((await store.getText(parseS3Uri(evaluationUri).key)) ?? '');
  const { packageArn } = resultOf(run, 'register');
  const gitCommit = (await readDataset(scene)).git?.commit ?? null;
  const key = evaluationHistoryKey(model.layer, model.name);
  let written = '';
  await store.update(
    key,
    (text) => {
      written = appendRow(text, historyRow(evaluation, { packageArn, gitCommit }));
      return written === text ? null : written;
    },
    { contentType: 'text/csv' },
  );
  await keepLocally(project.root, join('logs', key), written);
}

/** The article's notebooks read these files beside themselves; the S3 objects stay the truth. */
async function keepLocally(root: string, path: string, text: string): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
