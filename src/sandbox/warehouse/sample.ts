import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** The packed flights of `media/sample/`, whose format its README describes. */
interface Header {
  /** ISO-8601, UTC: minute zero. */
  start: string;
  rows: number;
  routes: [origin: string, destination: string, miles: number][];
  /** Bytes of each column. */
  columns: { minutes: number; routes: number; delays: number };
}

/** What the sample warehouse is filled with, as CSV in the order of the tables' columns. */
export interface Sample {
  /** departed, origin, destination, distance, delay; no header. */
  flights: string;
  /** iata, name, city, state, country, latitude, longitude; with a header. */
  airports: string;
}

/** Reads `flights.bin.br` and `airports.csv` of a folder. */
export async function readSample(folder: string): Promise<Sample> {
  const [packed, airports] = await Promise.all([
    readFile(join(folder, 'flights.bin.br')),
    readFile(join(folder, 'airports.csv'), 'utf8'),
  ]);
  return { flights: unpackFlights(brotliDecompressSync(packed)), airports };
}

/** The flights as CSV. A header line in JSON, then three columns of unsigned LEB128 numbers. */
export function unpackFlights(bytes: Uint8Array): string {
  const end = bytes.indexOf(0x0a);
  const header: Header = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString('utf8'));
  const minutes = varints(bytes, end + 1);
  const routes = varints(bytes, end + 1 + header.columns.minutes);
  const delays = varints(bytes, end + 1 + header.columns.minutes + header.columns.routes);
  const start = Date.parse(header.start);
  const lines = new Array<string>(header.rows);
  let minute = 0;
  for (let i = 0; i < header.rows; i++) {
    minute += minutes();
    const departed = new Date(start + minute * 60_000).toISOString().slice(0, 16);
    const packed = delays();
    const delay = packed % 2 === 0 ? packed / 2 : -(packed + 1) / 2;
    lines[i] = `${departed},${header.routes[routes()]?.join(',')},${delay}\n`;
  }
  return lines.join('');
}

/** A reader of unsigned LEB128 numbers from `offset` on. */
function varints(bytes: Uint8Array, offset: number): () => number {
  let position = offset;
  return () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[position++];
      if (byte === undefined) throw new Error('The sample of flights ends too early.');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
}
