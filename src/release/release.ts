import { withLease } from '../aws/lease';
import type { Session } from '../aws/session';
import { parseS3Uri, Store } from '../aws/store';
import { Cancelled, messageOf, WarmstartError } from '../errors';
import { type Endpoint, type Environment, endpointOf, type Project } from '../project/project';
import { loadProbes } from '../registry/probes';
import type { Task } from '../task';
import { copyTargets, type SourceStore } from './copy';
import { readDesired } from './desired';
import { ensureConfig, ensureEndpoint, ensureModel, switchTo, waitUntilSteady } from './endpoint';
import { overwriteTargets, restoreTargets } from './in-place';
import { type LiveEndpoint, readLive } from './live';
import { type Manifest, readManifest, type Target, writeManifest } from './manifest';
import { newReleaseId, releasePrefix, resourceName } from './names';
import { isHeld, type PlannedTarget, planRelease, type ReleasePlan } from './plan';
import { pruneReleases } from './retention';
import { verifyTargets } from './verify';

/** Everything that work on one endpoint in one environment needs. */
export interface Scene {
  project: Project;
  environment: Environment;
  endpoint: Endpoint;
  /** Signs with the environment's credentials. */
  session: Session;
  /** Signs with the registry environment's credentials. */
  registry: Session;
  /** Opens another environment's session, to see what was released there (`promote.after`). */
  sessionOf(environment: Environment): Promise<Session>;
  store: Store;
  task: Task;
}

export function sceneOf(
  project: Project,
  endpointKey: string,
  environment: Environment,
  sessions: Pick<Scene, 'session' | 'registry' | 'sessionOf'>,
  task: Task,
): Scene {
  return {
    project,
    environment,
    endpoint: endpointOf(project, endpointKey, environment.name),
    ...sessions,
    store: new Store(sessions.session, environment.bucket),
    task,
  };
}

export interface Prepared {
  plan: ReleasePlan;
  live: LiveEndpoint | null;
}

/** Reads what serves and what should serve, and plans the difference. Writes nothing. */
export async function prepareRelease(scene: Scene, options: { without?: string[] } = {}): Promise<Prepared> {
  const { endpoint } = scene;
  const live = await readLive(
    scene.session,
    scene.store,
    (bucket) => new Store(scene.session, bucket),
    endpoint.key,
    endpoint.name,
  );
  const desired = await readDesired(scene);
  const plan = planRelease({
    desired,
    live,
    whenNoneApproved: endpoint.whenNoneApproved,
    without: options.without ?? [],
  });
  return { plan, live };
}

/** Carries a plan out: copy → Model → config → update → verify → manifest, or back to what served before. */
export async function release(scene: Scene, prepared: Prepared): Promise<Manifest> {
  const { plan } = prepared;
  if (plan.refusals.length) {
    throw new WarmstartError('release.refused', plan.refusals.join(' '), { kind: 'refused' });
  }
  return underLease(scene, async (task) => {
    const manifest = await newManifest(scene, prepared);
    await writeManifest(scene.store, manifest, task.now());
    return carryOut({ ...scene, task }, manifest, prepared.live);
  });
}

/** Goes on with a release that was interrupted; what exists already is found and left as it is. */
export async function resumeRelease(scene: Scene, releaseId: string): Promise<Manifest> {
  return underLease(scene, async (task) => {
    const manifest = await readManifest(scene.store, scene.endpoint.key, releaseId);
    if (!manifest) {
      throw new WarmstartError(
        'release.unknown',
        `There is no release ${releaseId} of ${scene.endpoint.key}.`,
        { kind: 'usage' },
      );
    }
    if (manifest.status !== 'in-progress') return manifest;
    const live = await readLive(
      scene.session,
      scene.store,
      (bucket) => new Store(scene.session, bucket),
      scene.endpoint.key,
      scene.endpoint.name,
    );
    return carryOut({ ...scene, task }, manifest, live);
  });
}

/** One writer an endpoint: two releases of it never overlap, from whichever machine they start. */
export function underLease<T>(scene: Scene, work: (task: Task) => Promise<T>): Promise<T> {
  const holder = `release by ${process.pid}`;
  return withLease(scene.store, `endpoint-${scene.endpoint.key}`, holder, scene.task, work);
}

async function carryOut(scene: Scene, manifest: Manifest, live: LiveEndpoint | null): Promise<Manifest> {
  const { store, session, environment, endpoint, task } = scene;
  let touched = false;
  try {
    if (manifest.kind === 'in-place') {
      touched = true;
      await overwriteTargets(store, sourceStore(scene), manifest, task);
    } else {
      await copyTargets(store, sourceStore(scene), manifest, task);
    }
    await writeManifest(store, manifest, task.now());
    if (manifest.kind === 'release' || !live) await ensureModel(session, manifest, environment);
    await ensureConfig(session, manifest, endpoint, environment, live, task);
    touched = true;
    const updated = live
      ? await switchTo(session, manifest.endpointName, manifest.configName, endpoint, task)
      : await create(scene, manifest);
    if (updated.EndpointConfigName !== manifest.configName) {
      // UpdateEndpoint ends InService after an automatic rollback too; only the config's name tells.
      throw new WarmstartError(
        'release.update-failed',
        updated.FailureReason ?? 'SageMaker returned to the previous config without a reason.',
      );
    }
    const probes = await verifyTargets(session, manifest, task);
    manifest.verified = { at: task.now().toISOString(), probes };
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    if (!touched) return finish(scene, manifest, 'failed', messageOf(error), error);
    return goBack(scene, manifest, error);
  }
  await finish(scene, manifest, 'released');
  await pruneReleases(scene);
  return manifest;
}

