/** Seconds per step, for the table at the end. */
export class Stopwatch {
  readonly laps: { step: string; seconds: number }[] = [];
  readonly #began = performance.now();

  async time<T>(step: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.laps.push({ step, seconds: round((performance.now() - began) / 1000) });
    }
  }

  get seconds(): number {
    return round((performance.now() - this.#began) / 1000);
  }
}

const round = (seconds: number) => Math.round(seconds * 10) / 10;
