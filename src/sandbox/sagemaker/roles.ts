import type { Caller } from '../service';
import { ServiceError } from '../service';
import { accountOfRole } from './arn';

/** Who SageMaker is when it acts with an execution role: a session of that role in the role's account. */
export function asRole(roleArn: string, region: string): Caller {
  const accountId = accountOfRole(roleArn) ?? '';
  const name = roleArn.split('/').at(-1) ?? '';
  return { accountId, region, arn: `arn:aws:sts::${accountId}:assumed-role/${name}/SageMaker` };
}

/** @throws ServiceError AccessDeniedException when the role belongs to another account than the caller */
export function passRole(caller: Caller, roleArn: string): void {
  if (accountOfRole(roleArn) !== caller.accountId) {
    throw new ServiceError('AccessDeniedException', 'Cross-account pass role is not allowed.');
  }
}
