import type { NormalizedSchema } from '@smithy/core/schema';
import type { StaticStructureSchema } from '@smithy/types';
import { ServiceError } from '../service';
import type { Limit, Limits } from './limits';
import { unmet } from './limits';

/**
 * Checks a request against its schema and the model's limits and decodes it: times become `Date`s.
 * @throws ServiceError SerializationException (wrong type) or ValidationException (in AWS's words, all at once)
 */
export function validate(schema: NormalizedSchema, raw: unknown, limits: Limits): unknown {
  const problems: string[] = [];
  const decoded = decode(schema, raw ?? {}, undefined, '', { limits, problems });
  if (problems.length > 0) {
    const errors = problems.length === 1 ? 'error' : 'errors';
    throw new ServiceError(
      'ValidationException',
      `${problems.length} validation ${errors} detected: ${problems.join('; ')}`,
    );
  }
  return decoded;
}

interface Pass {
  limits: Limits;
  problems: string[];
}

function decode(
  schema: NormalizedSchema,
  value: unknown,
  limit: Limit | undefined,
  path: string,
  pass: Pass,
): unknown {
  if (limit && !schema.isMapSchema()) {
    for (const demand of unmet(limit, value)) pass.problems.push(problem(value, path, demand));
  }
  if (schema.isStructSchema()) return decodeStructure(schema, value, path, pass);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw mismatch(value, 'a list');
    const of = limitOf(pass, limit?.of);
    const member = schema.getValueSchema();
    return value.map((each, i) => decode(member, each, of, `${path}.${i + 1}.member`, pass));
  }
  if (schema.isMapSchema()) return decodeMap(schema, value, limit, path, pass);
  return decodeSimple(schema, value);
}

function decodeStructure(schema: NormalizedSchema, value: unknown, path: string, pass: Pass): unknown {
  if (!isRecord(value)) throw mismatch(value, 'a structure');
  const name = schema.getName() ?? '';
  const decoded: Record<string, unknown> = {};
  const known = new Set<string>();
  const required = requiredMembers(schema);
  let index = 0;
  for (const [key, member] of schema.structIterator()) {
    known.add(key);
    const at = path ? `${path}.${camel(key)}` : camel(key);
    const given = value[key];
    if (given === undefined || given === null) {
      if (index < required) pass.problems.push(problem(null, at, 'Member must not be null'));
    } else {
      const limit = limitOf(pass, pass.limits.members[name]?.[key]);
      decoded[key] = decode(member, given, limit, at, pass);
    }
    index++;
  }
  for (const key of Object.keys(value)) {
    if (!known.has(key)) {
      throw new ServiceError('ValidationException', `Unknown parameter in ${path || 'input'}: "${key}"`);
    }
  }
  return decoded;
}

function decodeMap(
  schema: NormalizedSchema,
  value: unknown,
  limit: Limit | undefined,
  path: string,
  pass: Pass,
): unknown {
  if (!isRecord(value)) throw mismatch(value, 'a map');
  if (limit) for (const demand of unmet(limit, value)) pass.problems.push(problem(value, path, demand));
  const ofKey = limitOf(pass, limit?.key);
  const ofValue = limitOf(pass, limit?.value);
  const member = schema.getValueSchema();
  const decoded: [string, unknown][] = [];
  for (const [key, each] of Object.entries(value)) {
    if (ofKey && unmet(ofKey, key).length > 0)
      pass.problems.push(problem(value, path, `Map keys must satisfy constraint: [${all(ofKey)}]`));
    if (ofValue && typeof each === 'string' && unmet(ofValue, each).length > 0)
      pass.problems.push(problem(value, path, `Map value must satisfy constraint: [${all(ofValue)}]`));
    decoded.push([key, decode(member, each, undefined, `${path}.${key}.member`, pass)]);
  }
  // Not by assignment: a key may be "__proto__".
  return Object.fromEntries(decoded);
}

function decodeSimple(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isTimestampSchema()) {
    if (value instanceof Date) return value;
    const time = typeof value === 'number' ? new Date(value * 1000) : new Date(String(value));
    if (Number.isNaN(time.getTime())) throw mismatch(value, 'a Timestamp');
    return time;
  }
  if (schema.isBlobSchema()) {
    if (value instanceof Uint8Array) return value;
    if (typeof value !== 'string') throw mismatch(value, 'a Blob');
    return Buffer.from(value, 'base64');
  }
  if (schema.isStringSchema() && typeof value !== 'string') throw mismatch(value, 'a String');
  if (schema.isBooleanSchema() && typeof value !== 'boolean') throw mismatch(value, 'a Boolean');
  if (schema.isNumericSchema() && typeof value !== 'number') {
    const special: Record<string, number> = { NaN, Infinity, '-Infinity': -Infinity };
    const number = typeof value === 'string' ? special[value] : undefined;
    if (number === undefined) throw mismatch(value, 'a Number');
    return number;
  }
  return value;
}

function requiredMembers(schema: NormalizedSchema): number {
  const structure = schema.getSchema() as StaticStructureSchema;
  return Number(structure[6] ?? 0);
}

function limitOf(pass: Pass, name: string | undefined): Limit | undefined {
  return name === undefined ? undefined : pass.limits.types[name];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function camel(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

function problem(value: unknown, path: string, demand: string): string {
  return `Value ${shown(value)} at '${path}' failed to satisfy constraint: ${demand}`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'object' ? `'${JSON.stringify(value)}'` : `'${value}'`;
}

function all(limit: Limit): string {
  const demands: string[] = [];
  if (limit.max !== undefined) demands.push(`Member must have length less than or equal to ${limit.max}`);
  if (limit.min !== undefined) demands.push(`Member must have length greater than or equal to ${limit.min}`);
  if (limit.pattern !== undefined)
    demands.push(`Member must satisfy regular expression pattern: ${limit.pattern}`);
  return demands.join(', ');
}

function mismatch(value: unknown, wanted: string): ServiceError {
  const token = Array.isArray(value)
    ? 'START_ARRAY'
    : isRecord(value)
      ? 'START_OBJECT'
      : typeof value === 'string'
        ? 'STRING_VALUE'
        : typeof value === 'number'
          ? 'NUMBER_VALUE'
          : 'VALUE';
  return new ServiceError('SerializationException', `${token} can not be converted to ${wanted}`);
}
