import type { Store } from '../aws/store';
import { mapParallel } from '../task';
import type { RunRecord } from './record';

/**
 * The runs of these models, from whichever machine they were started, newest first and `pageSize` at a time. The keys are
 * listed in one go, since S3 sorts them by model; records are read page by page.
 */
export async function* recentRuns(
  store: Pick<Store, 'list' | 'getJson'>,
  models: readonly string[],
  pageSize = 20,
): AsyncGenerator<{ runs: RunRecord[]; more: boolean }, void> {
  const own = new Set(models);
  const runs: { key: string; runId: string }[] = [];
  for await (const { key } of store.list('warmstart/runs/')) {
    const [, model, runId] = /^warmstart\/runs\/([^/]+)\/([^/]+)\.json$/.exec(key) ?? [];
    if (model !== undefined && runId !== undefined && own.has(model)) runs.push({ key, runId });
  }
  runs.sort((a, b) => (a.runId < b.runId ? 1 : -1));
  for (let start = 0; start < runs.length; start += pageSize) {
    const page = await mapParallel(runs.slice(start, start + pageSize), 4, ({ key }) =>
      store.getJson<RunRecord>(key),
    );
    yield { runs: page.filter((run) => run !== undefined), more: start + pageSize < runs.length };
  }
}
