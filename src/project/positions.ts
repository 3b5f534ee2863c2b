import { findNodeAtLocation, type Node } from 'jsonc-parser';

export type Path = (string | number)[];

/** Something wrong in `warmstart.json`, at a place. Lines and columns count from 1; the end is exclusive. */
export interface Problem {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** Such as `models.delay-ord.tuning.ranges.eta.min`. */
  path: string;
  message: string;
  /** What to do, as a full sentence. */
  remedy?: string;
  severity: 'error' | 'warning';
}

/** Where things stand in a parsed text. */
export class Positions {
  readonly #lineStarts: number[] = [0];

  constructor(
    private readonly text: string,
    private readonly root: Node | undefined,
  ) {
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.#lineStarts.push(i + 1);
  }

  /** A problem with the value at `path`, or with the nearest thing around it that is there. */
  at(path: Path, severity: Problem['severity'], message: string, remedy?: string): Problem {
    const node = this.#nearest(path);
    return this.#problem(node?.offset ?? 0, node?.length ?? 0, path, severity, message, remedy);
  }

  /** A problem with the key at the end of `path`, rather than its value. */
  atKey(path: Path, severity: Problem['severity'], message: string, remedy?: string): Problem {
    const property = this.#find(path)?.parent;
    const key = property?.type === 'property' ? property.children?.[0] : this.#nearest(path);
    return this.#problem(key?.offset ?? 0, key?.length ?? 0, path, severity, message, remedy);
  }

  span(offset: number, length: number, message: string, severity: Problem['severity']): Problem {
    return this.#problem(offset, length, [], severity, message, undefined);
  }

  has(path: Path): boolean {
    return this.#find(path) !== undefined;
  }

  #problem(
    offset: number,
    length: number,
    path: Path,
    severity: Problem['severity'],
    message: string,
    remedy: string | undefined,
  ): Problem {
    const start = this.#position(offset);
    const end = this.#position(this.#endOfLineAfter(offset, length));
    return {
      ...start,
      endLine: end.line,
      endColumn: end.column,
      path: path.join('.'),
      message,
      ...(remedy === undefined ? {} : { remedy }),
      severity,
    };
  }

  /** An object or a list of many lines is marked by its first line only, else the editor underlines a whole page. */
  #endOfLineAfter(offset: number, length: number): number {
    const end = Math.min(offset + length, this.text.length);
    const newline = this.text.indexOf('\n', offset);
    return newline < 0 ? end : Math.min(end, Math.max(newline, offset));
  }

  #position(offset: number): { line: number; column: number } {
    const bounded = Math.min(Math.max(offset, 0), this.text.length);
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= bounded) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: bounded - (this.#lineStarts[low] ?? 0) + 1 };
  }

  #find(path: Path): Node | undefined {
    return this.root && findNodeAtLocation(this.root, path);
  }

  #nearest(path: Path): Node | undefined {
    for (let length = path.length; length >= 0; length--) {
      const node = this.#find(path.slice(0, length));
      // A missing key is reported at the key of the object that lacks it.
      if (node)
        return length < path.length && node.parent?.type === 'property' ? node.parent.children?.[0] : node;
    }
    return this.root;
  }
}
