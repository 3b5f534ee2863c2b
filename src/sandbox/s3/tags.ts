import { ServiceError } from '../service';
import { childrenNamed, malformedXml, parseXml, textOf, xmlDocument } from '../xml';
import { namespace } from './request';

export type Tags = Record<string, string>;

function invalidTag(message: string): ServiceError {
  return new ServiceError('InvalidTag', message);
}

/** Limits of "Categorizing your storage using tags", S3 User Guide: 10 tags of an object, 50 of a bucket. */
function checkTags(pairs: [string, string][], max: number): Tags {
  if (pairs.length > max) throw new ServiceError('BadRequest', `Object tags cannot be greater than ${max}`);
  for (const [key, value] of pairs) {
    const valid = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
    if (key.length < 1 || key.length > 128 || !valid.test(key)) {
      throw invalidTag('The TagKey you have provided is invalid');
    }
    if (value.length > 256 || !valid.test(value))
      throw invalidTag('The TagValue you have provided is invalid');
  }
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) {
    throw invalidTag('Cannot provide multiple Tags with the same key');
  }
  return Object.fromEntries(pairs);
}

/** The tags of an `x-amz-tagging` header: `a=1&b=2`, URL-encoded. */
export function parseTagQuery(header: string | undefined): Tags {
  return header ? checkTags([...new URLSearchParams(header)], 10) : {};
}

/** The tags of a `<Tagging>` document. */
export function parseTagging(text: string, max: number): Tags {
  const set = childrenNamed(parseXml(text, 'Tagging'), 'TagSet')[0];
  if (!set) throw malformedXml();
  const pairs = childrenNamed(set, 'Tag').map((tag): [string, string] => {
    const [key, value] = [textOf(tag, 'Key'), textOf(tag, 'Value')];
    if (key === undefined || value === undefined) throw malformedXml();
    return [key, value];
  });
  return checkTags(pairs, max);
}

export function taggingXml(tags: Tags): string {
  const Tag = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return xmlDocument('Tagging', { TagSet: { Tag } }, namespace);
}
