import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { Client, type ClientConfig, escapeLiteral, type FieldDef } from 'pg';
import { Cancelled } from '../errors';
import type { Warehouse } from '../project/schema';
import type { Task } from '../task';
import { type ResultColumn, typeOfOid } from './columns';
import { explain } from './failures';

export interface Connection {
  warehouse: Warehouse;
  password: string | undefined;
  /** The project's folder; `sslRootCert` is relative to it. */
  root: string;
}

const connectTimeout = 60_000;

/**
 * Runs `work` in a read-only transaction of a new connection. An abort of the task cancels the running statement on the
 * server and closes the connection.
 *
 * @throws WarmstartError `warehouse.*`, see {@link explain}; {@link Cancelled} after an abort
 */
export async function withTransaction<T>(
  connection: Connection,
  task: Task,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  if (task.signal.aborted) throw new Cancelled();
  const config = await clientConfig(connection);
  const client = new Client(config);
  // A connection that breaks while idle would otherwise end the process; the next statement fails anyway.
  client.on('error', () => {});
  let backend: number | undefined;
  const abort = () => void cancel(config, client, backend);
  task.signal.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
    const started = await client.query(beginStatement(connection.warehouse));
    backend = backendOf(started);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    if (task.signal.aborted) throw new Cancelled();
    throw explain(error, connection);
  } finally {
    task.signal.removeEventListener('abort', abort);
    // Nothing depends on the goodbye: the transaction only read.
    await client.end().catch(() => {});
  }
}

/**
 * One message, because the sandbox's server lets other clients in between statements outside a transaction.
 * A snapshot for the whole transaction (repeatable read) is the only level Redshift has under another name.
 * Dates of the window are days of UTC whatever the server's time zone.
 */
export function beginStatement({ kind, searchPath, statementTimeoutSeconds }: Warehouse): string {
  const local: [string, string][] = [
    ['statement_timeout', String(statementTimeoutSeconds * 1000)],
    ['timezone', 'UTC'],
  ];
  if (searchPath !== undefined) local.push(['search_path', searchPath]);
  const settings = local.map(([name, value]) => `set_config('${name}', ${escapeLiteral(value)}, true)`);
  const level = kind === 'redshift' ? '' : 'ISOLATION LEVEL REPEATABLE READ ';
  return `BEGIN ${level}READ ONLY; SELECT pg_backend_pid() AS backend, ${settings.join(', ')}`;
}

/** The columns of a query, described by the server without reading a row. */
export async function describe(client: Client, query: string): Promise<ResultColumn[]> {
  const { fields } = await client.query(`SELECT * FROM (\n${query}\n) AS q LIMIT 0`);
  return fields.map(({ name, dataTypeID }: FieldDef) => ({ name, type: typeOfOid(dataTypeID) }));
}

async function clientConfig({ warehouse, password, root }: Connection): Promise<ClientConfig> {
  const { host, port, database, user } = warehouse;
  return {
    host,
    port,
    database,
    user,
    // A function, so that pg does not look for PGPASSWORD or a password file by itself.
    password: () => password ?? '',
    ssl: await tlsOptions(warehouse, root),
    application_name: 'warmstart',
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
  };
}

/** `require` encrypts without checking who answers, as libpq's sslmode=require; `verify-full` checks chain and host name. */
async function tlsOptions({ ssl, sslRootCert }: Warehouse, root: string): Promise<ClientConfig['ssl']> {
  if (ssl === 'disable') return false;
  if (ssl === 'require') return { rejectUnauthorized: false };
  if (sslRootCert === undefined) return { rejectUnauthorized: true };
  const path = isAbsolute(sslRootCert) ? sslRootCert : join(root, sslRootCert);
  return { rejectUnauthorized: true, ca: await readFile(path, 'utf8') };
}

/** pg answers a message of several statements with a list, the last of which is the SELECT. */
function backendOf(results: unknown): number | undefined {
  const last: unknown = Array.isArray(results) ? results.at(-1) : results;
  if (typeof last !== 'object' || last === null || !('rows' in last) || !Array.isArray(last.rows))
    return undefined;
  const backend: unknown = last.rows[0]?.backend;
  return typeof backend === 'number' ? backend : undefined;
}

/** Closing the socket alone would leave the server computing until it next has a row to send. */
async function cancel(config: ClientConfig, client: Client, backend: number | undefined): Promise<void> {
  if (backend !== undefined) {
    const second = new Client({ ...config, connectionTimeoutMillis: 3000, query_timeout: 3000 });
    second.on('error', () => {});
    await second
      .connect()
      .then(() => second.query(`SELECT pg_cancel_backend(${backend})`))
      .catch(() => {});
    await second.end().catch(() => {});
  }
  await client.end().catch(() => {});
}
