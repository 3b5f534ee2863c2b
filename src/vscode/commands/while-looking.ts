import * as vscode from 'vscode';
import type { Task } from '../../task';

/** A short read that the person waits for: shown only while it lasts, and cancellable. */
export async function whileLooking<T>(title: string, work: (task: Task) => Promise<T>): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const cancel = new AbortController();
    const waiting = new Promise<never>((_, reject) => {
      token.onCancellationRequested(() => {
        cancel.abort();
        reject(new vscode.CancellationError());
      });
    });
    const task: Task = {
      signal: cancel.signal,
      report: ({ message }) => progress.report({ message }),
      now: () => new Date(),
    };
    // A read that does not listen to the signal is left to end by itself.
    return Promise.race([work(task), waiting]);
  });
}
