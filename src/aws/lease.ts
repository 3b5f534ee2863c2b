import { hostname } from 'node:os';
import { WarmstartError } from '../errors';
import type { Task } from '../task';
import { isPrecondition } from './errors';
import type { Store } from './store';

/** `warmstart/leases/<name>.json`: one writer at a time. */
interface Lease {
  holder: string;
  host: string;
  expiresAt: string;
}

const lifetimeMs = 60_000;

/**
 * Runs `work` as the only one who drives `name`. The lease is taken with a conditional write, renewed while the
 * work goes on, and given back at the end. A holder that died stops renewing, and the lease can be taken over
 * once it expired. The same `holder` may take its own lease again (a run that resumes after a crash).
 * @throws WarmstartError `lease.held` (refused) with the holder and the time at which it expires
 */
export async function withLease<T>(
  store: Store,
  name: string,
  holder: string,
  task: Task,
  work: (task: Task) => Promise<T>,
): Promise<T> {
  const key = `warmstart/leases/${name}.json`;
  let etag = await take(store, key, name, holder, task);
  const lost = new AbortController();
  const renew = setInterval(() => {
    put(store, key, holder, task, { ifMatch: etag }).then(
      (renewed) => {
        etag = renewed;
      },
      (error: unknown) => {
        // Only a lease that someone else took over must stop the work; a network fault leaves two more tries.
        if (isPrecondition(error)) lost.abort();
      },
    );
  }, lifetimeMs / 3);
  try {
    return await work({ ...task, signal: AbortSignal.any([task.signal, lost.signal]) });
  } catch (error) {
    if (!lost.signal.aborted) throw error;
    throw new WarmstartError('lease.lost', `Another process took over ${name}.`, { cause: error });
  } finally {
    clearInterval(renew);
    if (!lost.signal.aborted) await store.delete([key]);
  }
}

async function take(store: Store, key: string, name: string, holder: string, task: Task): Promise<string> {
  const found = await store.get(key);
  if (!found)
    return put(store, key, holder, task, { ifNoneMatch: '*' }).catch((error) => refuse(error, name));
  const lease = JSON.parse(Buffer.from(found.body).toString('utf8')) as Lease;
  if (lease.holder !== holder && Date.parse(lease.expiresAt) > task.now().getTime()) throw held(name, lease);
  return put(store, key, holder, task, { ifMatch: found.etag }).catch((error) => refuse(error, name));
}

async function put(
  store: Store,
  key: string,
  holder: string,
  task: Task,
  condition: { ifMatch: string } | { ifNoneMatch: '*' },
): Promise<string> {
  const lease: Lease = {
    holder,
    host: hostname(),
    expiresAt: new Date(task.now().getTime() + lifetimeMs).toISOString(),
  };
  const written = await store.put(key, JSON.stringify(lease), {
    ...condition,
    contentType: 'application/json',
  });
  return written.etag;
}

function refuse(error: unknown, name: string): never {
  if (!isPrecondition(error)) throw error;
  throw new WarmstartError('lease.held', `Another process has just begun to drive ${name}.`, {
    kind: 'refused',
    remedy: 'Wait for it, or see "warmstart status".',
    cause: error,
  });
}

function held(name: string, lease: Lease): WarmstartError {
  return new WarmstartError('lease.held', `${lease.holder} on ${lease.host} drives ${name} now.`, {
    kind: 'refused',
    remedy: `Wait for it; if it died, its lease ends at ${lease.expiresAt}.`,
  });
}
