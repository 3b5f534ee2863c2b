import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import { ServiceError } from '../service';
import { parseXml, type XmlElement, type XmlValue } from '../xml';
import type { S3Request } from './request';

/** Not recorded: the checksums that SDKs add by themselves, and what is secret. */
const unrecorded = /^Checksum|^ContentMD5$|CustomerKey(MD5)?$|^MFA$/;

/** A request's input as the API names it, for the record; of an object's content only the size. */
export function paramsOf(
  request: S3Request,
  schema: StaticOperationSchema | undefined,
): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  if (request.bucketName) params.Bucket = request.bucketName;
  if (request.key) params.Key = request.key;
  if (!schema) return params;
  for (const [name, member] of NormalizedSchema.of(schema[4]).structIterator()) {
    if (unrecorded.test(name)) continue;
    const value = given(request, member);
    if (value !== undefined) params[name] = value;
  }
  return withoutFraming(params, request.header('x-amz-decoded-content-length'));
}

/** An SDK that streams frames the content; what it was given has another size and encoding than what it sends. */
function withoutFraming(
  { ContentEncoding, ...params }: Record<string, unknown>,
  decodedSize: string | undefined,
): Record<string, unknown> {
  if (decodedSize !== undefined && 'ContentLength' in params) params.ContentLength = Number(decodedSize);
  const encoding = String(ContentEncoding ?? '').replace(/\s*aws-chunked\s*,?/, '');
  return encoding === '' ? params : { ...params, ContentEncoding: encoding };
}

function given(request: S3Request, member: NormalizedSchema): unknown {
  const { httpHeader, httpQuery, httpPrefixHeaders, httpPayload, xmlName } = member.getMergedTraits();
  if (httpQuery !== undefined) return simple(member, request.query(httpQuery));
  if (httpHeader !== undefined) return simple(member, request.header(httpHeader.toLowerCase()));
  if (httpPrefixHeaders !== undefined) return prefixed(request, httpPrefixHeaders);
  if (!httpPayload || request.document === undefined) return undefined;
  if (!member.isStructSchema()) return request.document;
  return documentOf(request.document, String(xmlName ?? member.getName()), member);
}

function simple(schema: NormalizedSchema, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isBooleanSchema()) return text.toLowerCase() === 'true';
  return schema.isListSchema() ? text.split(',').map((each) => each.trim()) : text;
}

function prefixed({ exchange }: S3Request, prefix: string): Record<string, unknown> | undefined {
  const found = Object.entries(exchange.headers).filter(([name]) => name.startsWith(prefix));
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** An XML body in the members of the API; a body that is not the document it should be has none. */
function documentOf(text: string, root: string, schema: NormalizedSchema): unknown {
  try {
    return fromXml(schema, parseXml(text, root));
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

function fromXml(schema: NormalizedSchema, value: XmlValue): unknown {
  if (schema.isStructSchema()) {
    const element = elementOf(value);
    const members: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const { xmlName = name, xmlFlattened } = member.getMergedTraits();
      const child = element[String(xmlName)];
      if (child === undefined) continue;
      members[name] = xmlFlattened && member.isListSchema() ? listOf(member, child) : fromXml(member, child);
    }
    return members;
  }
  if (schema.isListSchema()) {
    const { xmlName = 'member' } = schema.getValueSchema().getMergedTraits();
    return listOf(schema, elementOf(value)[String(xmlName)]);
  }
  return typeof value === 'string' ? simple(schema, value) : undefined;
}

function listOf(schema: NormalizedSchema, value: XmlValue): unknown[] {
  const items = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return items.map((item) => fromXml(schema.getValueSchema(), item));
}

function elementOf(value: XmlValue): XmlElement {
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
}
