import { ServiceError } from '../service';
import type { Version } from './records';

/** The conditional headers of a request, or of a copy's source. */
export interface Conditions {
  ifMatch?: string;
  ifNoneMatch?: string;
  ifModifiedSince?: string;
  ifUnmodifiedSince?: string;
}

type Headers = Record<string, string | string[] | undefined>;

/** @param prefix empty, or `x-amz-copy-source-` for the source of a copy */
export function readConditions(headers: Headers, prefix = ''): Conditions {
  const value = (name: string): string | undefined => headers[`${prefix}${name}`]?.toString();
  return {
    ifMatch: value('if-match'),
    ifNoneMatch: value('if-none-match'),
    ifModifiedSince: value('if-modified-since'),
    ifUnmodifiedSince: value('if-unmodified-since'),
  };
}

export function preconditionFailed(condition: string): ServiceError {
  return new ServiceError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    412,
    { Condition: condition },
  );
}

/** Whether one of a header's entity tags, quoted or not, is this one. */
function matchesTag(header: string, etag: string): boolean {
  const bare = (tag: string): string => tag.trim().replace(/^W\//, '').replaceAll('"', '');
  return header.split(',').some((tag) => tag.trim() === '*' || bare(tag) === bare(etag));
}

/**
 * Conditions of a read. The entity tag decides over the date, as RFC 9110 and S3 have it.
 * @returns `not-modified` when the reader has it already
 * @throws ServiceError PreconditionFailed
 */
export function checkRead(conditions: Conditions, version: Version): 'read' | 'not-modified' {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  const modified = Date.parse(version.modified);
  if (ifMatch !== undefined) {
    if (!matchesTag(ifMatch, version.etag)) throw preconditionFailed('If-Match');
  } else if (ifUnmodifiedSince !== undefined && modified > Date.parse(ifUnmodifiedSince)) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) return matchesTag(ifNoneMatch, version.etag) ? 'not-modified' : 'read';
  return ifModifiedSince !== undefined && modified <= Date.parse(ifModifiedSince) ? 'not-modified' : 'read';
}

/**
 * Conditions of a write, against what the key holds at that moment.
 * @param before what it held when the request came, to tell a lost race from a wrong assumption
 * @throws ServiceError PreconditionFailed | NoSuchKey | ConditionalRequestConflict | NotImplemented
 */
export function checkWrite(
  conditions: Conditions,
  key: string,
  current: Version | undefined,
  before: Version | undefined,
): void {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() !== '*') {
      throw notImplemented('If-None-Match of a write takes only "*".');
    }
    if (current) throw preconditionFailed('If-None-Match');
  }
  if (ifMatch !== undefined) {
    if (!current) {
      if (before) {
        throw new ServiceError(
          'ConditionalRequestConflict',
          'The conditional request cannot succeed due to a conflicting operation against this resource.',
          409,
          { Condition: 'If-Match', Key: key },
        );
      }
      throw noSuchKey(key);
    }
    if (!matchesTag(ifMatch, current.etag)) throw preconditionFailed('If-Match');
  }
}

export function noSuchKey(key: string): ServiceError {
  return new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
}

export function notImplemented(message: string): ServiceError {
  return new ServiceError('NotImplemented', message, 501);
}
