import type { core } from 'zod';
import { knownKeys } from './json-schema';
import type { Path, Positions, Problem } from './positions';
import { suggestion } from './suggest';

type Issue = core.$ZodIssue;

/** All problems of a failed parse, in zod's order. */
export function explainAll(issues: readonly Issue[], positions: Positions): Problem[] {
  // A whole number has a limit of its own beside the field's; the field's says enough.
  const limited = new Set(issues.filter((i) => i.code === 'too_big' && i.origin !== 'int').map(placeOf));
  const telling = issues.filter(
    (i) => !(i.code === 'too_big' && i.origin === 'int' && limited.has(placeOf(i))),
  );
  return telling.flatMap((issue) => explain(issue, positions));
}

const placeOf = (issue: Issue) => JSON.stringify(issue.path);

/** Says what zod found wrong in words for the author of the file, at the very key or value. */
function explain(issue: Issue, positions: Positions, base: Path = []): Problem[] {
  const path = [...base, ...issue.path.map((p) => (typeof p === 'number' ? p : String(p)))];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, positions));
    case 'invalid_union':
      return explainUnion(issue, path, positions);
    case 'invalid_key': {
      const rule = issue.issues[0]?.message ?? issue.message;
      return [positions.atKey(path, 'error', `"${path.at(-1)}" cannot be a name here: ${rule}.`)];
    }
    default:
      if (isMissing(issue)) return [missing(path, positions)];
      return [positions.at(path, 'error', describe(issue), remedyOf(issue))];
  }
}

function unknownKey(key: string, path: Path, positions: Positions): Problem {
  return positions.atKey(
    [...path, key],
    'error',
    `"${key}" is not known here.`,
    suggestion(key, knownKeys(path)),
  );
}

function missing(path: Path, positions: Positions): Problem {
  return positions.at(path, 'error', `"${path.at(-1)}" is missing.`);
}

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

/** The problems of the branch that the author meant, or what every branch would accept when that cannot be told. */
function explainUnion(issue: UnionIssue, path: Path, positions: Positions): Problem[] {
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  if (options.length > 0) return [explainDiscriminator(issue, options, path, positions)];
  const branches = issue.errors as Issue[][];
  const ranked = [...branches].sort((a, b) => distance(a) - distance(b));
  const meant = ranked[0];
  if (!meant) return [positions.at(path, 'error', `${issue.message}.`)];
  if (distance(meant) >= WRONG_KIND) {
    const expected = [...new Set(branches.flat().map(expectation))];
    return [positions.at(path, 'error', `Expected ${either(expected)}, found ${kindOf(issue.input)}.`)];
  }
  if (nothingKnown(issue.input, branches)) {
    const needs = branches.map((b) =>
      b
        .filter(isMissing)
        .map((i) => `"${String(i.path[0])}"`)
        .join(' and '),
    );
    return [positions.at(path, 'error', `Needs ${needs.filter(Boolean).join(', or ')}.`)];
  }
  return meant.flatMap((inner) => explain(inner, positions, path));
}

function explainDiscriminator(
  issue: UnionIssue,
  options: string[],
  path: Path,
  positions: Positions,
): Problem {
  const key = String(path.at(-1));
  const owner: unknown = issue.input;
  const written = typeof owner === 'object' && owner !== null ? Reflect.get(owner, key) : undefined;
  if (written === undefined)
    return positions.at(path, 'error', `"${key}" is missing.`, `Known: ${options.join(', ')}.`);
  const hint = typeof written === 'string' ? suggestion(written, options) : `Known: ${options.join(', ')}.`;
  return positions.at(path, 'error', `${quoted(written)} is no ${key} that is known here.`, hint);
}

const WRONG_KIND = 100;

/** How far a text is from a branch: keys that it does not know weigh more than keys that it misses. */
function distance(branch: Issue[]): number {
  return branch.reduce((sum, issue) => {
    if (issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value'))
      return sum + WRONG_KIND;
    if (issue.code === 'unrecognized_keys') return sum + 3 * issue.keys.length;
    return sum + (isMissing(issue) ? 2 : 1);
  }, 0);
}

/** Whether no branch knows any of the keys that were written. */
function nothingKnown(input: unknown, branches: Issue[][]): boolean {
  const written = typeof input === 'object' && input !== null ? Object.keys(input).length : 0;
  return branches.every((branch) => {
    const unknown = branch.flatMap((i) =>
      i.code === 'unrecognized_keys' && i.path.length === 0 ? i.keys : [],
    );
    return unknown.length === written && branch.some(isMissing);
  });
}

function isMissing(issue: Issue): boolean {
  return (
    issue.path.length > 0 &&
    issue.input === undefined &&
    (issue.code === 'invalid_type' || issue.code === 'invalid_value')
  );
}

function describe(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Expected ${expectation(issue)}, found ${Number.isFinite(issue.input) ? issue.input : kindOf(issue.input)}.`;
    case 'invalid_value':
      return `Expected ${expectation(issue)}, found ${quoted(issue.input)}.`;
    case 'invalid_format':
      return issue.format === 'date' ? 'Expected a date such as 2000-01-31.' : `Expected ${issue.message}.`;
    case 'too_small':
      if (issue.origin === 'string') return 'This must not be empty.';
      return `Expected ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${itemsOf(issue.origin)}, found ${amountOf(issue.input)}.`;
    case 'too_big':
      return `Expected ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${itemsOf(issue.origin)}, found ${amountOf(issue.input)}.`;
    default:
      return `${issue.message}.`;
  }
}

function remedyOf(issue: Issue): string | undefined {
  if (issue.code !== 'invalid_value' || typeof issue.input !== 'string') return undefined;
  return suggestion(issue.input, issue.values.map(String));
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_value') return either(issue.values.map(quoted));
  if (issue.code !== 'invalid_type') return issue.message;
  const names: Record<string, string> = {
    int: 'a whole number',
    object: 'an object { … }',
    record: 'an object { … }',
    array: 'a list [ … ]',
    boolean: 'true or false',
  };
  return names[issue.expected] ?? `a ${issue.expected}`;
}

function itemsOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

function amountOf(input: unknown): string {
  if (typeof input === 'number') return String(input);
  return typeof input === 'string' || Array.isArray(input) ? String(input.length) : kindOf(input);
}

/** What was written, without its value: a value may be a secret that ended up in the wrong place. */
function kindOf(input: unknown): string {
  if (input === null) return 'null';
  if (input === undefined) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  return typeof input === 'object' ? 'an object' : `a ${typeof input}`;
}

/** Values of a closed set are short words; anything longer is not repeated. */
function quoted(value: unknown): string {
  if (typeof value === 'object' && value !== null) return kindOf(value);
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 42 ? text : kindOf(value);
}

function either(words: readonly string[]): string {
  return words.length < 2
    ? (words[0] ?? 'something else')
    : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
