import { isPrecondition } from '../aws/errors';
import { copyBetween, type Store } from '../aws/store';
import { unquoted } from '../registry/metadata';
import { mapParallel, type Task } from '../task';
import type { Manifest, Source, Target } from './manifest';

/** Opens the bucket that an artifact is read from, with the credentials that may read it. */
export type SourceStore = (source: Source) => Store;

const parallel = 8;

/**
 * Copies every target's artifact to the release's own prefix: server-side where the accounts allow it, through
 * this machine where not. The source's ETag is a condition, so a file that changed after registration is never
 * released; the destination must be new, so nothing is ever overwritten.
 */
export async function copyTargets(
  store: Store,
  sourceOf: SourceStore,
  manifest: Manifest,
  task: Task,
): Promise<void> {
  let done = 0;
  await mapParallel(manifest.targets, parallel, async (target) => {
    if (!target.copy) target.copy = await copyNew(store, sourceOf, manifest, target);
    done += 1;
    task.report({
      step: 'copy',
      subject: target.targetModel,
      message: `${target.targetModel} is in place`,
      done,
      total: manifest.targets.length,
    });
  });
}

async function copyNew(
  store: Store,
  sourceOf: SourceStore,
  manifest: Manifest,
  target: Target,
): Promise<NonNullable<Target['copy']>> {
  const key = manifest.prefix + target.targetModel;
  try {
    return { key, ...(await copyOf(store, sourceOf, target, key, { ifNoneMatch: '*' })) };
  } catch (error) {
    if (!isPrecondition(error)) throw error;
    // The prefix belongs to this release alone: what stands there was written by the run that is resumed now,
    // unless the precondition that failed was the source's.
    const existing = await store.head(key);
    if (!existing || (target.source.size !== undefined && existing.size !== target.source.size)) throw error;
    return {
      key,
      etag: unquoted(existing.etag),
      ...(existing.versionId === undefined ? {} : { versionId: existing.versionId }),
    };
  }
}

/** Copies one target to `key` in the environment's bucket and answers what stands there now. */
export async function copyOf(
  store: Store,
  sourceOf: SourceStore,
  target: Target,
  key: string,
  condition: { ifNoneMatch?: '*' } = {},
): Promise<{ etag: string; versionId?: string }> {
  const { key: sourceKey, etag, versionId } = target.source;
  const copied = await copyBetween(sourceOf(target.source), store, {
    sourceKey,
    sourceEtag: etag,
    ...(versionId === undefined ? {} : { sourceVersionId: versionId }),
    key,
    ...condition,
  });
  return {
    etag: unquoted(copied.etag),
    ...(copied.versionId === undefined ? {} : { versionId: copied.versionId }),
  };
}
