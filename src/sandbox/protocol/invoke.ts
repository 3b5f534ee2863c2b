import { NormalizedSchema } from '@smithy/core/schema';
import type { Caller, Reply } from '../service';
import { ServiceError } from '../service';
import type { Limits } from './limits';
import type { Operation, Operations } from './types';
import { validate } from './validate';

/** @throws ServiceError UnknownOperationException */
export function find(operations: Operations, name: string): Operation {
  const found = operations.get(name);
  if (!found) {
    const message = `The sandbox does not offer the operation ${name}.`;
    throw new ServiceError('UnknownOperationException', message, 400, {}, name);
  }
  return found;
}

export function inputSchema(operation: Operation): NormalizedSchema {
  return NormalizedSchema.of(operation.schema[4]);
}

export function outputSchema(operation: Operation): NormalizedSchema {
  return NormalizedSchema.of(operation.schema[5]);
}

/** Validates the input and runs the operation. A ServiceError leaves with the operation and its input. */
export async function invoke(
  operation: Operation,
  raw: unknown,
  caller: Caller,
  limits: Limits,
): Promise<unknown> {
  try {
    return await operation.run(validate(inputSchema(operation), raw, limits), caller);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { name, message, status, fields } = error;
    throw new ServiceError(name, message, status, fields, operation.schema[2], raw ?? {});
  }
}

export function success(
  type: string,
  body: string | Uint8Array,
  operation: string,
  params: unknown,
  headers: Record<string, string> = {},
): Reply {
  return { status: 200, headers: { 'content-type': type, ...headers }, body, operation, params };
}
