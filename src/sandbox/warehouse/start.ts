import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { PGlite } from '@electric-sql/pglite';
import { readSample } from './sample';

export interface SampleWarehouse {
  host: string;
  port: number;
  database: string;
  user: string;
  close(): Promise<void>;
}

const schema = `
  CREATE SCHEMA analytics;
  CREATE TABLE analytics.airports (
    iata char(3) PRIMARY KEY, name text NOT NULL, city text, state text, country text,
    latitude double precision NOT NULL, longitude double precision NOT NULL
  );
  CREATE TABLE analytics.flights (
    departed timestamp NOT NULL, origin char(3) NOT NULL, destination char(3) NOT NULL,
    distance integer NOT NULL, delay integer NOT NULL
  );`;

/**
 * Starts a PostgreSQL (PGlite behind a socket) whose schema `analytics` holds the sample's flights and airports.
 * Any user and password are let in, without TLS. PGlite is one session: a transaction of one client holds back all others,
 * and settings made outside a transaction are seen by every client.
 *
 * @param options.port 0 lets the system choose one.
 * @param options.sample the folder `media/sample`.
 */
export async function startWarehouse(options: { port: number; sample: string }): Promise<SampleWarehouse> {
  const [{ PGLiteSocketServer }, db, sample] = await Promise.all([
    import('@electric-sql/pglite-socket'),
    open(options.sample),
    readSample(options.sample),
  ]);
  await db.exec(schema);
  await load(db, 'flights', 'FORMAT csv', sample.flights);
  await load(db, 'airports', 'FORMAT csv, HEADER', sample.airports);
  await db.exec('CREATE INDEX ON analytics.flights (origin, departed); ANALYZE;');

  const host = '127.0.0.1';
  const server = new PGLiteSocketServer({ db, host, port: options.port, maxConnections: 64 });
  await server.start();
  return {
    host,
    port: Number(server.getServerConn().split(':').at(-1)),
    database: 'postgres',
    user: 'postgres',
    async close() {
      await server.stop();
      await db.close();
    },
  };
}

/** A database in memory, from the packed cluster when this PGlite can read it: initdb takes three seconds. */
async function open(sample: string): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  const tar = await promisify(brotliDecompress)(await readFile(join(sample, 'cluster.tar.br')));
  const loadDataDir = new Blob([Uint8Array.from(tar)]);
  return PGlite.create({ loadDataDir }).catch(() => PGlite.create());
}

async function load(db: PGlite, table: string, options: string, csv: string): Promise<void> {
  await db.query(`COPY analytics.${table} FROM '/dev/blob' WITH (${options})`, [], { blob: new Blob([csv]) });
}
