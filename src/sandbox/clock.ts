/**
 * The sandbox's time. Timestamps are real; the *durations* that AWS would take are divided by `speed`,
 * so that an endpoint update of 300 s takes 1.5 s at speed 200.
 */
export class Clock {
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(readonly speed: number) {}

  now(): Date {
    return new Date();
  }

  /** Runs `action` after `seconds` of AWS time, unless the clock is stopped before. */
  after(seconds: number, action: () => void): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        action();
      },
      (seconds * 1000) / this.speed,
    );
    this.#timers.add(timer);
  }

  /** Resolves after `seconds` of AWS time; never, once the clock was stopped. */
  sleep(seconds: number): Promise<void> {
    return new Promise((resolve) => this.after(seconds, resolve));
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
