import { Store } from '../aws/store';
import { Cancelled, messageOf, WarmstartError } from '../errors';
import { copyTargets, type SourceStore } from './copy';
import { ensureConfig, ensureEndpoint, ensureModel, switchTo, waitUntilSteady } from './endpoint';
import { overwriteTargets, restoreReplaced } from './in-place';
import { describeEndpoint, type LiveEndpoint } from './live';
import { type Manifest, writeManifest } from './manifest';
import type { Scene } from './release';
import { pruneReleases } from './retention';
import { verifyTargets } from './verify';

/**
 * Carries out what a written manifest says: copy → Model → config → update → verify, or back to what served before.
 * Everything that exists already is found and left as it is, so that it can be called again after any crash.
 * @throws WarmstartError `release.rolled-back`, `release.failed`; Cancelled, after which it can be resumed
 */
export async function carryOut(
  scene: Scene,
  manifest: Manifest,
  live: LiveEndpoint | null,
): Promise<Manifest> {
  const { releaseId, endpointName } = manifest;
  scene.task.report({
    step: 'copy',
    subject: endpointName,
    message: `release ${releaseId}`,
    detail: { releaseId },
  });
  // Once callers may have seen something of the release, a failure means going back.
  const course = { isVisible: false };
  try {
    await bringUp(scene, manifest, live, course);
    const probes = await verifyTargets(scene.session, manifest, scene.task);
    manifest.verified = { at: scene.task.now().toISOString(), probes };
  } catch (error) {
    if (error instanceof Cancelled) throw interrupted(manifest);
    return course.isVisible ? goBack(scene, manifest, error) : fail(scene, manifest, 'failed', error);
  }
  manifest.status = 'released';
  await writeManifest(scene.store, manifest, scene.task.now());
  await retain(scene);
  return manifest;
}

async function bringUp(
  scene: Scene,
  manifest: Manifest,
  live: LiveEndpoint | null,
  course: { isVisible: boolean },
): Promise<void> {
  const { store, session, environment, endpoint, task } = scene;
  const save = () => writeManifest(store, manifest, task.now());
  if (manifest.kind === 'in-place') {
    const noted = async () => {
      await save();
      course.isVisible = true;
    };
    await overwriteTargets(prefixStore(scene, manifest), sourceStore(scene), manifest, task, noted);
  } else {
    await copyTargets(store, sourceStore(scene), manifest, task);
  }
  await save();
  if (manifest.kind === 'release' || !live) await ensureModel(session, manifest, environment, live);
  await ensureConfig(session, manifest, endpoint, environment, live, task);
  course.isVisible = true;
  if (!live) await ensureEndpoint(session, manifest);
  const updated = live
    ? await switchTo(session, manifest.endpointName, manifest.configName, endpoint, task)
    : await waitUntilSteady(session, manifest.endpointName, task);
  if (updated.EndpointConfigName !== manifest.configName) {
    // UpdateEndpoint ends InService after an automatic rollback too; only the config's name tells.
    throw new WarmstartError(
      'release.update-failed',
      updated.FailureReason ?? 'SageMaker returned to the previous config without a reason.',
    );
  }
}

/** Undoes a release that callers may have seen: the previous config serves again, whose prefix was never touched. */
async function goBack(scene: Scene, manifest: Manifest, cause: unknown): Promise<never> {
  scene.task.report({
    step: 'rollback',
    subject: manifest.endpointName,
    message: `rolling back: ${messageOf(cause)}`,
  });
  try {
    await undo(scene, manifest);
  } catch (error) {
    if (error instanceof Cancelled) throw interrupted(manifest);
    const both = `${messageOf(cause)} Going back failed, too: ${messageOf(error)}`;
    return fail(scene, manifest, 'failed', new WarmstartError('release.not-rolled-back', both, { cause }));
  }
  return fail(scene, manifest, manifest.previousConfig === null ? 'failed' : 'rolled-back', cause);
}

async function undo(scene: Scene, manifest: Manifest): Promise<void> {
  const { session, endpoint, task } = scene;
  const { previousConfig, endpointName } = manifest;
  if (manifest.kind === 'in-place') await restoreReplaced(prefixStore(scene, manifest), manifest, task);
  if (previousConfig === null) return;
  if (manifest.kind === 'in-place') await replaceFleet(scene, manifest, previousConfig);
  const { EndpointConfigName, FailureReason } = await switchTo(
    session,
    endpointName,
    previousConfig,
    endpoint,
    task,
  );
  if (EndpointConfigName !== previousConfig) {
    throw new WarmstartError(
      'release.update-failed',
      FailureReason ?? `${endpointName} stays on config ${EndpointConfigName}.`,
    );
  }
}

/**
 * A fleet that served while its prefix was overwritten may have loaded any of it. As long as the endpoint stands on
 * the config that it is to go back to, only a detour over the release's own config starts a new fleet.
 */
async function replaceFleet(scene: Scene, manifest: Manifest, previousConfig: string): Promise<void> {
  const { session, endpoint, environment, task } = scene;
  const described = await describeEndpoint(session, manifest.endpointName);
  if (described?.EndpointConfigName !== previousConfig) return;
  const live = await scene.readLive();
  await ensureConfig(session, manifest, endpoint, environment, live, task);
  await switchTo(session, manifest.endpointName, manifest.configName, endpoint, task);
}

async function fail(
  scene: Scene,
  manifest: Manifest,
  status: 'rolled-back' | 'failed',
  cause: unknown,
): Promise<never> {
  const { releaseId, endpointName } = manifest;
  const reason = messageOf(cause);
  manifest.status = status;
  manifest.reason = reason;
  await writeManifest(scene.store, manifest, scene.task.now());
  const [code, message] =
    status === 'rolled-back'
      ? [
          'release.rolled-back',
          `Release ${releaseId} was rolled back; ${endpointName} serves what it served before. ${reason}`,
        ]
      : ['release.failed', `Release ${releaseId} of ${endpointName} failed. ${reason}`];
  const own = cause instanceof WarmstartError ? cause : undefined;
  throw new WarmstartError(code, message, {
    remedy: own?.remedy ?? 'Mend the cause and release again.',
    cause,
  });
}

/** The release is proven already: what cannot be removed now is removed by the next one. */
async function retain(scene: Scene): Promise<void> {
  try {
    await pruneReleases(scene);
  } catch (error) {
    if (error instanceof Cancelled) return;
    scene.task.report({
      step: 'retain',
      message: `older releases could not be removed: ${messageOf(error)}`,
    });
  }
}

function interrupted({ endpoint, environment, releaseId }: Manifest): Cancelled {
  return new Cancelled(
    `Stopped waiting. Release ${releaseId} is not finished; go on with "warmstart release ${endpoint} --env ${environment} --resume ${releaseId}".`,
  );
}

/** The bucket that the endpoint's Model reads; in place it may be another than the environment's own. */
export function prefixStore(scene: Scene, { bucket }: Manifest): Store {
  return new Store(scene.session, bucket);
}

/** Registered artifacts are read with the registry's credentials, what serves with the environment's own. */
function sourceStore(scene: Scene): SourceStore {
  return (source) => new Store(source.in === 'registry' ? scene.registry : scene.session, source.bucket);
}
