import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A map that survives a restart: an append-only journal of JSON lines, compacted when it is opened.
 * A torn last line (the process died while writing) is dropped. `Date`s come back as ISO strings: store strings.
 */
export class Table<T> {
  readonly #entries = new Map<string, T>();

  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (!line) continue;
      let entry: { k: string; v?: T };
      try {
        entry = JSON.parse(line);
      } catch {
        break;
      }
      if (entry.v === undefined) this.#entries.delete(entry.k);
      else this.#entries.set(entry.k, entry.v);
    }
    const compacted = [...this.#entries].map(([k, v]) => `${JSON.stringify({ k, v })}\n`).join('');
    writeFileSync(`${file}.new`, compacted);
    renameSync(`${file}.new`, file);
  }

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  set(key: string, value: T): void {
    this.#entries.set(key, value);
    appendFileSync(this.file, `${JSON.stringify({ k: key, v: value })}\n`);
  }

  delete(key: string): void {
    if (this.#entries.delete(key)) appendFileSync(this.file, `${JSON.stringify({ k: key })}\n`);
  }

  values(): T[] {
    return [...this.#entries.values()];
  }

  entries(): [string, T][] {
    return [...this.#entries];
  }
}