async function create(scene: Scene, manifest: Manifest) {
  await ensureEndpoint(scene.session, manifest);
  return waitUntilSteady(scene.session, manifest.endpointName, scene.task);
}

/** Undoes a release that callers may have seen: the previous config serves again, whose prefix was never touched. */
async function goBack(scene: Scene, manifest: Manifest, cause: unknown): Promise<Manifest> {
  const reason = messageOf(cause);
  scene.task.report({ step: 'rollback', subject: manifest.endpointName, message: `rolling back: ${reason}` });
  if (manifest.kind === 'in-place') await restoreTargets(scene.store, manifest, scene.task);
  if (manifest.previousConfig === null) return finish(scene, manifest, 'failed', reason, cause);
  await switchTo(scene.session, manifest.endpointName, manifest.previousConfig, scene.endpoint, scene.task);
  return finish(scene, manifest, 'rolled-back', reason, cause);
}

async function finish(
  scene: Scene,
  manifest: Manifest,
  status: Exclude<Manifest['status'], 'in-progress'>,
  reason?: string,
  cause?: unknown,
): Promise<Manifest> {
  manifest.status = status;
  if (reason !== undefined) manifest.reason = reason;
  await writeManifest(scene.store, manifest, scene.task.now());
  if (status === 'released') return manifest;
  throw new WarmstartError(
    status === 'rolled-back' ? 'release.rolled-back' : 'release.failed',
    status === 'rolled-back'
      ? `Release ${manifest.releaseId} was rolled back; ${manifest.endpointName} serves what it served before. ${reason}`
      : `Release ${manifest.releaseId} of ${manifest.endpointName} failed. ${reason}`,
    { remedy: 'Mend the cause and release again; the callers were not affected by what was copied.', cause },
  );
}

async function newManifest(scene: Scene, { plan, live }: Prepared): Promise<Manifest> {
  const { environment, endpoint, task } = scene;
  const now = task.now();
  const releaseId = newReleaseId(now);
  const name = resourceName(endpoint.name, releaseId);
  const inPlace = endpoint.refresh === 'in-place';
  const targets: Target[] = [];
  for (const planned of plan.targets.filter(isHeld)) targets.push(await targetOf(scene, planned));
  return {
    formatVersion: 1,
    releaseId,
    kind: inPlace ? 'in-place' : 'release',
    endpoint: endpoint.key,
    endpointName: endpoint.name,
    environment: environment.name,
    accountId: environment.accountId,
    region: environment.region,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    status: 'in-progress',
    bucket: inPlace && live ? live.bucket : environment.bucket,
    prefix: inPlace ? (live?.prefix ?? endpoint.inPlacePrefix) : releasePrefix(endpoint.key, releaseId),
    image: plan.image ?? '',
    modelName: inPlace && live ? live.modelName : name,
    configName: name,
    previousConfig: live?.configName ?? null,
    previousRelease: live?.manifest?.releaseId ?? null,
    targets,
  };
}

/** What a planned target is copied from: the registered artifact, or the live copy for what no version stands behind. */
async function targetOf(scene: Scene, planned: PlannedTarget): Promise<Target> {
  const { version, held } = planned;
  const model = planned.model === undefined ? {} : { model: planned.model };
  if (planned.action === 'keep' || planned.action === 'carry' || !version) {
    if (!held)
      throw new WarmstartError('release.no-artifact', `${planned.targetModel} has no artifact to copy.`);
    const { copy, replaced, ...rest } = held;
    // The copy that serves now is in the same account and bucket: the fastest source there is.
    return copy
      ? {
          ...rest,
          ...model,
          source: { ...rest.source, bucket: scene.environment.bucket, key: copy.key, etag: copy.etag },
        }
      : { ...rest, ...model };
  }
  const { bucket, key } = parseS3Uri(version.artifact.s3Uri);
  return {
    targetModel: planned.targetModel,
    ...model,
    packageArn: version.arn,
    version: version.version,
    image: version.image,
    source: {
      bucket,
      key,
      etag: version.artifact.etag ?? '',
      ...(version.artifact.sha256 ? { sha256: version.artifact.sha256 } : {}),
    },
    probes: await loadProbes(new Store(scene.registry), version.probes),
  };
}

/** Artifacts are read with the credentials of the account that owns the bucket. */
function sourceStore(scene: Scene): SourceStore {
  return (bucket) => new Store(bucket === scene.environment.bucket ? scene.session : scene.registry, bucket);
}
