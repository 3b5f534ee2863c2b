import type { Version } from '../registry/versions';
import type { Manifest, Target } from './manifest';

/** What one model of the endpoint should serve. */
export interface Desired {
  model: string;
  targetModel: string;
  /** The version that the environment admits, with its probes; null when there is none. */
  version: Version | null;
  /** Higher versions that were passed over, and why. */
  skipped: { version: number; reason: string }[];
}

/** What the endpoint serves from now. */
export interface Live {
  configName: string;
  image: string;
  /** Bucket and key prefix that the live Model reads. */
  bucket: string;
  prefix: string;
  /** Absent when Warmstart did not make the live config. */
  manifest: Manifest | undefined;
  /** Why SageMaker could not bring the endpoint up; absent for one that serves. */
  failure?: string;
  /** Every artifact under the prefix. */
  artifacts: { targetModel: string; key: string; etag: string; size: number; versionId?: string }[];
}

export type Action = 'add' | 'update' | 'restore' | 'keep' | 'carry' | 'remove' | 'absent';

export interface PlannedTarget {
  targetModel: string;
  model?: string;
  /**
   * add: new to the endpoint · update: to a higher version · restore: to a lower one (the higher was rejected) ·
   * keep: the same version · carry: an artifact that no model of the project owns · remove: callers lose it ·
   * absent: nothing admitted and nothing served.
   */
  action: Action;
  from: number | null;
  to: number | null;
  version: Version | null;
  /** For keep and carry without a version: the target as the live release holds it. */
  held: Target | null;
  /** Why, in words: which versions were passed over. */
  notes: string[];
}

export interface ReleasePlan {
  first: boolean;
  image: string | null;
  targets: PlannedTarget[];
  /** True when the endpoint already is what it should be. */
  nothingToDo: boolean;
  /** Reasons for which the plan must not be carried out. */
  refusals: string[];
  /** What should be known before the plan is carried out. */
  notes: string[];
}

export interface PlanRequest {
  desired: Desired[];
  live: Live | null;
  /** What becomes of a target model that has no admitted version. */
  whenNoneApproved: 'keep' | 'remove';
  /** Models to leave out on purpose. */
  without: string[];
  /** Present when the artifacts under the endpoint's own prefix are overwritten; whether their bucket is versioned. */
  inPlace?: { isVersioned: boolean };
}

/** The whole decision of a release, over plain data: what each target model becomes, and whether it may. */
export function planRelease(request: PlanRequest): ReleasePlan {
  const { desired, live } = request;
  const targets = desired.map((d) => planTarget(d, request));
  const owned = new Set(desired.map((d) => d.targetModel));
  for (const artifact of live?.artifacts ?? []) {
    if (!owned.has(artifact.targetModel)) targets.push(carry(artifact, live!, request.without));
  }
  const images = new Set(
    targets
      .filter(isHeld)
      .map(imageOf)
      .filter((image) => image !== null),
  );
  const image = [...images][0] ?? live?.image ?? null;
  const isProven = live?.manifest?.status === 'released';
  return {
    first: live === null,
    image,
    targets,
    nothingToDo: isProven && targets.every((t) => ['keep', 'carry', 'absent'].includes(t.action)),
    refusals: refusalsOf(request, targets, [...images]),
    notes: live?.manifest && !isProven ? [unproven(live.manifest)] : [],
  };
}

/** A plan in one line, to tell whether what is carried out is still what was shown. */
export function planDigest(plan: ReleasePlan, live: Live | null): string {
  const targets = plan.targets.map((t) => [
    t.targetModel,
    t.action,
    t.version?.arn ?? t.held?.packageArn,
    t.to,
  ]);
  return JSON.stringify([live?.configName, plan.image, targets, plan.refusals]);
}

