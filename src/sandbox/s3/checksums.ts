import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';
import type { ChecksumAlgorithm } from './records';

/** A checksum computed while bytes pass by. */
export interface RunningChecksum {
  update(bytes: Uint8Array): void;
  /** Base64, as in the `x-amz-checksum-…` headers. */
  digest(): string;
}

export const checksumAlgorithms: readonly ChecksumAlgorithm[] = [
  'CRC32',
  'CRC32C',
  'CRC64NVME',
  'SHA1',
  'SHA256',
];

/** Name of the header that carries a checksum of this algorithm. */
export const checksumHeader = (algorithm: ChecksumAlgorithm): string =>
  `x-amz-checksum-${algorithm.toLowerCase()}`;

export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  switch (algorithm) {
    case 'SHA1':
    case 'SHA256': {
      const hash = createHash(algorithm);
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
    }
    case 'CRC32':
      return startCrc32(typeof zlib.crc32 === 'function' ? zlib.crc32 : crc32Of(0xedb88320));
    case 'CRC32C':
      return startCrc32(crc32Of(0x82f63b78));
    case 'CRC64NVME':
      return startCrc64();
  }
}

type Crc32 = (bytes: Uint8Array, previous: number) => number;

function startCrc32(crc: Crc32): RunningChecksum {
  let value = 0;
  return {
    update: (bytes) => {
      value = crc(bytes, value);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value >>> 0);
      return bytes.toString('base64');
    },
  };
}

const crc32Tables = new Map<number, Uint32Array>();

/** The reflected CRC-32 of a polynomial. */
function crc32Of(polynomial: number): Crc32 {
  const table = crc32Tables.get(polynomial) ?? crc32Table(polynomial);
  crc32Tables.set(polynomial, table);
  return (bytes, previous) => {
    let crc = ~previous;
    for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
    return ~crc >>> 0;
  };
}

function crc32Table(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? polynomial ^ (value >>> 1) : value >>> 1;
    return value;
  });
}

interface Crc64Table {
  low: Uint32Array;
  high: Uint32Array;
}

let crc64Table: Crc64Table | undefined;

/** CRC-64/NVME, reflected polynomial 0x9a6c9329ac4bc9b5, as two 32-bit halves. */
function startCrc64(): RunningChecksum {
  crc64Table ??= makeCrc64Table();
  const { low, high } = crc64Table;
  let [a, b] = [-1, -1];
  return {
    update: (bytes) => {
      for (const byte of bytes) {
        const index = (b ^ byte) & 0xff;
        b = ((b >>> 8) | (a << 24)) ^ (low[index] as number);
        a = (a >>> 8) ^ (high[index] as number);
      }
    },
    digest: () => {
      const bytes = Buffer.alloc(8);
      bytes.writeUInt32BE(~a >>> 0, 0);
      bytes.writeUInt32BE(~b >>> 0, 4);
      return bytes.toString('base64');
    },
  };
}

function makeCrc64Table(): Crc64Table {
  const table = { low: new Uint32Array(256), high: new Uint32Array(256) };
  for (let index = 0; index < 256; index++) {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? 0x9a6c9329ac4bc9b5n ^ (value >> 1n) : value >> 1n;
    table.low[index] = Number(value & 0xffffffffn);
    table.high[index] = Number(value >> 32n);
  }
  return table;
}
