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
  let isOpen = true;
  // What is cancelled because the window closes still has something to say.
  const line = (write: (text: string) => void) => (message: string) => {
    if (isOpen) write(scrub(message));
  };
  const error = line((text) => channel.error(text));
  return {
    trace: line((text) => channel.trace(text)),
    debug: line((text) => channel.debug(text)),
    info: line((text) => channel.info(text)),
    warn: line((text) => channel.warn(text)),
    error: (message, cause) => error(cause === undefined ? message : `${message}\n${describeError(cause)}`),
    show: () => channel.show(true),
    dispose: () => {
      isOpen = false;
      current = undefined;
      channel.dispose();
    },
  };
}
