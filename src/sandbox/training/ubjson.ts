/** What XGBoost's UBJSON writer knows: objects, plain and typed arrays, strings, integers. */
export type Ubjson =
  | string
  | number
  | Ubjson[]
  | Uint8Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | { [key: string]: Ubjson };

/**
 * Encodes a document as XGBoost's `UBJWriter` does (`json.cc`): keys in code-point order, lengths as int64,
 * integers in the smallest type, typed arrays as one big-endian block.
 */
export function encodeUbjson(document: Ubjson): Buffer {
  const parts: Buffer[] = [];
  encode(document, parts);
  return Buffer.concat(parts);
}

function encode(value: Ubjson, parts: Buffer[]): void {
  if (typeof value === 'string') {
    parts.push(Buffer.from('S'), text(value));
  } else if (typeof value === 'number') {
    parts.push(integer(value));
  } else if (ArrayBuffer.isView(value)) {
    parts.push(typedArray(value));
  } else if (Array.isArray(value)) {
    parts.push(Buffer.from('[#'), length(value.length));
    for (const item of value) encode(item, parts);
  } else {
    parts.push(Buffer.from('{'));
    for (const key of Object.keys(value).sort()) {
      parts.push(text(key));
      encode(value[key]!, parts);
    }
    parts.push(Buffer.from('}'));
  }
}

function length(count: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.write('L', 'latin1');
  bytes.writeBigInt64BE(BigInt(count), 1);
  return bytes;
}

function text(value: string): Buffer {
  const content = Buffer.from(value, 'utf8');
  return Buffer.concat([length(content.length), content]);
}

/** XGBoost leaves out the extreme values of each type. */
function integer(value: number): Buffer {
  const magnitude = Math.abs(value);
  if (magnitude < 127) return Buffer.from(['i'.charCodeAt(0), value & 0xff]);
  const bytes = Buffer.alloc(magnitude < 32767 ? 3 : 5);
  if (magnitude < 32767) {
    bytes.write('I', 'latin1');
    bytes.writeInt16BE(value, 1);
  } else {
    bytes.write('l', 'latin1');
    bytes.writeInt32BE(value, 1);
  }
  return bytes;
}

function typedArray(values: Uint8Array | Int32Array | BigInt64Array | Float32Array): Buffer {
  const content = Buffer.alloc(values.byteLength);
  let type = 'U';
  if (values instanceof Uint8Array) {
    content.set(values);
  } else if (values instanceof Int32Array) {
    type = 'l';
    for (let i = 0; i < values.length; i++) content.writeInt32BE(values[i]!, 4 * i);
  } else if (values instanceof BigInt64Array) {
    type = 'L';
    for (let i = 0; i < values.length; i++) content.writeBigInt64BE(values[i]!, 8 * i);
  } else {
    type = 'd';
    for (let i = 0; i < values.length; i++) content.writeFloatBE(values[i]!, 4 * i);
  }
  return Buffer.concat([Buffer.from(`[$${type}#`), length(values.length), content]);
}
