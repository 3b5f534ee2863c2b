import { Cancelled, WarmstartError } from '../errors';
import { sleep, type Task } from '../task';
import { isTransient } from './errors';

export interface WaitOptions {
  /** What is waited for, as it reads after "waiting for": `endpoint "flights" to be in service`. */
  what: string;
  /** Seconds until `wait.deadline` is thrown. */
  deadlineSeconds: number;
  /** The step under which news is reported; `wait` when absent. */
  step?: string;
  /** How to go on after the deadline, as a full sentence. */
  resume?: string;
  /** The longest pause between two looks, in seconds. */
  maxSeconds?: number;
}

const FIRST_PAUSE_SECONDS = 0.25;
const MAX_PAUSE_SECONDS = 30;
/** Looks in a row that may fail with throttling, a lost network or AWS's own 5xx, beyond the SDK's own retries. */
const TOLERATED_FAILURES = 5;

/**
 * Looks again and again until `done` says true, and answers the last value. A string from `done` means "not yet" and is
 * reported as news when it changes. The pause is a quarter of the time waited so far, so a quick service is noticed at
 * once and a slow one is left in peace.
 * @throws Cancelled at once when the task is aborted; WarmstartError `wait.deadline`; whatever `look` or `done` throws
 */
export async function waitFor<T>(
  task: Task,
  look: () => Promise<T>,
  done: (value: T) => boolean | string,
  options: WaitOptions,
): Promise<T> {
  const started = performance.now();
  let failures = 0;
  let news: string | undefined;
  for (;;) {
    try {
      const value = await unlessAborted(look, task.signal);
      failures = 0;
      const verdict = done(value);
      if (verdict === true) return value;
      if (typeof verdict === 'string' && verdict !== news) {
        news = verdict;
        task.report({ step: options.step ?? 'wait', message: verdict });
      }
    } catch (error) {
      if (!isTransient(error) || ++failures > TOLERATED_FAILURES) throw error;
    }
    const elapsed = (performance.now() - started) / 1000;
    const left = options.deadlineSeconds - elapsed;
    if (left <= 0) throw deadline(options, news);
    await sleep(Math.min(pauseAfter(elapsed, options.maxSeconds), left) * 1000, task.signal);
  }
}

/** Seconds to pause after `elapsed` seconds of waiting: a quarter of it, ± 20 % so that many waits do not march in step. */
export function pauseAfter(elapsed: number, maxSeconds = MAX_PAUSE_SECONDS, random = Math.random): number {
  const pause = Math.min(Math.max(elapsed * 0.25, FIRST_PAUSE_SECONDS), maxSeconds);
  return pause * (0.8 + 0.4 * random());
}

/** A look under way cannot be taken back, but nobody waits for it once the task is aborted. */
function unlessAborted<T>(look: () => Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(new Cancelled());
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(new Cancelled());
    signal.addEventListener('abort', abort, { once: true });
    look()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

function deadline(options: WaitOptions, news: string | undefined): WarmstartError {
  const last = news ? ` Last news: ${news}` : '';
  return new WarmstartError(
    'wait.deadline',
    `Gave up after ${options.deadlineSeconds} s of waiting for ${options.what}.${last}`,
    {
      remedy:
        options.resume ??
        'It may still happen in AWS: run the command again, it finds what exists and goes on from there.',
    },
  );
}
