import type { Model } from '../project/project';
import type { Version } from '../registry/versions';
import type { Live } from './plan';

/**
 * stale: the environment admits a higher version · missing: the project has the model, the endpoint does not ·
 * drifted: the served file is not the one that was released · not-approved: the environment would not admit the
 * served version any more · unverified: the release that serves was never proven · unmanaged: nobody released it.
 */
export type Mark = 'stale' | 'missing' | 'drifted' | 'not-approved' | 'unverified' | 'unmanaged';

/** What one target model serves now. */
export interface TargetStatus {
  targetModel: string;
  model: string | null;
  version: number | null;
  packageArn: string | null;
  approval: string | null;
  /** The version that a release would bring. */
  admitted: number | null;
  marks: Mark[];
  artifact: { key: string; etag: string; size: number } | null;
}

export interface InventoryRequest {
  models: Model[];
  live: Live | null;
  /** Every version of each model's group, newest first. */
  versions: ReadonlyMap<string, Version[]>;
  /** What the environment admits of each model. */
  admitted: ReadonlyMap<string, Version | null>;
  /** Whether a version that waits for approval may serve here. */
  requires: 'approved' | 'pending';
}

/** Joins endpoint, S3 and registry: one row for each target model that is served or should be. Pure. */
export function inventory({ models, live, versions, admitted, requires }: InventoryRequest): TargetStatus[] {
  const rows = models.map((model) => {
    const all = versions.get(model.name) ?? [];
    const artifact = live?.artifacts.find((a) => a.targetModel === model.targetModel) ?? null;
    const held = live?.manifest?.targets.find((t) => t.targetModel === model.targetModel);
    // Without a manifest the ETag tells which version an artifact is, as long as the copy kept it.
    const serving = held
      ? all.find((v) => v.arn === held.packageArn)
      : all.find((v) => artifact !== null && v.artifact.etag === artifact.etag);
    const goal = admitted.get(model.name) ?? null;
    const marks: Mark[] = [];
    if (!artifact) marks.push('missing');
    else if (!held && !serving) marks.push('unmanaged');
    if (artifact && held?.copy && held.copy.etag !== artifact.etag) marks.push('drifted');
    const isRefused =
      serving?.approval === 'Rejected' ||
      (serving?.approval === 'PendingManualApproval' && requires === 'approved');
    if (isRefused) marks.push('not-approved');
    if (artifact && held && live?.manifest?.status !== 'released') marks.push('unverified');
    if (artifact && goal && serving && goal.version > serving.version) marks.push('stale');
    return {
      targetModel: model.targetModel,
      model: model.name,
      version: serving?.version ?? held?.version ?? null,
      packageArn: serving?.arn ?? held?.packageArn ?? null,
      approval: serving?.approval ?? null,
      admitted: goal?.version ?? null,
      marks,
      artifact: artifact && { key: artifact.key, etag: artifact.etag, size: artifact.size },
    };
  });
  const owned = new Set(models.map((m) => m.targetModel));
  const others = (live?.artifacts ?? []).filter((a) => !owned.has(a.targetModel));
  return [
    ...rows,
    ...others.map((artifact) => ({
      targetModel: artifact.targetModel,
      model: null,
      version: null,
      packageArn: null,
      approval: null,
      admitted: null,
      marks: ['unmanaged' as const],
      artifact: { key: artifact.key, etag: artifact.etag, size: artifact.size },
    })),
  ];
}
