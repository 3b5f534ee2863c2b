/** Answers that are asked for once however many ask; failures are forgotten after a moment, so that they can be tried again. */
export class Memo {
  readonly #answers = new Map<string, Promise<unknown>>();

  /** @param failureSeconds how long a failure stands, so that a burst of questions does not become a burst of failing calls */
  constructor(private readonly failureSeconds = 3) {}

  get<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key);
    if (known) return known as Promise<T>;
    const answer = ask();
    this.#answers.set(key, answer);
    answer.catch(() => {
      const forget = () => {
        if (this.#answers.get(key) === answer) this.#answers.delete(key);
      };
      setTimeout(forget, this.failureSeconds * 1000).unref();
    });
    return answer;
  }

  /** Forgets everything, or what begins with `prefix`. An answer on its way is still given to those who wait for it. */
  clear(prefix = ''): void {
    for (const key of this.#answers.keys()) if (key.startsWith(prefix)) this.#answers.delete(key);
  }
}
