import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { isAbsolute, join } from 'node:path';
import { Client, type ClientConfig, escapeLiteral, type FieldDef } from 'pg';
import { Cancelled, messageOf, WarmstartError } from '../errors';
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
  const socket = new Socket();
  const client = new Client({ ...config, stream: () => socket });
  // A connection that breaks while idle would otherwise end the process; the next statement fails anyway.
  client.on('error', () => {});
  let backend: number | undefined;
  let stopped: Promise<void> | undefined;
  const stop = () => {
    // A goodbye would wait behind the rows that nobody reads any more.
    socket.destroy();
    stopped ??= cancel(config, backend);
  };
  task.signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    backend = backendOf(await client.query(beginStatement(connection.warehouse)));
    const result = await work(client);
    await client.query('COMMIT');
    await client.end();
    return result;
  } catch (error) {
    stop();
    await stopped;
    if (task.signal.aborted) throw new Cancelled();
    throw explain(error, connection);
  } finally {
    task.signal.removeEventListener('abort', stop);
  }
}

/**
 * One message, because the sandbox's server lets other clients in between statements outside a transaction.
 * One snapshot serves the whole transaction. On Redshift every transaction has one, and UNLOAD, which takes nothing but a
 * SELECT, writes to S3, which a read-only transaction might refuse.
 * Dates of the window are days of UTC whatever the server's time zone.
 */
export function beginStatement({ kind, searchPath, statementTimeoutSeconds }: Warehouse): string {
  const local: [string, string][] = [
    ['statement_timeout', String(statementTimeoutSeconds * 1000)],
    ['timezone', 'UTC'],
  ];
  if (searchPath !== undefined) local.push(['search_path', searchPath]);
  const settings = local.map(([name, value]) => `set_config('${name}', ${escapeLiteral(value)}, true)`);
  const mode = kind === 'redshift' ? '' : ' ISOLATION LEVEL REPEATABLE READ READ ONLY';
  return `BEGIN${mode}; SELECT pg_backend_pid() AS backend, ${settings.join(', ')}`;
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
  try {
    return { rejectUnauthorized: true, ca: await readFile(path, 'utf8') };
  } catch (error) {
    throw new WarmstartError(
      'warehouse.tls',
      `The certificate ${sslRootCert} cannot be read: ${messageOf(error)}.`,
      {
        kind: 'usage',
        remedy: 'Check `warehouse.sslRootCert`; it is relative to warmstart.json.',
        cause: error,
      },
    );
  }
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
async function cancel(config: ClientConfig, backend: number | undefined): Promise<void> {
  if (backend === undefined) return;
  const socket = new Socket();
  const client = new Client({
    ...config,
    connectionTimeoutMillis: 3000,
    query_timeout: 3000,
    stream: () => socket,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(`SELECT pg_cancel_backend(${backend})`);
  } catch {
    // The connection is closed already; a server that cannot be asked notices it by itself.
  }
  socket.destroy();
}
