import { Store } from '../aws/store';
import type { Environment } from '../project/project';
import { modelsOf } from '../project/project';
import { groupArn } from '../registry/groups';
import { type AdmissionPolicy, findAdmitted } from '../registry/versions';
import { mapParallel } from '../task';
import { listManifests, type Manifest } from './manifest';
import type { Desired } from './plan';
import type { Scene } from './release';

/**
 * The desired state of an environment, read from the registry: for each model the highest version that the
 * environment's policy admits. Events are never replayed; rejecting a version is enough to go back.
 */
export async function readDesired(scene: Scene): Promise<Desired[]> {
  const { project, registry, environment, endpoint } = scene;
  const released = await releasedIn(scene);
  return mapParallel(modelsOf(project, endpoint.key), 4, async (model) => {
    const { version, skipped } = await findAdmitted(
      registry,
      groupArn(project.registry, model.packageGroup),
      admissionOf(environment, released),
    );
    return {
      model: model.name,
      targetModel: model.targetModel,
      version,
      skipped: skipped.map((s) => ({ version: s.version.version, reason: s.reason })),
    };
  });
}

/** An environment's `promote` policy with what it depends on. Pure. */
export function admissionOf(
  environment: Environment,
  releasedBefore: ReadonlySet<string> | undefined,
): AdmissionPolicy {
  return {
    requires: environment.promote.requires,
    ...(environment.promote.after === undefined ? {} : { after: environment.promote.after }),
    ...(releasedBefore === undefined ? {} : { releasedBefore }),
  };
}

/** What was released in the environment that `promote.after` names; undefined when none is named. */
export async function releasedIn(scene: Scene): Promise<Set<string> | undefined> {
  const { after } = scene.environment.promote;
  const before = scene.project.environments.find((e) => e.name === after);
  if (!before) return undefined;
  const store = new Store(await scene.sessionOf(before), before.bucket);
  return releasedVersions(await listManifests(store, scene.endpoint.key));
}

/** The package ARNs that an environment's finished releases of an endpoint ever held. Pure. */
export function releasedVersions(manifests: Manifest[]): Set<string> {
  return new Set(
    manifests
      .filter((m) => m.status === 'released' && m.kind !== 'rollback')
      .flatMap((m) => m.targets.flatMap((t) => (t.packageArn === undefined ? [] : [t.packageArn]))),
  );
}
