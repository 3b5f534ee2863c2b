/**
 * Neumaier's compensated sum: the error does not grow with the number of terms, so the mean of a million
 * rows is as good as that of ten.
 */
export class Sum {
  #sum = 0;
  #lost = 0;

  add(x: number): void {
    const next = this.#sum + x;
    this.#lost += Math.abs(this.#sum) >= Math.abs(x) ? this.#sum - next + x : x - next + this.#sum;
    this.#sum = next;
  }

  get value(): number {
    // The compensation of an infinite sum is NaN; the sum itself is what the caller wants to see.
    return Number.isFinite(this.#sum) ? this.#sum + this.#lost : this.#sum;
  }
}