function refusalsOf({ live, inPlace }: PlanRequest, targets: PlannedTarget[], images: string[]): string[] {
  const refusals: string[] = [];
  if (live?.failure !== undefined) {
    refusals.push(
      `The endpoint failed and can only be deleted; delete it and release again. SageMaker says: ${live.failure}`,
    );
  }
  if (images.length > 1) {
    refusals.push(
      `An endpoint has one container, but the versions need ${images.join(' and ')}. Retrain the models with the older image, or leave them out.`,
    );
  }
  if (!targets.some(isHeld))
    refusals.push('The release would hold no target model: no version is admitted yet.');
  if (inPlace && !inPlace.isVersioned) {
    refusals.push(
      'The bucket keeps no versions, so that an overwritten model could not be brought back. Enable bucket versioning, or set "refresh": "release".',
    );
  }
  if (inPlace && live) {
    if (images.some((image) => image !== live.image)) {
      refusals.push(
        `In place the endpoint keeps its container ${live.image}, but the versions need ${images.join(' and ')}. Set "refresh": "release".`,
      );
    }
    if (live.manifest?.kind === 'release') {
      refusals.push(
        `The endpoint serves from the prefix of release ${live.manifest.releaseId}, which is never overwritten. Set "refresh": "release".`,
      );
    }
  }
  return refusals;
}

function unproven({ releaseId, status }: Manifest): string {
  return status === 'in-progress'
    ? `Release ${releaseId}, which serves, was interrupted before it was verified; --resume ${releaseId} goes on with it.`
    : `Release ${releaseId}, which serves, is ${status}: it was never verified.`;
}

/** Whether the release will hold an artifact for this target. */
export function isHeld(target: PlannedTarget): boolean {
  return target.action !== 'remove' && target.action !== 'absent';
}

function planTarget(desired: Desired, { live, whenNoneApproved, without }: PlanRequest): PlannedTarget {
  const held = live?.manifest?.targets.find((t) => t.targetModel === desired.targetModel) ?? null;
  const artifact = live?.artifacts.find((a) => a.targetModel === desired.targetModel);
  const serving = held ?? (artifact && live ? foreign(artifact, live) : null);
  const from = held?.version ?? null;
  const base = {
    targetModel: desired.targetModel,
    model: desired.model,
    from,
    version: desired.version,
    held: serving,
    notes: desired.skipped.map((s) => `version ${s.version}: ${s.reason}`),
  };
  if (without.includes(desired.model))
    return { ...base, action: serving ? 'remove' : 'absent', to: null, version: null };
  if (desired.version) {
    const to = desired.version.version;
    if (!serving) return { ...base, action: 'add', to };
    if (held?.packageArn === desired.version.arn) {
      if (artifact !== undefined && artifact.etag === held.copy?.etag) return { ...base, action: 'keep', to };
      base.notes.push(
        artifact
          ? 'the served artifact is not the one that was released; it is replaced'
          : 'the served artifact is gone from S3; it is put back',
      );
      return { ...base, action: 'update', to };
    }
    return { ...base, action: from !== null && to < from ? 'restore' : 'update', to };
  }
  if (!serving) return { ...base, action: 'absent', to: null };
  if (whenNoneApproved === 'remove') return { ...base, action: 'remove', to: null };
  base.notes.push('no version is admitted: what serves now is kept ("whenNoneApproved": "keep")');
  return { ...base, action: 'keep', to: from };
}

function carry(artifact: Live['artifacts'][number], live: Live, without: string[]): PlannedTarget {
  const released = live.manifest?.targets.find((t) => t.targetModel === artifact.targetModel);
  // Nobody released what its owner uploaded since: it is taken as it is.
  const held = released?.copy?.etag === artifact.etag ? released : foreign(artifact, live);
  const leave =
    without.includes(artifact.targetModel) || (held.model !== undefined && without.includes(held.model));
  return {
    targetModel: artifact.targetModel,
    action: leave ? 'remove' : 'carry',
    from: held.version ?? null,
    to: leave ? null : (held.version ?? null),
    version: null,
    held,
    notes: leave ? [] : ['no model of the project owns this artifact; it is carried along unchanged'],
  };
}

function foreign(artifact: Live['artifacts'][number], live: Live): Target {
  return {
    targetModel: artifact.targetModel,
    image: live.image,
    source: {
      in: 'environment',
      bucket: live.bucket,
      key: artifact.key,
      etag: artifact.etag,
      size: artifact.size,
      ...(artifact.versionId === undefined ? {} : { versionId: artifact.versionId }),
    },
    probes: [],
  };
}

function imageOf(target: PlannedTarget): string | null {
  return (target.action === 'keep' || target.action === 'carry') && target.held
    ? target.held.image
    : (target.version?.image ?? null);
}
