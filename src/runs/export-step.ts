import { join } from 'node:path';
import { WarmstartError } from '../errors';
import type { Dataset } from '../warehouse/dataset';
import { exportDataset } from '../warehouse/export';
import type { ExportResult } from './record';
import type { StepScene } from './scene';

/** Warehouse → train, validation and test CSV, locally and in S3. A dataset that is complete is not exported again. */
export async function exportStep(scene: StepScene): Promise<ExportResult> {
  const { project, model, run, store, task } = scene;
  const key = datasetKey(run);
  const dataset =
    (await store.getJson<Dataset>(key)) ??
    (await exportDataset(
      {
        model,
        warehouse: project.warehouse,
        password: await scene.password(),
        root: project.root,
        runId: run.runId,
        window: run.window,
        directory: localDirectory(scene),
        unload: { store, region: project.registry.region },
        upload: (target, body) => store.upload(target, body, { signal: task.signal }),
      },
      task,
    ));
  const { train, validation, test } = dataset.parts;
  return {
    datasetUri: store.uri(key),
    rows: { train: train.rows, validation: validation.rows, test: test.rows },
  };
}

export function datasetKey(run: { layer: string; model: string; runId: string }): string {
  return `datasets/${run.layer}/${run.model}/${run.runId}/dataset.json`;
}

/** Where a run's CSVs lie on the machine that exported them; Git ignores it. */
export function localDirectory({ project, run }: Pick<StepScene, 'project' | 'run'>): string {
  return join(project.root, '.warmstart', 'datasets', run.layer, run.model, run.runId);
}

/** The dataset of a run whose export is done. */
export async function readDataset(scene: Pick<StepScene, 'store' | 'run' | 'model'>): Promise<Dataset> {
  const dataset = await scene.store.getJson<Dataset>(datasetKey(scene.run));
  if (dataset) return dataset;
  throw new WarmstartError(
    'run.dataset-missing',
    `The dataset of run ${scene.run.runId} is not in S3 any more.`,
    {
      remedy: `Start a new run: warmstart retrain ${scene.model.name}`,
    },
  );
}
