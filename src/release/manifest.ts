import type { Store } from '../aws/store';
import { WarmstartError } from '../errors';
import type { Probe } from '../registry/probes';
import { mapParallel } from '../task';

/** One target model as a release holds it. */
export interface Target {
  targetModel: string;
  /** The project's model; absent for artifacts that were there before Warmstart and are carried along. */
  model?: string;
  packageArn?: string;
  version?: number;
  image: string | null;
  source: Source;
  /** Where the release holds it, once copied. */
  copy?: { key: string; etag: string; versionId?: string };
  replaced?: Replaced;
  probes: Probe[];
}

/** Where an artifact came from. ETags are unquoted. */
export interface Source {
  /** Whose credentials read it. */
  in: 'registry' | 'environment';
  bucket: string;
  key: string;
  etag: string;
  versionId?: string;
  sha256?: string;
  size?: number;
}

/** In-place mode: the object version that was overwritten or deleted; null when the key was new. */
export interface Replaced {
  versionId: string | null;
}

export type ReleaseStatus = 'in-progress' | 'released' | 'rolled-back' | 'failed';

/** `warmstart/releases/<endpoint>/<releaseId>.json`: what a release is, and how far it came. */
export interface Manifest {
  formatVersion: 1;
  releaseId: string;
  kind: 'release' | 'in-place' | 'rollback';
  endpoint: string;
  endpointName: string;
  environment: string;
  accountId: string;
  region: string;
  createdAt: string;
  updatedAt: string;
  status: ReleaseStatus;
  /** Why it was rolled back or failed. */
  reason?: string;
  bucket: string;
  /** Key prefix of the artifacts, ends with `/`. */
  prefix: string;
  image: string;
  modelName: string;
  configName: string;
  /** The config that served before; null for the endpoint's first. */
  previousConfig: string | null;
  previousRelease: string | null;
  /** For a rollback: the release whose config serves again. */
  rolledBackTo?: string;
  targets: Target[];
  /** In-place mode: target models that the release takes away. */
  removed?: { targetModel: string; replaced?: Replaced }[];
  verified?: { at: string; probes: number };
  /** Set when retention removed its artifacts, Model and config. */
  prunedAt?: string;
}

export function manifestKey(endpointKey: string, releaseId: string): string {
  return `warmstart/releases/${endpointKey}/${releaseId}.json`;
}

export async function readManifest(
  store: Store,
  endpointKey: string,
  releaseId: string,
): Promise<Manifest | undefined> {
  return store.getJson<Manifest>(manifestKey(endpointKey, releaseId));
}

/** The newest releases of an endpoint, or all of them, newest first. */
export async function listManifests(store: Store, endpointKey: string, limit?: number): Promise<Manifest[]> {
  const keys: string[] = [];
  for await (const object of store.list(`warmstart/releases/${endpointKey}/`)) keys.push(object.key);
  const newest = keys.sort().reverse().slice(0, limit);
  const manifests = await mapParallel(newest, 8, (key) => store.getJson<Manifest>(key));
  return manifests.filter((manifest) => manifest !== undefined);
}

/** Writes the manifest's present state. Only the holder of the endpoint's lease calls this. */
export async function writeManifest(store: Store, manifest: Manifest, now: Date): Promise<void> {
  manifest.updatedAt = now.toISOString();
  await store.put(manifestKey(manifest.endpoint, manifest.releaseId), JSON.stringify(manifest, null, 2), {
    contentType: 'application/json',
  });
}

/** The newest release that reached the callers and can be gone back to, other than `except`. */
export function previousOf(manifests: Manifest[], live: Manifest): Manifest {
  const previous = manifests.find((m) => m.releaseId === live.previousRelease && m.kind !== 'rollback');
  if (!previous) {
    throw new WarmstartError(
      'release.no-previous',
      `Release ${live.releaseId} of ${live.endpoint} has no release before it.`,
      {
        kind: 'refused',
        remedy: 'Reject the version that misbehaves and release again, or name a release with --to.',
      },
    );
  }
  if (previous.prunedAt) {
    throw new WarmstartError(
      'release.pruned',
      `Release ${previous.releaseId} was removed by retention on ${previous.prunedAt}.`,
      {
        kind: 'refused',
        remedy: 'Choose a later release with --to, or raise "retain" for the next time.',
      },
    );
  }
  return previous;
}
