import { DeleteEndpointConfigCommand, DeleteModelCommand } from '@aws-sdk/client-sagemaker';
import { isNotFound } from '../aws/errors';
import { describeEndpoint } from './live';
import { listManifests, type Manifest, writeManifest } from './manifest';
import type { Scene } from './release';

/**
 * Which releases may go: everything beyond the newest `retain` that reached callers, and failed ones older than
 * those. Never the live one, never the one before it, never one that is still in progress. Pure.
 */
export function prunable(manifests: Manifest[], liveConfig: string | undefined, retain: number): Manifest[] {
  const kept = new Set(
    manifests
      .filter((m) => m.kind !== 'rollback' && m.status === 'released' && !m.prunedAt)
      .slice(0, retain)
      .map((m) => m.releaseId),
  );
  const live = liveRelease(manifests, liveConfig);
  for (const id of [live?.releaseId, live?.previousRelease]) if (id) kept.add(id);
  const oldestKept = [...kept].sort()[0] ?? '';
  return manifests.filter(
    (m) =>
      m.kind !== 'rollback' &&
      !m.prunedAt &&
      m.status !== 'in-progress' &&
      !kept.has(m.releaseId) &&
      (m.status === 'released' || m.releaseId < oldestKept),
  );
}

/** The release whose artifacts serve: an in-place rollback has a config of its own, and names the release it went to. */
function liveRelease(manifests: Manifest[], liveConfig: string | undefined): Manifest | undefined {
  const serving = manifests.filter((m) => m.configName === liveConfig);
  const release = serving.find((m) => m.kind !== 'rollback');
  return release ?? manifests.find((m) => m.releaseId === serving[0]?.rolledBackTo);
}

/**
 * Removes what old releases left behind: config, Model and artifacts; of one in place only the config, for it shares
 * the rest. Their manifests stay as history.
 */
export async function pruneReleases(scene: Scene): Promise<Manifest[]> {
  const { store, session, endpoint, task } = scene;
  const described = await describeEndpoint(session, endpoint.name);
  const old = prunable(
    await listManifests(store, endpoint.key),
    described?.EndpointConfigName,
    endpoint.retain,
  );
  for (const manifest of old) {
    await ignoringMissing(() =>
      session.sagemaker().send(new DeleteEndpointConfigCommand({ EndpointConfigName: manifest.configName })),
    );
    if (manifest.kind === 'release') {
      await ignoringMissing(() =>
        session.sagemaker().send(new DeleteModelCommand({ ModelName: manifest.modelName })),
      );
      const keys: string[] = [];
      for await (const object of store.list(manifest.prefix)) keys.push(object.key);
      if (keys.length) await store.delete(keys);
    }
    manifest.prunedAt = task.now().toISOString();
    await writeManifest(store, manifest, task.now());
    task.report({
      step: 'retain',
      subject: manifest.releaseId,
      message: `release ${manifest.releaseId} was removed by retention`,
    });
  }
  return old;
}

async function ignoringMissing(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
