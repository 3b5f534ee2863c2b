const BLOCK = 2 ** 20;

/** A growing list of float32 in blocks, so that growing copies nothing. */
export class FloatList {
  readonly #full: Float32Array[] = [];
  #block = new Float32Array(1024);
  #used = 0;

  push(value: number): void {
    if (this.#used === this.#block.length) {
      this.#full.push(this.#block);
      this.#block = new Float32Array(Math.min(BLOCK, this.#block.length * 2));
      this.#used = 0;
    }
    this.#block[this.#used++] = value;
  }

  /** All values in one array; the list is empty afterwards. */
  take(): Float32Array {
    const length = this.#full.reduce((sum, block) => sum + block.length, this.#used);
    const result = new Float32Array(length);
    let at = 0;
    for (const block of this.#full) {
      result.set(block, at);
      at += block.length;
    }
    result.set(this.#block.subarray(0, this.#used), at);
    this.#full.length = 0;
    this.#used = 0;
    return result;
  }
}
