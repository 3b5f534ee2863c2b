import type { Output } from '../output';

/** Each claim of the demo, checked when it is made; the demo ends well only when all of them hold. */
export class Claims {
  readonly #checked: { claim: string; holds: boolean; found: string }[] = [];

  constructor(private readonly output: Output) {}

  check(claim: string, holds: boolean, found = ''): void {
    this.#checked.push({ claim, holds, found });
    this.output.note(`  ${holds ? '✓' : '✗'} ${claim}${found ? ` (${found})` : ''}`);
    this.output.event('demo.claim', { claim, holds, found });
  }

  get count(): number {
    return this.#checked.length;
  }

  get broken(): string[] {
    return this.#checked.filter(({ holds }) => !holds).map(({ claim, found }) => `${claim}: ${found}`);
  }
}
