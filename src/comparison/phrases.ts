import type { BaselineFacts } from './facts';

/** `version 2 in production`. */
export function nameOf({ version, environment }: Pick<BaselineFacts, 'version' | 'environment'>): string {
  return `version ${version.version}${environment === null ? '' : ` in ${environment}`}`;
}

/** `12,345 rows`. */
export function count(rows: number): string {
  return `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`;
}
