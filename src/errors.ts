/** How an error ends a command: it failed, the input is wrong, a guard refused, or a person cancelled. */
export type ErrorKind = 'failed' | 'usage' | 'refused' | 'cancelled';

export interface ErrorOptions {
  /** What the person should do next, as a full sentence. */
  remedy?: string;
  kind?: ErrorKind;
  cause?: unknown;
}

/**
 * The one error type of the domain: a stable code, what happened, and what to do next.
 * It is thrown, chained with `cause`, and shown once, at the door (terminal or VS Code).
 */
export class WarmstartError extends Error {
  readonly code: string;
  readonly remedy: string | undefined;
  readonly kind: ErrorKind;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'WarmstartError';
    this.code = code;
    this.remedy = options.remedy;
    this.kind = options.kind ?? 'failed';
  }
}

/** Thrown by every wait whose signal was aborted. Doors show nothing for it. */
export class Cancelled extends WarmstartError {
  constructor(message = 'Cancelled.') {
    super('cancelled', message, { kind: 'cancelled' });
  }
}

/** The message of anything thrown, for a log line or a `cause` chain. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
