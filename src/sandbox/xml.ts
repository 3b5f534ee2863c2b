import { XMLParser } from 'fast-xml-parser';
import { ServiceError } from './service';

/** What an element may hold: text, children by name, or a list, which repeats the element. */
export type XmlValue = string | number | boolean | undefined | XmlElement | XmlValue[];
export interface XmlElement {
  [name: string]: XmlValue;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters become numeric references, as S3 writes them, so that a carriage return in a key survives. */
function escapeXml(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape
    /[&<>"\u0000-\u001f]/g,
    (character) => escapes[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  );
}

function element(name: string, value: XmlValue, attributes = ''): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => element(name, item, attributes)).join('');
  const content = typeof value === 'object' ? children(value) : escapeXml(String(value));
  return `<${name}${attributes}>${content}</${name}>`;
}

function children(value: XmlElement): string {
  return Object.entries(value)
    .map(([name, child]) => element(name, child))
    .join('');
}

/** A document with one root. `undefined` members are left out, lists repeat their element. */
export function xmlDocument(root: string, value: XmlElement | string, namespace?: string): string {
  const attributes = namespace ? ` xmlns="${namespace}"` : '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, value, attributes)}`;
}

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignoreAttributes: true,
  removeNSPrefix: true,
  htmlEntities: true,
});

/**
 * Children of the root element; text stays text.
 * @throws ServiceError MalformedXML when it is not XML or has another root.
 */
export function parseXml(text: string, root: string): XmlElement {
  const document: XmlElement = readXml(text);
  const value = document[root];
  if (typeof value === 'string' && value.trim() === '') return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw malformedXml();
  return value;
}

function readXml(text: string): XmlElement {
  if (/<!DOCTYPE/i.test(text)) throw malformedXml();
  try {
    return parser.parse(text, true);
  } catch {
    throw malformedXml();
  }
}

/** The error of S3 for a body that is not the XML it asks for. */
export function malformedXml(): ServiceError {
  return new ServiceError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

/** Every element of that name, none as an empty list. */
export function childrenNamed(parent: XmlElement, name: string): XmlElement[] {
  const value = parent[name];
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.map((item) => {
    if (typeof item === 'object' && !Array.isArray(item)) return item;
    if (typeof item === 'string' && item.trim() === '') return {};
    throw malformedXml();
  });
}

/** The text of a child element, `undefined` when it is absent. */
export function textOf(parent: XmlElement, name: string): string | undefined {
  const value = parent[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw malformedXml();
  return value;
}
