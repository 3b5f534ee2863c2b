import { buffer } from 'node:stream/consumers';
import type { Exchange, Handler } from '../service';
import { ServiceError } from '../service';
import { find, invoke, outputSchema, success } from './invoke';
import type { Limits } from './limits';
import { shape } from './shape';
import type { Operations } from './types';

/**
 * A service of the protocols awsJson1.0 and awsJson1.1: `X-Amz-Target: <prefix>.<Operation>`, JSON both ways.
 * Errors are thrown; the server renders them. Source: smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function awsJson(
  prefix: string,
  version: '1.0' | '1.1',
  operations: Operations,
  limits: Limits,
): Handler {
  return async (exchange) => {
    const operation = find(operations, targetOf(exchange, prefix));
    const params = parse(await buffer(exchange.body));
    const output = await invoke(operation, params, exchange.caller, limits);
    const body = JSON.stringify(shape(outputSchema(operation), output) ?? {});
    return success(`application/x-amz-json-${version}`, body, operation.schema[2], params);
  };
}

function targetOf(exchange: Exchange, prefix: string): string {
  const target = String(exchange.headers['x-amz-target'] ?? '');
  return target.startsWith(`${prefix}.`) ? target.slice(prefix.length + 1) : target;
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ServiceError('SerializationException', 'The request body is not JSON.');
  }
}
