// Packs the sample warehouse: flights that left three hubs from January to June 2001, and the airports they flew to.
// Deterministic: the same packages give the same bytes. The format is described in media/sample/README.md.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

const source = 'node_modules/vega-datasets/data';
const target = 'media/sample';
const hubs = ['ATL', 'DFW', 'ORD'];
/** Every n-th departure of the hubs is kept: a systematic sample, so the traffic of every hour shrinks alike. */
const every = 4;
const start = Date.UTC(2001, 0, 1);

const all = await parquetReadObjects({
  file: await asyncBufferFromFile(`${source}/flights-3m.parquet`),
  compressors,
});
const flights = all.filter((flight) => hubs.includes(flight.origin)).filter((_, i) => i % every === 0);

/** Unsigned LEB128. */
function varint(bytes, value) {
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

const routes = new Map();
const minutes = [];
const routeOf = [];
const delays = [];
let before = 0;
for (const { date, origin, destination, distance, delay } of flights) {
  const key = `${origin},${destination},${distance}`;
  if (!routes.has(key)) routes.set(key, [origin, destination, Number(distance)]);
  const minute = (date.getTime() - start) / 60_000;
  varint(minutes, minute - before);
  before = minute;
  varint(routeOf, [...routes.keys()].indexOf(key));
  const late = Number(delay);
  varint(delays, late < 0 ? -2 * late - 1 : 2 * late);
}
const header = {
  start: new Date(start).toISOString(),
  rows: flights.length,
  routes: [...routes.values()],
  columns: { minutes: minutes.length, routes: routeOf.length, delays: delays.length },
};
const packed = brotliCompressSync(
  Buffer.concat([
    Buffer.from(`${JSON.stringify(header)}\n`),
    Buffer.from(minutes),
    Buffer.from(routeOf),
    Buffer.from(delays),
  ]),
  { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } },
);

const used = new Set(flights.flatMap(({ origin, destination }) => [origin, destination]));
const lines = (await readFile(`${source}/airports.csv`, 'utf8')).trim().split(/\r?\n/);
const airports = lines.filter((line, i) => i === 0 || used.has(line.slice(0, line.indexOf(','))));

await mkdir(target, { recursive: true });
await writeFile(`${target}/flights.bin.br`, packed);
await writeFile(`${target}/airports.csv`, `${airports.join('\n')}\n`);
console.log(
  `${flights.length} flights on ${header.routes.length} routes, ${airports.length - 1} of ${used.size} airports; ` +
    `${packed.length} bytes.`,
);
