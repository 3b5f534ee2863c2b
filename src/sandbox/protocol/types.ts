import type { StaticOperationSchema } from '@smithy/types';
import type { Caller } from '../service';

/** An input after validation: required members are there. */
export type Valid<T> = T extends Date | Uint8Array
  ? T
  : T extends (infer U)[]
    ? Valid<U>[]
    : T extends object
      ? {
          [K in keyof T]: Partial<Pick<T, K>> extends Pick<T, K>
            ? Valid<T[K]>
            : Valid<Exclude<T[K], undefined>>;
        }
      : T;

/** An answer before it is written: a time may be a `Date` or, as the tables hold it, an ISO string. */
export type Wire<T> = T extends Date
  ? Date | string
  : T extends Uint8Array
    ? T
    : T extends (infer U)[]
      ? Wire<U>[]
      : T extends object
        ? { [K in keyof T]: Wire<T[K]> }
        : T;

/** What a table holds of an API shape: validated, and every time an ISO string. */
export type Stored<T> = T extends Date
  ? string
  : T extends (infer U)[]
    ? Stored<U>[]
    : T extends object
      ? {
          [K in keyof T]: Partial<Pick<T, K>> extends Pick<T, K>
            ? Stored<T[K]>
            : Stored<Exclude<T[K], undefined>>;
        }
      : T;

/** One API operation: the SDK's run-time schema and what the sandbox does for it. */
export interface Operation {
  schema: StaticOperationSchema;
  run(input: unknown, caller: Caller): Promise<unknown>;
}

export type Operations = Map<string, Operation>;

/** Names the types of an operation once; the schema is what makes them true at run time. */
export function operation<Input, Output>(
  schema: StaticOperationSchema,
  run: (input: Valid<Input>, caller: Caller) => Promise<Wire<Output>> | Wire<Output>,
): Operation {
  return { schema, run: async (input, caller) => run(input as Valid<Input>, caller) };
}

/** Operations by the name under which clients call them. */
export function operations(...lists: Operation[][]): Operations {
  return new Map(lists.flat().map((each) => [each.schema[2], each]));
}
