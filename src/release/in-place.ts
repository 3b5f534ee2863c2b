import type { Store } from '../aws/store';
import { WarmstartError } from '../errors';
import { unquoted } from '../registry/metadata';
import type { Task } from '../task';
import { copyOf, type SourceStore } from './copy';
import type { Manifest } from './manifest';

/**
 * The article's way, for endpoints that must stay on their prefix: the artifacts are overwritten and the fleet is
 * replaced. Until the new fleet serves, an instance that starts or evicts a model reads the new file, so old and
 * new answers can mix; and only bucket versioning makes it possible to go back. Without it nothing is written.
 */
export async function overwriteTargets(
  store: Store,
  sourceOf: SourceStore,
  manifest: Manifest,
  task: Task,
): Promise<void> {
  if ((await store.versioning()) !== 'Enabled') {
    throw new WarmstartError(
      'release.not-versioned',
      `Bucket ${manifest.bucket} keeps no versions, so an overwritten model could not be brought back.`,
      {
        kind: 'refused',
        remedy: 'Enable bucket versioning, or set "refresh": "release" for the endpoint.',
      },
    );
  }
  let done = 0;
  for (const target of manifest.targets) {
    const key = manifest.prefix + target.targetModel;
    if (!target.copy) {
      const before = await store.head(key);
      if (before && key === target.source.key && unquoted(before.etag) === target.source.etag) {
        target.copy = { key, etag: unquoted(before.etag) };
      } else {
        target.replaced ??= { versionId: before?.versionId ?? null };
        target.copy = { key, ...(await copyOf(store, sourceOf, target, key)) };
      }
    }
    done += 1;
    task.report({
      step: 'copy',
      subject: target.targetModel,
      message: `${target.targetModel} is in place`,
      done,
      total: manifest.targets.length,
    });
  }
}

/** Brings back the object versions that an in-place release replaced. */
export async function restoreTargets(store: Store, manifest: Manifest, task: Task): Promise<void> {
  for (const target of manifest.targets) {
    if (!target.replaced) continue;
    const key = manifest.prefix + target.targetModel;
    if (target.replaced.versionId === null) {
      await store.delete([key]);
    } else {
      await store.copy({
        source: { bucket: manifest.bucket, key, versionId: target.replaced.versionId },
        key,
      });
    }
    task.report({
      step: 'rollback',
      subject: target.targetModel,
      message: `${target.targetModel} is back to its previous version`,
    });
  }
}
