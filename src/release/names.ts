import { createHash, randomInt } from 'node:crypto';

/**
 * `20261122-153001-2a7c`: sorts by time to the millisecond (three hexadecimal digits of the last four), by chance within
 * one, and is valid in every SageMaker name (letters, digits and single hyphens).
 */
export function newReleaseId(now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const milliseconds = now.getUTCMilliseconds().toString(16).padStart(3, '0');
  return `${stamp}-${milliseconds}${randomInt(16).toString(16)}`;
}

/** The name of the release's Model and of its endpoint config: at most 63 characters (CreateModel, CreateEndpointConfig). */
export function resourceName(endpointName: string, releaseId: string): string {
  const room = 63 - releaseId.length - 1;
  if (endpointName.length <= room) return `${endpointName}-${releaseId}`;
  const digest = createHash('sha256').update(endpointName).digest('hex').slice(0, 6);
  return `${endpointName.slice(0, room - 7).replace(/-+$/, '')}-${digest}-${releaseId}`;
}

/** The release that a config belongs to, told from its name; undefined for configs that Warmstart did not make. */
export function releaseIdOf(configName: string): string | undefined {
  return /-(\d{8}-\d{6}-[0-9a-f]{4})$/.exec(configName)?.[1];
}

/** The folder of a release's artifacts in the environment's bucket; nothing else may stand under it. */
export function releasePrefix(endpointKey: string, releaseId: string): string {
  return `models/${endpointKey}/${releaseId}/`;
}

/** Whether a key stands in the folder of some release, which belongs to that release alone. */
export function isInRelease(key: string): boolean {
  return /^models\/[^/]+\/\d{8}-\d{6}-[0-9a-f]{4}\//.test(key);
}
