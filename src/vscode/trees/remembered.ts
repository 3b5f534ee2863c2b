/** Pages that are fetched once, one after the other, and can be gone through again. */
export class Remembered<T> {
  readonly #pages: Promise<T | undefined>[] = [];
  readonly #iterator: AsyncIterator<T>;

  constructor(pages: AsyncIterable<T>) {
    this.#iterator = pages[Symbol.asyncIterator]();
  }

  /** The page of this index, counted from 0; undefined beyond the last. */
  at(index: number): Promise<T | undefined> {
    while (this.#pages.length <= index) this.#pages.push(this.#next());
    return this.#pages[index] as Promise<T | undefined>;
  }

  async #next(): Promise<T | undefined> {
    const { value, done } = await this.#iterator.next();
    return done ? undefined : value;
  }
}
