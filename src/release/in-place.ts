import type { Store } from '../aws/store';
import { WarmstartError } from '../errors';
import { unquoted } from '../registry/metadata';
import type { Task } from '../task';
import { copyOf, type SourceStore } from './copy';
import type { Manifest, Replaced } from './manifest';

/**
 * The article's way, for endpoints that must stay on their prefix: the artifacts are overwritten and the fleet is
 * replaced. Until the new fleet serves, an instance that starts or evicts a model reads the new file, so old and
 * new answers can mix; and only bucket versioning makes it possible to go back. Without it nothing is written.
 * @param store the bucket that the endpoint's Model reads
 * @param save writes the manifest
 * @throws WarmstartError `release.not-versioned` (refused)
 */
export async function overwriteTargets(
  store: Store,
  sourceOf: SourceStore,
  manifest: Manifest,
  task: Task,
  save: () => Promise<void>,
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
  await noteReplaced(store, manifest);
  // Written before the first byte changes: a release that dies half-way can still be undone.
  await save();
  let done = 0;
  for (const target of manifest.targets) {
    const key = manifest.prefix + target.targetModel;
    if (!target.copy) target.copy = { key, ...(await copyOf(store, sourceOf, target, key)) };
    done += 1;
    task.report({
      step: 'copy',
      subject: target.targetModel,
      message: `${target.targetModel} is in place`,
      done,
      total: manifest.targets.length,
    });
  }
  const removed = (manifest.removed ?? []).map(({ targetModel }) => manifest.prefix + targetModel);
  if (removed.length) await store.delete(removed);
}

/** Remembers the object version behind every key that will change; one that is right already will not. */
async function noteReplaced(store: Store, manifest: Manifest): Promise<void> {
  for (const target of manifest.targets) {
    if (target.copy || target.replaced) continue;
    const key = manifest.prefix + target.targetModel;
    const before = await store.head(key);
    const isRight = before && key === target.source.key && unquoted(before.etag) === target.source.etag;
    if (isRight) target.copy = { key, etag: unquoted(before.etag), versionId: before.versionId ?? 'null' };
    else target.replaced = replacedBy(before);
  }
  for (const removed of manifest.removed ?? []) {
    removed.replaced ??= replacedBy(await store.head(manifest.prefix + removed.targetModel));
  }
}

/** An object from before the bucket's versioning has the version `null`, spelt out. */
function replacedBy(before: { versionId: string | undefined } | undefined): Replaced {
  return { versionId: before ? (before.versionId ?? 'null') : null };
}

/** Brings back the object versions that an in-place release replaced. */
export async function restoreReplaced(store: Store, manifest: Manifest, task: Task): Promise<void> {
  for (const { targetModel, replaced } of [...manifest.targets, ...(manifest.removed ?? [])]) {
    if (!replaced) continue;
    if (replaced.versionId === null) await store.delete([manifest.prefix + targetModel]);
    else await bringBack(store, manifest, targetModel, replaced.versionId, task);
  }
}

/**
 * Brings every target model back to the object version that `goal` put in place, however many releases ago, and
 * takes away what `live` has beyond them.
 */
export async function restoreRelease(
  store: Store,
  goal: Manifest,
  live: Manifest,
  task: Task,
): Promise<void> {
  for (const target of goal.targets) {
    if (target.copy?.versionId === undefined) continue;
    const etag = await bringBack(store, goal, target.targetModel, target.copy.versionId, task);
    target.copy = { ...target.copy, ...etag };
  }
  const wanted = new Set(goal.targets.map((target) => target.targetModel));
  const isSamePrefix = live.bucket === goal.bucket && live.prefix === goal.prefix;
  const beyond = isSamePrefix ? live.targets.filter((target) => !wanted.has(target.targetModel)) : [];
  if (beyond.length) await store.delete(beyond.map((target) => live.prefix + target.targetModel));
}

async function bringBack(
  store: Store,
  { bucket, prefix }: Manifest,
  targetModel: string,
  versionId: string,
  task: Task,
): Promise<{ etag: string; versionId?: string } | undefined> {
  const key = prefix + targetModel;
  const current = await store.head(key);
  if (current && (current.versionId ?? 'null') === versionId) return undefined;
  const copied = await store.copy({ source: { bucket, key, versionId }, key });
  task.report({
    step: 'rollback',
    subject: targetModel,
    message: `${targetModel} is back to its previous version`,
  });
  return {
    etag: unquoted(copied.etag),
    ...(copied.versionId === undefined ? {} : { versionId: copied.versionId }),
  };
}
