import { allows, type PolicyDocument, parsePolicy } from '../policy';
import { type Caller, ServiceError } from '../service';
import type { Bucket } from './records';

/** Parsed bucket policies by their text. */
const parsed = new Map<string, PolicyDocument>();

function policyOf(text: string): PolicyDocument {
  const known = parsed.get(text);
  if (known) return known;
  const policy = parsePolicy(text);
  parsed.set(text, policy);
  return policy;
}

/**
 * Whether the caller may do this: everybody of the owner's account may all that the bucket policy does not deny, another
 * account only what it allows. Identity policies are not modelled: every identity is an administrator of its account.
 */
function isAllowed(
  caller: Caller,
  bucket: Bucket,
  action: string,
  key?: string,
  context?: Record<string, string | undefined>,
): boolean {
  const own = caller.accountId === bucket.accountId;
  if (bucket.policy === undefined) return own;
  const verdict = allows(policyOf(bucket.policy), {
    principalArn: caller.arn,
    accountId: caller.accountId,
    action,
    resource: `arn:aws:s3:::${bucket.name}${key === undefined ? '' : `/${key}`}`,
    context,
  });
  return verdict === 'allow' || (own && verdict === 'none');
}

/** @throws ServiceError AccessDenied */
export function authorize(
  caller: Caller,
  bucket: Bucket,
  action: string,
  key?: string,
  context?: Record<string, string | undefined>,
): void {
  if (isAllowed(caller, bucket, action, key, context)) return;
  const resource = `arn:aws:s3:::${bucket.name}${key === undefined ? '' : `/${key}`}`;
  throw accessDenied(
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: "${resource}"`,
  );
}

export function accessDenied(message = 'Access Denied'): ServiceError {
  return new ServiceError('AccessDenied', message, 403);
}

/**
 * `x-amz-expected-bucket-owner` and its twin for a copy's source.
 * @throws ServiceError AccessDenied
 */
export function checkOwner(bucket: Bucket, expected: string | undefined): void {
  if (expected !== undefined && expected !== bucket.accountId) throw accessDenied();
}
