import { join } from 'node:path';
import { Table } from '../table';

/** Whose resources: names are unique per account and region. */
export interface Scope {
  accountId: string;
  region: string;
}

export interface Resource<T> {
  scope: Scope;
  value: T;
}

/** The resources of one kind, by account, region and name, kept in one table. Names differ by more than case. */
export class Resources<T> {
  readonly #table: Table<Resource<T>>;

  constructor(home: string, kind: string) {
    this.#table = new Table(join(home, 'sagemaker', `${kind}.jsonl`));
  }

  get(scope: Scope, name: string): T | undefined {
    return this.#table.get(keyOf(scope, name))?.value;
  }

  set(scope: Scope, name: string, value: T): void {
    const { accountId, region } = scope;
    this.#table.set(keyOf(scope, name), { scope: { accountId, region }, value });
  }

  delete(scope: Scope, name: string): void {
    this.#table.delete(keyOf(scope, name));
  }

  list(scope: Scope): T[] {
    return this.#table
      .values()
      .filter((each) => each.scope.accountId === scope.accountId && each.scope.region === scope.region)
      .map((each) => each.value);
  }

  /** Of every account and region: for what goes on after a restart. */
  all(): Resource<T>[] {
    return this.#table.values();
  }
}

function keyOf(scope: Scope, name: string): string {
  return `${scope.accountId}/${scope.region}/${name.toLowerCase()}`;
}
