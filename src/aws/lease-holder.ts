import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Who drives something: one attempt of one process. Process ids and host names repeat; the token does not. */
export interface Holder {
  host: string;
  pid: number;
  token: string;
}

export function newHolder(): Holder {
  return { host: hostname(), pid: process.pid, token: randomUUID() };
}

/** Leaves a mark on this machine, by which another process here can tell that the holder lived on it. */
export function markAlive(holder: Holder): void {
  writeFileSync(markOf(holder), String(holder.pid));
}

export function unmark(holder: Holder): void {
  rmSync(markOf(holder), { force: true });
}

/**
 * Whether a holder lived on this machine and is gone, so that nobody needs to wait for its lease to expire. Host names
 * prove nothing (containers share them), so that only the holder's own mark counts.
 */
export function diedHere(holder: Holder): boolean {
  return existsSync(markOf(holder)) && !isRunning(holder.pid);
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 only asks whether the process exists, on every platform.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function markOf({ token }: Holder): string {
  return join(tmpdir(), `warmstart-lease-${token.replace(/[^\w-]/g, '')}`);
}
