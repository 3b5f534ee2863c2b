import { buffer } from 'node:stream/consumers';
import { cbor, dateToTag } from '@smithy/core/cbor';
import type { Handler } from '../service';
import { ServiceError } from '../service';
import { find, invoke, outputSchema, success } from './invoke';
import type { Limits } from './limits';
import { shape } from './shape';
import type { Operations } from './types';

/**
 * A service of the protocol rpcv2Cbor: `POST /service/<name>/operation/<Operation>`, CBOR both ways.
 * Errors are thrown; the server renders them. Source: smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export function rpcV2Cbor(operations: Operations, limits: Limits): Handler {
  return async (exchange) => {
    const name = /^\/service\/[^/]+\/operation\/([^/]+)$/.exec(exchange.path)?.[1] ?? '';
    const operation = find(operations, name);
    const params = parse(await buffer(exchange.body));
    const output = await invoke(operation, params, exchange.caller, limits);
    const body = cbor.serialize(shape(outputSchema(operation), output, dateToTag, 'raw') ?? {});
    return success('application/cbor', body, name, params, { 'smithy-protocol': 'rpc-v2-cbor' });
  };
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return untagged(cbor.deserialize(body));
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw new ServiceError('SerializationException', 'The request body is not CBOR.');
  }
}

/** Times come as tag 1 with epoch seconds. */
function untagged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untagged);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (value instanceof Date) return value;
  if ('tag' in value && 'value' in value && Number(value.tag) === 1)
    return new Date(Number(value.value) * 1000);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, untagged(each)]));
}
