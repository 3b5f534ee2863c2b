import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { messageOf, WarmstartError } from '../errors';
import { sleep, type Task } from '../task';
import { isConflict, isNotFound, isPrecondition } from './errors';
import { diedHere, type Holder, markAlive, newHolder, unmark } from './lease-holder';
import type { Store } from './store';

/** Who drives something now, as other machines are told of it. */
export interface LeaseHolder {
  host: string;
  pid: number;
  /** What the holder does, for people: `run 20261122-…`, `release to qa`. */
  work: string;
  /** ISO-8601, by the holder's clock. */
  expiresAt: string;
}

/** `warmstart/leases/<name>.json`: one writer at a time. */
interface Lease extends Holder, LeaseHolder {}

/** One name as one holder drives it; `etag` is that of the lease as the holder wrote it last. */
interface Held {
  store: Store;
  key: string;
  name: string;
  holder: Holder;
  work: string;
  lifetimeMs: number;
  now: () => Date;
  etag: string;
  expiresAt: number;
}

const defaultLifetimeMs = 60_000;

/**
 * Runs `work` as the only one who drives `name`, on any machine. The lease is taken with a conditional write, renewed
 * while the work goes on, and given back at the end. A holder that died stops renewing: its lease can be taken over
 * once it expired, or at once on the machine on which it died. Work whose lease is lost is cancelled.
 * @param purpose what the work is, for whoever is refused meanwhile
 * @throws WarmstartError `lease.held` (refused) with the holder and the time at which its lease expires; `lease.lost`
 */
export async function withLease<T>(
  store: Store,
  name: string,
  purpose: string,
  task: Task,
  work: (task: Task) => Promise<T>,
  options: { lifetimeMs?: number } = {},
): Promise<T> {
  const held: Held = {
    store,
    key: leaseKey(name),
    name,
    holder: newHolder(),
    work: purpose,
    lifetimeMs: options.lifetimeMs ?? defaultLifetimeMs,
    now: task.now,
    etag: '',
    expiresAt: 0,
  };
  // Before the first look: in another account the lease could only be denied, without saying why.
  await store.session.assertAccount();
  markAlive(held.holder);
  try {
    await take(held);
    return await workWhileRenewing(held, task, work);
  } finally {
    unmark(held.holder);
  }
}

/** Who drives `name` now; undefined when nobody does, or whoever did died. Takes nothing. */
export async function holderOf(store: Store, name: string, now: Date): Promise<LeaseHolder | undefined> {
  const lease = await store.getJson<Lease>(leaseKey(name));
  if (!lease || !isDriven(lease, now)) return undefined;
  const { host, pid, work, expiresAt } = lease;
  return { host, pid, work, expiresAt };
}

function leaseKey(name: string): string {
  return `warmstart/leases/${name}.json`;
}

function isDriven(lease: Lease, now: Date): boolean {
  return Date.parse(lease.expiresAt) > now.getTime() && !diedHere(lease);
}

async function workWhileRenewing<T>(held: Held, task: Task, work: (task: Task) => Promise<T>): Promise<T> {
  const lost = new AbortController();
  const done = new AbortController();
  const renewing = renew(held, done.signal, () => lost.abort());
  try {
    return await work({ ...task, signal: AbortSignal.any([task.signal, lost.signal]) });
  } catch (error) {
    if (!lost.signal.aborted) throw error;
    throw new WarmstartError('lease.lost', `Another process took over ${held.name}.`, {
      remedy: 'See "warmstart status"; what was done so far is found by whoever goes on.',
      cause: error,
    });
  } finally {
    done.abort();
    await renewing;
    if (!lost.signal.aborted) await giveBack(held, task);
  }
}

/** Renews at a third of the lifetime until `done`, so that a network fault leaves two more tries. */
async function renew(held: Held, done: AbortSignal, onLost: () => void): Promise<void> {
  while (await pause(held.lifetimeMs / 3, done)) {
    try {
      await write(held, { ifMatch: held.etag });
    } catch (error) {
      // A lease that could not be renewed in time is anybody's, whether or not somebody took it already.
      const isOver = held.now().getTime() >= held.expiresAt;
      if (isOver || ((isPrecondition(error) || isNotFound(error)) && !(await isStillOurs(held))))
        return onLost();
    }
  }
}

/** The answer to our own write may have been lost: then its repetition fails though the lease is ours. */
async function isStillOurs(held: Held): Promise<boolean> {
  const found = await held.store.get(held.key).catch(() => undefined);
  if (!found || leaseIn(found.body).token !== held.holder.token) return false;
  held.etag = found.etag;
  return true;
}

/** Resolves true after the pause and false as soon as the work is done. */
async function pause(milliseconds: number, done: AbortSignal): Promise<boolean> {
  return sleep(milliseconds, done).then(
    () => true,
    () => false,
  );
}

async function take(held: Held): Promise<void> {
  const found = await held.store.get(held.key);
  const lease = found && leaseIn(found.body);
  if (lease && isDriven(lease, held.now())) throw heldBy(held.name, lease);
  try {
    await write(held, found ? { ifMatch: found.etag } : { ifNoneMatch: '*' });
    if (lease) unmark(lease);
  } catch (error) {
    if (!isConflict(error) && !isNotFound(error)) throw error;
    if (await isStillOurs(held)) return;
    throw new WarmstartError('lease.held', `Another process has just begun to drive ${held.name}.`, {
      kind: 'refused',
      remedy: 'Wait for it, or see "warmstart status".',
      cause: error,
    });
  }
}

async function write(held: Held, condition: { ifMatch: string } | { ifNoneMatch: '*' }): Promise<void> {
  const expires = held.now().getTime() + held.lifetimeMs;
  const lease: Lease = { ...held.holder, work: held.work, expiresAt: new Date(expires).toISOString() };
  const written = await held.store.put(held.key, JSON.stringify(lease), {
    ...condition,
    contentType: 'application/json',
  });
  held.etag = written.etag;
  held.expiresAt = expires;
}

/**
 * Deletes the lease if it is still ours: one that expired unnoticed may be somebody else's by now. A failure is told
 * and not thrown, since the work is done and the lease ends by itself.
 */
async function giveBack({ store, key, name, etag, expiresAt }: Held, task: Task): Promise<void> {
  try {
    await store.session.s3().send(new DeleteObjectCommand({ ...store.at(key), IfMatch: etag }));
  } catch (error) {
    if (isConflict(error) || isNotFound(error)) return;
    const end = new Date(expiresAt).toISOString();
    task.report({
      step: 'lease',
      message: `the lease of ${name} ends at ${end}; it could not be given back: ${messageOf(error)}`,
    });
  }
}

function leaseIn(body: Uint8Array): Lease {
  return JSON.parse(Buffer.from(body).toString('utf8')) as Lease;
}

function heldBy(name: string, lease: Lease): WarmstartError {
  return new WarmstartError(
    'lease.held',
    `${name} is being driven by process ${lease.pid} on ${lease.host} (${lease.work}).`,
    {
      kind: 'refused',
      remedy: `Wait for it; if it died, its lease ends at ${lease.expiresAt}.`,
    },
  );
}
