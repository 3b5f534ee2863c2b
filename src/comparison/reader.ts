import { Cancelled } from '../errors';
import type { Evaluation } from '../evaluation/report';
import type { RunScene } from '../runs/scene';

/** What a comparison is read with; the scene of a run has it all. */
export type ComparisonScene = Pick<RunScene, 'project' | 'session' | 'store' | 'sessionOf' | 'task'> & {
  /** What was measured for the same reader before, so that reading again is quick. */
  measured?: Map<string, Evaluation>;
};

const mostAtOnce = 8;

/** Reads from AWS: so many calls at a time, none any more once the task is cancelled. */
export class Reader {
  #free = mostAtOnce;
  readonly #waiting: (() => void)[] = [];
  readonly #cancelled: Promise<never>;

  constructor(readonly scene: ComparisonScene) {
    const { signal } = scene.task;
    this.#cancelled = new Promise((_, reject) => {
      if (signal.aborted) reject(new Cancelled());
      else signal.addEventListener('abort', () => reject(new Cancelled()), { once: true });
    });
    // Whoever waits hears of it; nobody need be waiting.
    this.#cancelled.catch(() => undefined);
  }

  /** @throws Cancelled as soon as the task is, whether or not the call has come back */
  async read<T>(call: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await Promise.race([new Promise<void>((turn) => this.#waiting.push(turn)), this.#cancelled]);
    try {
      return await Promise.race([this.scene.task.signal.aborted ? this.#cancelled : call(), this.#cancelled]);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  /** The same for what may be missing: the answer, or null with a sentence in `notes`. */
  async attempt<T>(
    notes: string[],
    what: string,
    call: () => Promise<T>,
    lacking: (message: string) => string = (message) => `${what} could not be read: ${withoutLead(message)}`,
  ): Promise<T | null> {
    try {
      return await this.read(call);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === undefined || failure.kind === 'cancelled') throw error;
      notes.push(lacking(failure.message));
      return null;
    }
  }
}

/** Errors are whole sentences; behind one that says the same a reason is enough. */
function withoutLead(why: string): string {
  return why.replace(/^The [\w ]+ cannot be read: /, '');
}

/** Known by its shape: who opens sessions may be another bundle, with an error class of its own. */
function failureOf(error: unknown): { kind: string; message: string } | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('kind' in error)) return undefined;
  return typeof error.kind === 'string' ? { kind: error.kind, message: error.message } : undefined;
}
