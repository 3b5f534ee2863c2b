import { isDeepStrictEqual } from 'node:util';
import { WarmstartError } from '../errors';

/** A statement of a resource policy, as far as we write them. */
export interface Statement {
  Sid: string;
  Effect: 'Allow';
  Principal: { AWS: string[] };
  Action: string[];
  Resource: string | string[];
}

interface Policy {
  Version: string;
  Statement: Record<string, unknown>[];
}

/** The ARN partition of a region. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('us-isob-')) return 'aws-iso-b';
  if (region.startsWith('us-isof-')) return 'aws-iso-f';
  if (region.startsWith('us-iso-')) return 'aws-iso';
  return 'aws';
}

/** Accounts as policy principals, sorted and distinct. */
export function rootPrincipals(accounts: readonly string[], region: string): string[] {
  return [...new Set(accounts)].sort().map((id) => `arn:${partitionOf(region)}:iam::${id}:root`);
}

/**
 * A resource policy that holds `statements`, known again by their Sid: principals that a statement of the same
 * Sid and resource grants already are kept, and every other statement is left alone.
 * Pure; answers `existing` itself when it says all of it.
 * @throws WarmstartError `registry.policy-unreadable` rather than replace a policy that it cannot parse
 */
export function mergePolicy(
  existing: string | undefined,
  statements: readonly Statement[],
): string | undefined {
  const before = parse(existing);
  const ours = statements.map((statement) => {
    const same = before.Statement.find(
      (s) => s.Sid === statement.Sid && isDeepStrictEqual(s.Resource, statement.Resource),
    );
    const principals = new Set([...principalsOf(same), ...statement.Principal.AWS]);
    return { ...statement, Principal: { AWS: [...principals].sort() } };
  });
  const sids = new Set(statements.map((s) => s.Sid));
  const after: Policy = {
    ...before,
    Statement: [...before.Statement.filter((s) => typeof s.Sid !== 'string' || !sids.has(s.Sid)), ...ours],
  };
  return existing !== undefined && says(before, after) ? existing : JSON.stringify(after);
}

/**
 * The bucket policy that lets accounts copy artifacts and read what was stored about them.
 * ListBucket is granted on the whole bucket: without it a missing key looks like a denied one.
 */
export function bucketPolicy(
  existing: string | undefined,
  accounts: readonly string[],
  bucket: string,
  region: string,
  prefixes: readonly string[] = ['output/*', 'evaluations/*'],
): string | undefined {
  if (accounts.length === 0) return existing;
  const partition = partitionOf(region);
  const principals = rootPrincipals(accounts, region);
  return mergePolicy(existing, [
    {
      Sid: 'WarmstartReadArtifacts',
      Effect: 'Allow',
      Principal: { AWS: principals },
      Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging'],
      Resource: prefixes.map((prefix) => `arn:${partition}:s3:::${bucket}/${prefix}`),
    },
    {
      Sid: 'WarmstartListArtifacts',
      Effect: 'Allow',
      Principal: { AWS: principals },
      Action: ['s3:ListBucket'],
      Resource: `arn:${partition}:s3:::${bucket}`,
    },
  ]);
}

function parse(text: string | undefined): Policy {
  if (text === undefined || text.trim() === '') return { Version: '2012-10-17', Statement: [] };
  try {
    const policy: unknown = JSON.parse(text);
    if (isPolicy(policy)) {
      const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
      return { ...policy, Statement: statements };
    }
  } catch (error) {
    throw unreadable(error);
  }
  throw unreadable();
}

function isPolicy(policy: unknown): policy is Policy {
  if (typeof policy !== 'object' || policy === null || !('Statement' in policy)) return false;
  const { Statement } = policy;
  const statements: unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  return statements.every((s) => typeof s === 'object' && s !== null);
}

function unreadable(cause?: unknown): WarmstartError {
  return new WarmstartError(
    'registry.policy-unreadable',
    'The existing resource policy cannot be read, so nothing was changed.',
    {
      remedy: 'Look at it in the AWS console and repair it there.',
      cause,
    },
  );
}

function principalsOf(statement: Record<string, unknown> | undefined): string[] {
  const principal = statement?.Principal;
  if (typeof principal !== 'object' || principal === null || !('AWS' in principal)) return [];
  const { AWS } = principal;
  return (Array.isArray(AWS) ? AWS : [AWS]).filter((p): p is string => typeof p === 'string');
}

/** AWS gives single-element lists back as plain strings and reorders lists; neither is a change. */
function says(before: Policy, after: Policy): boolean {
  return isDeepStrictEqual(canonical(before), canonical(after));
}

function canonical(policy: Policy): unknown {
  const values = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.length === 1 ? values(value[0]) : [...value].map(values).sort();
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, values(inner)]));
    }
    return value;
  };
  return policy.Statement.map(values)
    .map((s) => JSON.stringify(s, sortedKeys))
    .sort();
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
