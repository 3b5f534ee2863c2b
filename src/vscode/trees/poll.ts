/**
 * Asks again while there is something to wait for: the next time is set when an answer has come, so that slow answers
 * never pile up, and comes later each time that nothing is found to wait for or asking fails.
 */
export class Poll {
  #timer: NodeJS.Timeout | undefined;
  #active = false;
  #asking = false;
  #seconds: number;

  /** @param ask answers whether there was anything to wait for */
  constructor(
    private readonly ask: () => Promise<boolean>,
    private readonly pace: { seconds: number; slowest: number } = { seconds: 5, slowest: 60 },
  ) {
    this.#seconds = pace.seconds;
  }

  /** Begins, or goes on at full pace. */
  start(): void {
    this.#active = true;
    this.#seconds = this.pace.seconds;
    if (!this.#asking) this.#wait();
  }

  stop(): void {
    this.#active = false;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (!this.#active) return;
    this.#timer = setTimeout(() => void this.#round(), this.#seconds * 1000);
    this.#timer.unref();
  }

  async #round(): Promise<void> {
    this.#asking = true;
    try {
      const waits = await this.ask();
      this.#seconds = waits ? this.pace.seconds : Math.min(this.#seconds * 2, this.pace.slowest);
    } catch {
      // Whoever asks has told the failure; asking less often is all that is left to do here.
      this.#seconds = Math.min(this.#seconds * 2, this.pace.slowest);
    } finally {
      this.#asking = false;
      this.#wait();
    }
  }
}
