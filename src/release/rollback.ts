import { Cancelled, messageOf, WarmstartError } from '../errors';
import { prefixStore } from './carry-out';
import { ensureConfig, switchTo } from './endpoint';
import { restoreRelease } from './in-place';
import type { LiveEndpoint } from './live';
import { listManifests, type Manifest, previousOf, writeManifest } from './manifest';
import { newReleaseId, resourceName } from './names';
import { type Scene, underLease } from './release';
import { verifyTargets } from './verify';

/**
 * Goes straight back to the release before the live one, or to `to`: one UpdateEndpoint to its config, whose
 * prefix was never touched, then its probes. The rollback is recorded beside the releases.
 * @throws WarmstartError `release.no-previous`, `release.pruned`, `release.not-managed`, `release.rollback-failed`
 */
export async function rollBack(scene: Scene, to?: string): Promise<Manifest> {
  return underLease(scene, `rollback in ${scene.environment.name}`, async (leased) => {
    const { store, endpoint, task } = leased;
    const live = await leased.readLive();
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
    const { rolledBackTo } = live.manifest;
    const serving = manifests.find((m) => m.releaseId === rolledBackTo) ?? live.manifest;
    const goal = to === undefined ? previousOf(manifests, serving) : named(manifests, to);
    const record = recordOf(leased, goal, live, serving);
    await writeManifest(store, record, task.now());
    const { releaseId, endpointName } = record;
    task.report({
      step: 'update',
      subject: endpointName,
      message: `back to release ${goal.releaseId}`,
      detail: { releaseId },
    });
    try {
      await goTo(leased, goal, record, live);
      record.status = 'released';
      return record;
    } catch (error) {
      record.status = 'failed';
      record.reason = messageOf(error);
      if (error instanceof Cancelled) throw interrupted(goal);
      throw new WarmstartError(
        'release.rollback-failed',
        `Going back to release ${goal.releaseId} failed. ${record.reason}`,
        {
          remedy: `See what serves now: warmstart inspect ${endpoint.key} --env ${record.environment}`,
          cause: error,
        },
      );
    } finally {
      await writeManifest(store, record, task.now());
    }
  });
}

function recordOf(scene: Scene, goal: Manifest, live: LiveEndpoint, serving: Manifest): Manifest {
  const now = scene.task.now();
  const releaseId = newReleaseId(now);
  const { verified, reason, removed, ...kept } = goal;
  return {
    ...kept,
    releaseId,
    kind: 'rollback',
    createdAt: now.toISOString(),
    status: 'in-progress',
    // A prefix that was overwritten needs a new fleet, and only another config starts one.
    ...(goal.kind === 'in-place' ? { configName: resourceName(scene.endpoint.name, releaseId) } : {}),
    previousConfig: live.configName,
    previousRelease: serving.releaseId,
    rolledBackTo: goal.releaseId,
  };
}

function interrupted({ endpoint, environment, releaseId }: Manifest): Cancelled {
  return new Cancelled(
    `Stopped waiting. The update to release ${releaseId} may go on in AWS; look with "warmstart inspect ${endpoint} --env ${environment}", and repeat with --to ${releaseId}.`,
  );
}

async function goTo(scene: Scene, goal: Manifest, record: Manifest, live: LiveEndpoint): Promise<void> {
  const { session, endpoint, environment, task } = scene;
  if (goal.kind === 'in-place') {
    await restoreRelease(prefixStore(scene, goal), record, live.manifest ?? goal, task);
    await ensureConfig(session, record, endpoint, environment, live, task);
  }
  const updated = await switchTo(session, endpoint.name, record.configName, endpoint, task);
  if (updated.EndpointConfigName !== record.configName) {
    throw new WarmstartError(
      'release.update-failed',
      updated.FailureReason ?? 'SageMaker returned to the previous config.',
    );
  }
  record.verified = { at: task.now().toISOString(), probes: await verifyTargets(session, record, task) };
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
