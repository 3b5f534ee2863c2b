import { withLease } from '../aws/lease';
import type { Session } from '../aws/session';
import { Store } from '../aws/store';
import { WarmstartError } from '../errors';
import { type Endpoint, type Environment, endpointOf, type Project } from '../project/project';
import type { Task } from '../task';
import { carryOut } from './carry-out';
import { readDesired } from './desired';
import { draftManifest, releaseServedBy } from './draft';
import { type LiveEndpoint, readLive } from './live';
import { listManifests, type Manifest, readManifest, writeManifest } from './manifest';
import { planDigest, planRelease, type ReleasePlan } from './plan';

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
  /** What the endpoint serves now; null while there is none. */
  readLive(): Promise<LiveEndpoint | null>;
  /** The environment's bucket. */
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
  const { session } = sessions;
  const endpoint = endpointOf(project, endpointKey, environment.name);
  const store = new Store(session, environment.bucket);
  const storeOf = (bucket: string) => new Store(session, bucket);
  return {
    project,
    environment,
    endpoint,
    ...sessions,
    readLive: () => readLive(session, store, storeOf, endpoint.key, endpoint.name),
    store,
    task,
  };
}

export interface Prepared {
  plan: ReleasePlan;
  live: LiveEndpoint | null;
  /** Models that are left out on purpose. */
  without: string[];
}

/** Reads what serves and what should serve, and plans the difference. Writes nothing. */
export async function prepareRelease(scene: Scene, options: { without?: string[] } = {}): Promise<Prepared> {
  const { endpoint } = scene;
  const { without = [] } = options;
  const inPlace = endpoint.refresh === 'in-place';
  const live = await scene.readLive();
  const prefix = new Store(scene.session, live?.bucket ?? scene.environment.bucket);
  const plan = planRelease({
    desired: await readDesired(scene),
    live,
    whenNoneApproved: endpoint.whenNoneApproved,
    without,
    ...(inPlace ? { inPlace: { isVersioned: (await prefix.versioning()) === 'Enabled' } } : {}),
  });
  return { plan, live, without };
}

/**
 * Carries out a plan that somebody has seen; see {@link carryOut}.
 * @throws WarmstartError `release.refused`, `release.stale-plan`, `lease.held` (refused, nothing written)
 */
export async function release(scene: Scene, prepared: Prepared): Promise<Manifest> {
  const { plan } = prepared;
  if (plan.refusals.length) {
    throw new WarmstartError('release.refused', plan.refusals.join(' '), { kind: 'refused' });
  }
  return underLease(scene, `release to ${scene.environment.name}`, async (leased) => {
    const now = await prepareRelease(leased, prepared);
    if (planDigest(now.plan, now.live) !== planDigest(plan, prepared.live)) throw stalePlan(scene);
    const manifest = await draftManifest(leased, now);
    await supersedeInterrupted(leased, manifest.releaseId);
    await writeManifest(scene.store, manifest, leased.task.now());
    return carryOut(leased, manifest, now.live);
  });
}

/**
 * Goes on with a release that was interrupted; what exists already is found and left as it is.
 * @throws WarmstartError `release.unknown` (usage)
 */
export async function resumeRelease(scene: Scene, releaseId: string): Promise<Manifest> {
  return underLease(scene, `release to ${scene.environment.name}`, async (leased) => {
    const manifest = await readManifest(scene.store, scene.endpoint.key, releaseId);
    if (!manifest || manifest.kind === 'rollback') {
      throw new WarmstartError(
        'release.unknown',
        `There is no release ${releaseId} of ${scene.endpoint.key}.`,
        { kind: 'usage', remedy: 'See "warmstart status".' },
      );
    }
    if (manifest.status !== 'in-progress') return manifest;
    const live = await leased.readLive();
    if (live && live.configName !== manifest.configName) {
      // Somebody may have changed the endpoint meanwhile: going back means to what serves now.
      manifest.previousConfig = live.configName;
      manifest.previousRelease = releaseServedBy(live);
    }
    return carryOut(leased, manifest, live);
  });
}

/** One writer an endpoint: two releases of it never overlap, from whichever machine they start. */
export function underLease<T>(scene: Scene, purpose: string, work: (scene: Scene) => Promise<T>): Promise<T> {
  return withLease(scene.store, `endpoint-${scene.endpoint.key}`, purpose, scene.task, (task) =>
    work({ ...scene, task }),
  );
}

/** Whoever holds the lease knows that nobody goes on with what an earlier process left unfinished. */
async function supersedeInterrupted({ store, endpoint, task }: Scene, releaseId: string): Promise<void> {
  for (const manifest of await listManifests(store, endpoint.key)) {
    if (manifest.status !== 'in-progress') continue;
    manifest.status = 'failed';
    manifest.reason = `It was interrupted, and release ${releaseId} took its place.`;
    await writeManifest(store, manifest, task.now());
  }
}

function stalePlan({ endpoint, environment }: Scene): WarmstartError {
  return new WarmstartError(
    'release.stale-plan',
    `${endpoint.name} in ${environment.name}, or what the registry admits, changed after the plan was shown. Nothing was written.`,
    { kind: 'refused', remedy: 'Look at the new plan and decide anew.' },
  );
}
