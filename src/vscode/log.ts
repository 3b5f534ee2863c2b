import * as vscode from 'vscode';
import { describeError } from './engine-error';
import { scrub } from './scrub';

/** The log channel. English, for whoever helps; every line goes through the scrubber. */
export interface Log extends vscode.Disposable {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  /** The message, and the error with its causes and stack when there is one. */
  error(message: string, error?: unknown): void;
  show(): void;
}

let current: Log | undefined;

/** The log of this window, for the few places that no services reach. */
export function theLog(): Log {
  current ??= createLog();
  return current;
}

function createLog(): Log {
  const channel = vscode.window.createOutputChannel('Warmstart', { log: true });
  return {
    trace: (message) => channel.trace(scrub(message)),
    debug: (message) => channel.debug(scrub(message)),
    info: (message) => channel.info(scrub(message)),
    warn: (message) => channel.warn(scrub(message)),
    error: (message, error) =>
      channel.error(scrub(error === undefined ? message : `${message}\n${describeError(error)}`)),
    show: () => channel.show(true),
    dispose: () => {
      current = undefined;
      channel.dispose();
    },
  };
}
