import type { ErrorKind } from '../errors';

/** What an error says, whichever bundle's class it is of. */
export interface EngineError {
  /** Such as `aws.session-expired`; `unexpected` for anything that is not an error of ours. */
  code: string;
  kind: ErrorKind;
  message: string;
  /** A full sentence. */
  remedy: string | undefined;
}

const kinds: readonly string[] = ['failed', 'usage', 'refused', 'cancelled'] satisfies ErrorKind[];
const unexpected = 'unexpected';

/**
 * Reads an error by its shape: the engine is a bundle of its own, whose classes are not those of this one.
 * VS Code's own cancellation and an aborted fetch count as cancelled, too.
 */
export function asEngineError(error: unknown): EngineError {
  const message = textOf(error, 'message') ?? String(error);
  const name = textOf(error, 'name');
  if (name === 'Canceled' || name === 'CancellationError' || name === 'AbortError')
    return { code: 'cancelled', kind: 'cancelled', message, remedy: undefined };
  const code = textOf(error, 'code');
  const kind = textOf(error, 'kind');
  if (code === undefined || kind === undefined || !isKind(kind))
    return { code: unexpected, kind: 'failed', message, remedy: undefined };
  return { code, kind, message, remedy: textOf(error, 'remedy') };
}

/** Whether the person must sign in, or have keys renewed, before AWS answers again. */
export function needsSignIn(code: string): boolean {
  return [
    'aws.session-expired',
    'aws.no-credentials',
    'aws.mfa-required',
    'aws.invalid-credentials',
    'aws.clock-or-secret',
  ].includes(code);
}

/** An error with its causes for the log: code, message and remedy of each, and the stack of what nobody expected. */
export function describeError(error: unknown, depth = 0): string {
  const { code, message, remedy } = asEngineError(error);
  const own = code === unexpected ? (textOf(error, 'stack') ?? message) : `${code}: ${message}`;
  const cause: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'cause') : undefined;
  return [
    own,
    ...(remedy === undefined ? [] : [`  ${remedy}`]),
    ...(cause === undefined || depth > 8 ? [] : [`caused by ${describeError(cause, depth + 1)}`]),
  ].join('\n');
}

function textOf(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const field: unknown = Reflect.get(value, name);
  return typeof field === 'string' ? field : undefined;
}

function isKind(kind: string): kind is ErrorKind {
  return kinds.includes(kind);
}
