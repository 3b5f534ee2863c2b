import type { Path, Positions, Problem } from './positions';

/** Collects the problems of one file. Paths are those of the parsed file. */
export class Findings {
  readonly problems: Problem[] = [];

  constructor(private readonly positions: Positions) {}

  error(path: Path, message: string, remedy?: string): void {
    this.problems.push(this.positions.at(path, 'error', message, remedy));
  }

  /** At the key rather than the value: a name that is wrong, not what it stands for. */
  errorAtKey(path: Path, message: string, remedy?: string): void {
    this.problems.push(this.positions.atKey(path, 'error', message, remedy));
  }

  warning(path: Path, message: string, remedy?: string): void {
    this.problems.push(this.positions.at(path, 'warning', message, remedy));
  }

  /** Whether the author wrote it, rather than a default filling it in. */
  wrote(path: Path): boolean {
    return this.positions.has(path);
  }
}
