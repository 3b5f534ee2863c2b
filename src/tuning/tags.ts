import { WarmstartError } from '../errors';

/**
 * The characters that SageMaker allows in tag values and in CustomerMetadataProperties
 * (SageMaker API, `Tag` and `CustomerMetadataValue`): letters, spaces, digits and `_ . : / = + - @`.
 */
const forbidden = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]+/gu;

/** The longest tag value and metadata value. */
export const maxValueLength = 256;

/** AWS takes at most this many tags on one resource. */
export const maxTags = 50;

/** Text made fit for a tag or metadata value: forbidden characters become one space, and the rest is cut off. */
export function plainValue(text: string, max: number = maxValueLength): string {
  return [...text.replace(forbidden, ' ').replace(/ {2,}/g, ' ').trim()].slice(0, max).join('').trim();
}

/** Whether `text` can be stored unchanged: for values that are compared or followed later, such as URIs. */
export function isPlain(text: string, max: number = maxValueLength): boolean {
  return text.length > 0 && plainValue(text, max) === text;
}

export interface Tag {
  Key: string;
  Value: string;
}

/**
 * Tags of a SageMaker resource: ours, then the environment's own. Ours win a clash of keys.
 * @throws WarmstartError `tuning.too-many-tags` when there are more than 50 (CreateHyperParameterTuningJob, Tags)
 */
export function resourceTags(ours: Record<string, string>, own: Record<string, string>): Tag[] {
  const tags = Object.entries({ ...own, ...ours })
    .map(([Key, value]) => ({ Key, Value: plainValue(value) }))
    .filter(({ Value }) => Value !== '');
  if (tags.length > maxTags) {
    throw new WarmstartError(
      'tuning.too-many-tags',
      `${tags.length} tags are more than the ${maxTags} that AWS takes.`,
      { kind: 'usage', remedy: 'Remove some of the environment’s "tags" from warmstart.json.' },
    );
  }
  return tags;
}
