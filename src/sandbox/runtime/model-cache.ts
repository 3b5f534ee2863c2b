/** A cache of what was used last, bounded by the sum of sizes. */
export class LruCache<T> {
  readonly #entries = new Map<string, { value: T; size: number }>();
  #used = 0;

  constructor(
    private readonly capacity: number,
    private readonly evicted: (key: string, value: T) => void,
  ) {}

  get size(): number {
    return this.#entries.size;
  }

  /** The value, which becomes the one used last. */
  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Takes a value in; those unused for longest make room. One that is too large alone still gets in. */
  set(key: string, value: T, size: number): void {
    this.#remove(key);
    for (const oldest of this.#entries.keys()) {
      if (this.#used + size <= this.capacity) break;
      this.delete(oldest);
    }
    this.#entries.set(key, { value, size });
    this.#used += size;
  }

  delete(key: string): void {
    const entry = this.#remove(key);
    if (entry) this.evicted(key, entry.value);
  }

  #remove(key: string): { value: T } | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#used -= entry.size;
    return entry;
  }
}
