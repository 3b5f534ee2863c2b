import type { LeaseHolder } from '../../aws/lease';
import type { Manifest } from '../../release/manifest';
import type { RunRecord } from '../../runs/record';

/**
 * Where a run or release stands, whoever drives it. live: somebody drives it now · interrupted: nobody does, and it is
 * not finished · failed, done and stopped: as its record says. An interrupted or failed run can be resumed; of
 * releases, an interrupted one.
 */
export type Standing = 'live' | 'interrupted' | 'failed' | 'done' | 'stopped';

/** @param holder of the lease `run-<model>`; undefined when nobody holds it */
export function standingOfRun(
  run: Pick<RunRecord, 'runId' | 'status'>,
  holder: LeaseHolder | undefined,
): Standing {
  if (run.status === 'completed') return 'done';
  if (run.status === 'stopped') return 'stopped';
  if (holder?.work === `run ${run.runId}`) return 'live';
  return run.status === 'failed' ? 'failed' : 'interrupted';
}

/** @param holder of the lease `endpoint-<endpoint>`; undefined when nobody holds it */
export function standingOfRelease(
  manifest: Pick<Manifest, 'status'>,
  holder: LeaseHolder | undefined,
): Standing {
  if (manifest.status === 'in-progress') return holder ? 'live' : 'interrupted';
  return manifest.status === 'released' ? 'done' : 'failed';
}

export function isResumableRun(standing: Standing): boolean {
  return standing === 'interrupted' || standing === 'failed';
}

export function isStoppableRun(standing: Standing): boolean {
  return standing === 'live' || standing === 'interrupted' || standing === 'failed';
}
