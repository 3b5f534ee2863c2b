import { spawnSync } from 'node:child_process';

const INTERPRETERS = ['python3', '/usr/bin/python3', 'python'];

/** An interpreter that can import xgboost, or why there is none. */
export function pythonWithXgboost(): { path: string; version: string } | { reason: string } {
  for (const path of INTERPRETERS) {
    const ran = spawnSync(path, ['-c', 'import xgboost; print(xgboost.__version__)'], { encoding: 'utf8' });
    if (ran.status === 0) return { path, version: ran.stdout.trim() };
  }
  return { reason: `none of ${INTERPRETERS.join(', ')} can import xgboost` };
}
