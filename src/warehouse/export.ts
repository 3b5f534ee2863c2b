import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { Cancelled, messageOf, WarmstartError } from '../errors';
import type { Model } from '../project/project';
import type { Warehouse } from '../project/schema';
import type { Task } from '../task';
import { copyParts } from './copy';
import type { Dataset } from './dataset';
import { gitState } from './git';
import type { Upload } from './part';
import { partNames, requireShares } from './split';
import { renderQuery } from './sql';
import { type UnloadTarget, unloadParts } from './unload';
import type { Window } from './window';

export interface ExportRequest {
  model: Model;
  warehouse: Warehouse;
  password: string | undefined;
  /** The project's folder. */
  root: string;
  runId: string;
  window: Window;
  /** A local folder that will hold the CSVs and `dataset.json`. */
  directory: string;
  upload: Upload;
  /** Where Redshift unloads to; needed with a warehouse of kind `redshift`. Nothing is written locally then but `dataset.json`. */
  unload?: UnloadTarget;
}

/**
 * Exports a model's dataset: runs its query read-only, splits the rows, and writes train, validation and test CSVs (label
 * first, no header, empty = missing) to `directory` and to `datasets/<layer>/<model>/<runId>/` in S3, in one pass.
 * `dataset.json` is written last, so it exists only beside complete parts.
 *
 * @throws WarmstartError `warehouse.*`; Cancelled after an abort. Local files are removed then.
 */
export async function exportDataset(request: ExportRequest, task: Task): Promise<Dataset> {
  const { model, root, runId, window, directory, upload } = request;
  const { data } = model;
  requireShares(data.split);
  const text = await readQuery(root, data.query);
  const query = renderQuery(data.query, text, data.parameters, window);
  const prefix = `datasets/${model.layer}/${model.name}/${runId}`;
  await mkdir(directory, { recursive: true });
  await removeDataset(directory);
  try {
    const { columns, parts } = await exportParts(request, query, prefix, task);
    const git = await gitState(root);
    const dataset: Dataset = {
      formatVersion: 1,
      model: model.name,
      layer: model.layer,
      runId,
      createdAt: task.now().toISOString(),
      window: { from: window.from, until: window.until },
      query: { file: data.query, text, sha256: sha256(text), parameters: data.parameters },
      ...(git && { git }),
      engine: request.warehouse.kind === 'redshift' ? 'unload' : 'copy',
      columns,
      split: data.split,
      parts,
    };
    if (task.signal.aborted) throw new Cancelled();
    const json = `${JSON.stringify(dataset, null, 2)}\n`;
    await upload(`${prefix}/dataset.json`, Readable.from([Buffer.from(json)]));
    await writeFile(join(directory, 'dataset.json'), json);
    return dataset;
  } catch (error) {
    await removeDataset(directory);
    throw error;
  }
}

/** PostgreSQL streams through this machine; Redshift, which has no COPY TO STDOUT, writes to S3 by itself. */
function exportParts(request: ExportRequest, query: string, prefix: string, task: Task) {
  const { warehouse, unload } = request;
  if (warehouse.kind !== 'redshift') return copyParts(request, query, prefix, task);
  if (!unload)
    throw new WarmstartError('warehouse.unload', 'Redshift exports to S3, and no bucket was given.');
  return unloadParts({ ...request, warehouse }, unload, query, prefix, task);
}

/** The text of a model's query. It must lie in the project's folder. */
async function readQuery(root: string, file: string): Promise<string> {
  const path = resolve(root, file);
  const inside = relative(root, path);
  if (inside.startsWith('..') || isAbsolute(inside))
    throw new WarmstartError('warehouse.query-file', `The query ${file} lies outside the project.`, {
      kind: 'usage',
      remedy: 'Move it into the folder of warmstart.json.',
    });
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new WarmstartError(
      'warehouse.query-file',
      `The query ${file} cannot be read: ${messageOf(error)}.`,
      {
        kind: 'usage',
        remedy: "Check the model's `data.query`; it is relative to warmstart.json.",
        cause: error,
      },
    );
  }
}

async function removeDataset(directory: string): Promise<void> {
  const names = ['dataset.json', ...partNames.map((part) => `${part}.csv`)];
  await Promise.all(names.map((name) => rm(join(directory, name), { force: true })));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
