import { Store } from '../aws/store';
import { modelsOf } from '../project/project';
import { groupArn } from '../registry/groups';
import { admitted, listVersions, type Version } from '../registry/versions';
import { mapParallel } from '../task';
import { type CacheMetrics, readCacheMetrics } from './cache';
import { admissionOf, releasedIn } from './desired';
import { inventory, type TargetStatus } from './inventory';
import { readLive } from './live';
import type { Scene } from './release';

export interface Inspection {
  endpointName: string;
  environment: string;
  accountId: string;
  /** Null when the endpoint does not exist yet. */
  status: string | null;
  configName: string | null;
  releaseId: string | null;
  previousRelease: string | null;
  instances: { type: string; count: number } | null;
  image: string | null;
  targets: TargetStatus[];
  cache: CacheMetrics | null;
}

/** What an endpoint serves now, joined with registry, S3 and CloudWatch. Writes nothing, loads no model. */
export async function inspectEndpoint(scene: Scene): Promise<Inspection> {
  const { session, store, endpoint, environment, project } = scene;
  const models = modelsOf(project, endpoint.key);
  const [live, released] = await Promise.all([
    readLive(session, store, (bucket) => new Store(session, bucket), endpoint.key, endpoint.name),
    releasedIn(scene),
  ]);
  const versions = new Map<string, Version[]>();
  await mapParallel(models, 4, async (model) => {
    versions.set(
      model.name,
      await listVersions(scene.registry, groupArn(project.registry, model.packageGroup)),
    );
  });
  const policy = admissionOf(environment, released);
  const goals = new Map(models.map((m) => [m.name, admitted(versions.get(m.name) ?? [], policy).version]));
  const variant = live?.config.ProductionVariants?.[0];
  return {
    endpointName: endpoint.name,
    environment: environment.name,
    accountId: environment.accountId,
    status: live?.endpoint.EndpointStatus ?? null,
    configName: live?.configName ?? null,
    releaseId: live?.manifest?.releaseId ?? null,
    previousRelease: live?.manifest?.previousRelease ?? null,
    instances: variant?.InstanceType
      ? {
          type: variant.InstanceType,
          count:
            live?.endpoint.ProductionVariants?.[0]?.CurrentInstanceCount ?? variant.InitialInstanceCount ?? 0,
        }
      : null,
    image: live?.image ?? null,
    targets: inventory({
      models,
      live,
      versions,
      admitted: goals,
      requires: environment.promote.requires,
    }),
    cache: variant?.VariantName
      ? await readCacheMetrics(session, endpoint.name, variant.VariantName, scene.task.now())
      : null,
  };
}
