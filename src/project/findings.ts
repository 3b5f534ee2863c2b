import type { Path, Positions, Problem } from './positions';

/** Collects the problems of one file. Paths are those of the parsed file. */
export class Findings {
  readonly #problems = new Map<string, Problem>();

  constructor(private readonly positions: Positions) {}

  /** What was found, each once: several environments may run into the same line. */
  get problems(): Problem[] {
    return [...this.#problems.values()];
  }

  error(path: Path, message: string, remedy?: string): void {
    this.#add(this.positions.at(path, 'error', message, remedy));
  }

  /** At the key rather than the value: a name that is wrong, not what it stands for. */
  errorAtKey(path: Path, message: string, remedy?: string): void {
    this.#add(this.positions.atKey(path, 'error', message, remedy));
  }

  warning(path: Path, message: string, remedy?: string): void {
    this.#add(this.positions.at(path, 'warning', message, remedy));
  }

  /** Whether the author wrote it, rather than a default filling it in. */
  wrote(path: Path): boolean {
    return this.positions.has(path);
  }

  #add(problem: Problem): void {
    this.#problems.set(`${problem.path}: ${problem.message}`, problem);
  }
}
