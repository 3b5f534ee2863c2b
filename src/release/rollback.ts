import { Store } from '../aws/store';
import { messageOf, WarmstartError } from '../errors';
import { ensureConfig, switchTo } from './endpoint';
import { restoreTargets } from './in-place';
import { readLive } from './live';
import { listManifests, type Manifest, previousOf, writeManifest } from './manifest';
import { newReleaseId, resourceName } from './names';
import { type Scene, underLease } from './release';
import { verifyTargets } from './verify';

/**
 * Goes straight back to the release before the live one, or to `to`: one UpdateEndpoint to its config, whose
 * prefix was never touched, then its probes. The rollback is recorded beside the releases.
 * @throws WarmstartError `release.no-previous`, `release.pruned`, `release.not-managed`
 */
export async function rollBack(scene: Scene, to?: string): Promise<Manifest> {
  return underLease(scene, async (task) => {
    const { session, store, endpoint } = scene;
    const live = await readLive(
      session,
      store,
      (bucket) => new Store(session, bucket),
      endpoint.key,
      endpoint.name,
    );
    if (!live?.manifest) {
      throw new WarmstartError(
        'release.not-managed',
        `${endpoint.name} does not serve a release of Warmstart, so there is none to go back from.`,
        {
          kind: 'refused',
        },
      );
    }
    const manifests = await listManifests(store, endpoint.key);
    const goal = to === undefined ? previousOf(manifests, live.manifest) : named(manifests, to);
    const now = task.now();
    const releaseId = newReleaseId(now);
    const record: Manifest = {
      ...goal,
      releaseId,
      kind: 'rollback',
      createdAt: now.toISOString(),
      status: 'in-progress',
      previousConfig: live.configName,
      previousRelease: live.manifest.releaseId,
      rolledBackTo: goal.releaseId,
    };
    delete record.verified;
    if (goal.kind === 'in-place') record.configName = resourceName(endpoint.name, releaseId);
    await writeManifest(store, record, now);
    try {
      if (goal.kind === 'in-place') {
        await restoreTargets(store, live.manifest, task);
        await ensureConfig(session, record, endpoint, scene.environment, live, task);
      }
      const updated = await switchTo(session, endpoint.name, record.configName, endpoint, task);
      if (updated.EndpointConfigName !== record.configName) {
        throw new WarmstartError(
          'release.rolled-back',
          updated.FailureReason ?? 'SageMaker returned to the previous config.',
        );
      }
      record.verified = { at: task.now().toISOString(), probes: await verifyTargets(session, record, task) };
      record.status = 'released';
      return record;
    } catch (error) {
      record.status = 'failed';
      record.reason = messageOf(error);
      throw error;
    } finally {
      await writeManifest(store, record, task.now());
    }
  });
}

function named(manifests: Manifest[], releaseId: string): Manifest {
  const found = manifests.find((m) => m.releaseId === releaseId && m.kind !== 'rollback');
  if (found?.status !== 'released') {
    throw new WarmstartError('release.unknown', `There is no finished release ${releaseId}.`, {
      kind: 'usage',
      remedy: `Known: ${
        manifests
          .filter((m) => m.status === 'released' && !m.prunedAt)
          .map((m) => m.releaseId)
          .join(', ') || 'none'
      }.`,
    });
  }
  if (found.prunedAt) {
    throw new WarmstartError('release.pruned', `Release ${releaseId} was removed by retention.`, {
      kind: 'refused',
    });
  }
  return found;
}
