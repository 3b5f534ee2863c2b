import { parentPort } from 'node:worker_threads';
import { messageOf, WarmstartError } from '../../errors';
import { trainWithin } from './train';
import type { JobMessage, WorkerMessage } from './worker-protocol';

/** The entry of a training thread: trains what the pool sends and reports each round. */
parentPort?.on('message', ({ request, limit }: JobMessage) => {
  const flag = new Int32Array(limit);
  try {
    const result = trainWithin(request, (round, metrics) => {
      report({ type: 'metrics', round, metrics });
      return Atomics.load(flag, 0) || undefined;
    });
    report({ type: 'done', result });
  } catch (error) {
    report(failure(error));
  }
});

function report(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

function failure(error: unknown): WorkerMessage {
  if (!(error instanceof WarmstartError)) {
    return { type: 'failed', code: 'training.failed', message: messageOf(error), kind: 'failed' };
  }
  const { code, message, remedy, kind } = error;
  return { type: 'failed', code, message, kind, ...(remedy !== undefined && { remedy }) };
}
