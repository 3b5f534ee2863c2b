import { Cancelled } from './errors';

/** One line of news from work in progress; every field but `step` and `message` is optional detail. */
export interface Progress {
  /** The step it belongs to: `export`, `tune`, `evaluate`, `register`, `copy`, `update`, `verify`, … */
  step: string;
  message: string;
  /** The model or endpoint that the news is about. */
  subject?: string;
  /** Parts done and parts in all, when countable. */
  done?: number;
  total?: number;
  detail?: Record<string, unknown>;
}

/** What every long operation is given: how to be cancelled, where to report, and the time. */
export interface Task {
  signal: AbortSignal;
  report(progress: Progress): void;
  now(): Date;
}

/** A task that nobody watches; the default of tests and small calls. */
export function quietTask(signal: AbortSignal = new AbortController().signal): Task {
  return { signal, report: () => {}, now: () => new Date() };
}

/** Sleeps, or throws {@link Cancelled} as soon as the signal aborts. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new Cancelled());
    const abort = () => {
      clearTimeout(timer);
      reject(new Cancelled());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/**
 * Runs `work` over `items`, at most `limit` at a time, and answers in the order of the items.
 * The first failure rejects at once; work already started is left to finish.
 */
export async function mapParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}
