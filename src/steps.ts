/**
 * A long computation that can pause between its steps. What it yields means nothing; what it returns is the result.
 * Written once, it runs at a stretch ({@link finish}) or beside everything else that a process does ({@link inSlices}).
 */
export type Steps<T> = Generator<void, T>;

/** Runs a computation at a stretch. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Does the work of all rows, so many between two turns of the event loop: some milliseconds.
 * @param work is given rows `from` to `until` − 1
 */
export function* overRows(
  rows: number,
  work: (from: number, until: number) => void,
  rowsAStep = 100_000,
): Steps<void> {
  for (let from = 0; from < rows; from += rowsAStep) {
    work(from, Math.min(rows, from + rowsAStep));
    yield;
  }
}

/**
 * Runs a computation and lets the event loop turn every few milliseconds, for processes that must answer meanwhile: in
 * VS Code all extensions share one.
 * @param milliseconds how long it may compute at a stretch, as far as its steps allow
 */
export async function inSlices<T>(steps: Steps<T>, milliseconds = 20): Promise<T> {
  for (;;) {
    const until = performance.now() + milliseconds;
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() < until);
    await new Promise<void>((turn) => setImmediate(turn));
  }
}
