import { parseS3Uri, Store } from '../aws/store';
import { WarmstartError } from '../errors';
import { loadProbes } from '../registry/probes';
import type { LiveEndpoint } from './live';
import type { Manifest, Target } from './manifest';
import { newReleaseId, releasePrefix, resourceName } from './names';
import { isHeld, type PlannedTarget } from './plan';
import type { Prepared, Scene } from './release';

/** The manifest of a plan, before anything of it is carried out. Writes nothing. */
export async function draftManifest(scene: Scene, { plan, live }: Prepared): Promise<Manifest> {
  const { environment, endpoint, task } = scene;
  const now = task.now();
  const releaseId = newReleaseId(now);
  const name = resourceName(endpoint.name, releaseId);
  const inPlace = endpoint.refresh === 'in-place';
  const targets: Target[] = [];
  for (const planned of plan.targets.filter(isHeld)) targets.push(await targetOf(scene, planned, live));
  const removed = plan.targets.filter((planned) => planned.action === 'remove');
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
    previousRelease: live && releaseServedBy(live),
    targets,
    ...(inPlace && removed.length ? { removed: removed.map(({ targetModel }) => ({ targetModel })) } : {}),
  };
}

/** The release whose models an endpoint serves, also after a rollback to it; null when it is nobody's. */
export function releaseServedBy({ manifest }: LiveEndpoint): string | null {
  return manifest?.rolledBackTo ?? manifest?.releaseId ?? null;
}

/** What a planned target is copied from: the registered artifact, or the live copy for what no version stands behind. */
async function targetOf(scene: Scene, planned: PlannedTarget, live: LiveEndpoint | null): Promise<Target> {
  const { version, held } = planned;
  const model = planned.model === undefined ? {} : { model: planned.model };
  if (planned.action !== 'keep' && planned.action !== 'carry' && version) {
    const { bucket, key } = parseS3Uri(version.artifact.s3Uri);
    return {
      targetModel: planned.targetModel,
      ...model,
      packageArn: version.arn,
      version: version.version,
      image: version.image,
      source: {
        in: 'registry',
        bucket,
        key,
        etag: version.artifact.etag ?? '',
        ...(version.artifact.sha256 ? { sha256: version.artifact.sha256 } : {}),
      },
      probes: await loadProbes(new Store(scene.registry), version.probes),
    };
  }
  if (!held)
    throw new WarmstartError('release.no-artifact', `${planned.targetModel} has no artifact to copy.`);
  const { copy, replaced, ...rest } = held;
  if (!copy || !live) return { ...rest, ...model };
  // The copy that serves now is in the same account: the fastest source there is. Its object version is meant, so
  // that a file overwritten since is repaired, too.
  const { etag, key, versionId } = copy;
  const { sha256, size } = held.source;
  return {
    ...rest,
    ...model,
    source: {
      in: 'environment',
      bucket: live.bucket,
      key,
      etag,
      ...(versionId === undefined ? {} : { versionId }),
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(size === undefined ? {} : { size }),
    },
  };
}
