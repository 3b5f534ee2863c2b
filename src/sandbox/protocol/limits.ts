/** What a service model demands of a simple value, list or map beside its type. */
export interface Limit {
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  /** Names of the limits of a list's members and a map's keys and values. */
  of?: string;
  key?: string;
  value?: string;
}

/**
 * The constraints of a service's public model. The SDK's run-time schemas carry only types and required members.
 * `members`: structure → member → name in `types`.
 */
export interface Limits {
  types: Record<string, Limit>;
  members: Record<string, Record<string, string>>;
}

export const NO_LIMITS: Limits = { types: {}, members: {} };

/** The demands of `limit` on a value that it does not meet, in the words of AWS. Lengths count code points. */
export function unmet(limit: Limit, value: unknown): string[] {
  const wrong: string[] = [];
  if (typeof value === 'number') {
    if (limit.max !== undefined && value > limit.max)
      wrong.push(`Member must have value less than or equal to ${limit.max}`);
    if (limit.min !== undefined && value < limit.min)
      wrong.push(`Member must have value greater than or equal to ${limit.min}`);
    return wrong;
  }
  const length = lengthOf(value);
  if (length !== undefined && limit.max !== undefined && length > limit.max)
    wrong.push(`Member must have length less than or equal to ${limit.max}`);
  if (length !== undefined && limit.min !== undefined && length < limit.min)
    wrong.push(`Member must have length greater than or equal to ${limit.min}`);
  if (typeof value !== 'string') return wrong;
  if (limit.pattern !== undefined && !expression(limit.pattern).test(value))
    wrong.push(`Member must satisfy regular expression pattern: ${limit.pattern}`);
  if (limit.enum !== undefined && !limit.enum.includes(value))
    wrong.push(`Member must satisfy enum value set: [${limit.enum.join(', ')}]`);
  return wrong;
}

function lengthOf(value: unknown): number | undefined {
  if (typeof value === 'string') return [...value].length;
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length;
  return undefined;
}

const expressions = new Map<string, RegExp>();

/**
 * The model's patterns are Java's and must match as a whole. Three of its habits are not JavaScript's: a quantified
 * end (`$` with a count), `\\p{Alnum}`, and surrogate pairs in classes. Needless escapes forbid Unicode mode throughout.
 */
function expression(pattern: string): RegExp {
  let known = expressions.get(pattern);
  if (!known) {
    const translated = pattern.replace(/\$\{\d+,\d+\}$/, '').replaceAll('\\p{Alnum}', 'a-zA-Z0-9');
    const unicode = translated.includes('\\p{') || translated.includes('\\uD800\\uDC00');
    known = new RegExp(`^(?:${translated})$`, unicode ? 'u' : '');
    expressions.set(pattern, known);
  }
  return known;
}
