/**
 * Asks again while there is something to wait for: the next time is set when an answer has come, so that slow answers
 * never pile up, and comes later each time that nothing is found to wait for or asking fails.
 */
export class Poll {
  #timer: NodeJS.Timeout | undefined;
  #active = false;
  #asking = false;
  /** Rounds in a row without anything to wait for. */
  #idle = 0;

  /**
   * @param ask answers whether there was anything to wait for
   * @param pace seconds between an answer and the next question, asked for anew each time
   */
  constructor(
    private readonly ask: () => Promise<boolean>,
    private readonly pace: () => number,
    private readonly slowestSeconds = 60,
  ) {}

  /** Begins, or goes on at full pace; a question that is due stays due. */
  start(): void {
    if (this.#active && this.#idle === 0) return;
    this.#active = true;
    this.#idle = 0;
    if (!this.#asking) this.#wait();
  }

  stop(): void {
    this.#active = false;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (!this.#active) return;
    const seconds = Math.min(this.pace() * 2 ** this.#idle, Math.max(this.pace(), this.slowestSeconds));
    this.#timer = setTimeout(() => void this.#round(), seconds * 1000);
    this.#timer.unref();
  }

  async #round(): Promise<void> {
    this.#asking = true;
    try {
      const waits = await this.ask();
      this.#idle = waits ? 0 : this.#idle + 1;
    } catch {
      // Whoever asks has told the failure; asking less often is all that is left to do here.
      this.#idle += 1;
    } finally {
      this.#asking = false;
      this.#wait();
    }
  }
}
