import { buffer } from 'node:stream/consumers';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { Handler } from '../service';
import type { XmlElement, XmlValue } from '../xml';
import { xmlDocument } from '../xml';
import { find, inputSchema, invoke, outputSchema, success } from './invoke';
import type { Limits } from './limits';
import { shape } from './shape';
import type { Operations } from './types';

/**
 * A service of the protocol awsQuery: a form with `Action`, lists as `Name.member.1`, XML back. Older clients still speak it.
 * Errors are thrown; the server renders them. Source: smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function awsQuery(namespace: string, operations: Operations, limits: Limits): Handler {
  return async (exchange) => {
    const form = new URLSearchParams((await buffer(exchange.body)).toString('utf8'));
    const name = form.get('Action') ?? '';
    const operation = find(operations, name);
    const params = readForm(inputSchema(operation), form);
    const output = await invoke(operation, params, exchange.caller, limits);
    const shaped = shape(outputSchema(operation), output, (time) => time.toISOString());
    const body = xmlDocument(
      `${name}Response`,
      {
        [`${name}Result`]: write(outputSchema(operation), shaped),
        ResponseMetadata: { RequestId: 'sandbox' },
      },
      namespace,
    );
    return success('text/xml', body, name, params);
  };
}

/** The members of a form that the schema has; numbers and booleans as such. */
export function readForm(schema: NormalizedSchema, form: URLSearchParams): unknown {
  return read(schema, treeOf(form));
}

interface Tree {
  [name: string]: Tree | string;
}

/** `A.member.1.B=x` → `{A: {member: {1: {B: 'x'}}}}`. */
function treeOf(form: URLSearchParams): Tree {
  const root: Tree = Object.create(null);
  for (const [path, value] of form) {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let node = root;
    for (const step of steps) {
      const next = node[step];
      const child: Tree = typeof next === 'object' ? next : Object.create(null);
      node[step] = child;
      node = child;
    }
    node[last] = value;
  }
  return root;
}

function read(schema: NormalizedSchema, value: Tree | string): unknown {
  if (schema.isStructSchema()) {
    const node = typeof value === 'object' ? value : {};
    const result: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const given = node[name];
      if (given !== undefined) result[name] = read(member, given);
    }
    return result;
  }
  if (schema.isListSchema()) {
    const node = typeof value === 'object' ? value : {};
    const members = typeof node.member === 'object' ? node.member : {};
    return Object.keys(members)
      .sort((a, b) => Number(a) - Number(b))
      .map((index) => read(schema.getValueSchema(), members[index] ?? ''));
  }
  if (schema.isNumericSchema()) return Number(value);
  if (schema.isBooleanSchema()) return value === 'true';
  return value;
}

function write(schema: NormalizedSchema, value: unknown): XmlValue {
  if (value === undefined || value === null) return undefined;
  if (schema.isStructSchema()) {
    const node: XmlElement = {};
    const given = value as Record<string, unknown>;
    for (const [name, member] of schema.structIterator()) node[name] = write(member, given[name]);
    return node;
  }
  if (schema.isListSchema()) {
    const member = schema.getValueSchema();
    return { member: (value as unknown[]).map((each) => write(member, each)) };
  }
  if (schema.isMapSchema()) {
    const member = schema.getValueSchema();
    return {
      entry: Object.entries(value as object).map(([key, each]) => ({ key, value: write(member, each) })),
    };
  }
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}
