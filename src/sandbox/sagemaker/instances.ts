import { limitExceeded } from './errors';

export type Usage = 'endpoint usage' | 'training job usage' | 'transform job usage' | 'processing job usage';

const GIB = 1024 ** 3;

/** Memory of an instance type in bytes: AWS's sizes per family for a `large`, doubled with every size. */
export function memoryOf(instanceType: string): number {
  const [, family = '', size = ''] = /^ml\.([a-z0-9-]+)\.([a-z0-9]+)$/.exec(instanceType) ?? [];
  const small: Record<string, number> = { nano: 0.5, micro: 1, small: 2, medium: 4 };
  if (/^t[23]/.test(family) && small[size] !== undefined) return small[size] * GIB;
  return gibPerLarge(family) * sizeFactor(size) * GIB;
}

function gibPerLarge(family: string): number {
  if (family.startsWith('c')) return 4;
  if (/^[rx]/.test(family)) return 16;
  return 8;
}

function sizeFactor(size: string): number {
  if (size === 'medium') return 0.5;
  if (size === 'large') return 1;
  const times = /^(\d*)xlarge$/.exec(size)?.[1];
  return times === undefined ? 1 : 2 * Number(times || 1);
}

/**
 * Default quotas of a new account, in instances of a type. AWS publishes them only per account; a new one starts
 * with some of each general-purpose type and none of the large accelerated ones.
 */
export function quotaOf(instanceType: string): number {
  if (/^ml\.(p|trn|inf|g5|g6|g7|gr)/.test(instanceType)) return 0;
  if (/^ml\.g4dn/.test(instanceType)) return 2;
  return /\.(24|32|48|56|112)xlarge$|\.metal/.test(instanceType) ? 0 : 20;
}

/** @throws ServiceError ResourceLimitExceeded when `delta` more instances would pass the account's quota */
export function demandQuota(instanceType: string, usage: Usage, used: number, delta: number): void {
  const quota = quotaOf(instanceType);
  if (used + delta <= quota) return;
  throw limitExceeded(
    `The account-level service limit '${instanceType} for ${usage}' is ${quota} Instances, with current ` +
      `utilization of ${used} Instances and a request delta of ${delta} Instances. Please use AWS Service Quotas ` +
      'to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to ' +
      'request an increase for this quota.',
  );
}
