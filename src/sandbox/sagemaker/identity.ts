import type { UserContext } from '@aws-sdk/client-sagemaker';
import type { Caller } from '../service';

/** Who made or changed something, as the registry shows it for callers outside Studio. */
export function userContext(caller: Caller): UserContext {
  return { IamIdentity: { Arn: caller.arn, PrincipalId: caller.arn.split('/').slice(1).join('/') } };
}
