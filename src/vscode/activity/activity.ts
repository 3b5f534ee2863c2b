import * as vscode from 'vscode';
import type { Progress, Task } from '../../task';
import { asEngineError } from '../engine-error';
import {
  type ActivityEntry,
  type ActivityKind,
  ended,
  newsLine,
  type Operation,
  withProgress,
} from './entry';
import { type Throttled, throttle } from './throttle';

export interface ActivityRequest {
  title: string;
  kind: ActivityKind;
  subject: string;
  connectionKey: string | null;
  /** What is remembered over a reload of the window, so that it can be resumed. */
  operation?: Operation;
}

/** An operation that was under way when an earlier window closed. */
export interface Interrupted {
  id: string;
  title: string;
  operation: Operation;
  connectionKey: string | null;
  startedAt: string;
}

export interface Outcome<T> {
  value?: T;
  error?: unknown;
}

/** The long operations of this window. */
export interface Activity extends vscode.Disposable {
  /** Fires at most every 200 ms while work is in progress, and at once when something begins or ends. */
  readonly onDidChange: vscode.Event<void>;
  /** Newest first. */
  entries(): readonly ActivityEntry[];
  /** What an earlier window left unfinished; its record in S3 says where it stands. */
  interrupted(): readonly Interrupted[];
  /** Takes an operation off {@link interrupted}, since it is being resumed or nobody wants it. */
  forget(operation: Operation): void;
  /** Stops waiting: what AWS does goes on. */
  cancel(id: string): void;
  /** Shows `work` in the Activity view and as a cancellable notification; its error is kept and thrown on. */
  run<T>(request: ActivityRequest, work: (task: Task) => Promise<T>): Promise<T>;
  /**
   * The same for several at a time under one notification; one failure stops no other, cancelling the notification
   * stops waiting for all. Never throws; the outcomes are in the order of the requests.
   */
  runEach<R extends ActivityRequest, T>(
    title: string,
    requests: readonly R[],
    limit: number,
    work: (request: R, task: Task) => Promise<T>,
  ): Promise<Outcome<T>[]>;
}

const stateKey = 'warmstart.activity.underWay';
const keptEntries = 50;

export function createActivity(state: vscode.Memento): Activity {
  return new Activities(state);
}

class Activities implements Activity {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #fire: Throttled<[]> = throttle(() => this.#changed.fire(), 200);
  readonly #cancels = new Map<string, AbortController>();
  #entries: ActivityEntry[] = [];
  #interrupted: Interrupted[];
  #disposed = false;
  #count = 0;

  constructor(private readonly state: vscode.Memento) {
    this.#interrupted = state.get<Interrupted[]>(stateKey, []);
  }

  entries(): readonly ActivityEntry[] {
    return this.#entries;
  }

  interrupted(): readonly Interrupted[] {
    return this.#interrupted;
  }

  forget(operation: Operation): void {
    const left = this.#interrupted.filter((earlier) => !isSame(earlier.operation, operation));
    if (left.length === this.#interrupted.length) return;
    this.#interrupted = left;
    this.#remember();
    this.#changed.fire();
  }

  cancel(id: string): void {
    this.#cancels.get(id)?.abort();
  }

  run<T>(request: ActivityRequest, work: (task: Task) => Promise<T>): Promise<T> {
    return notified(request.title, (cancelled, show) => this.#track(request, work, cancelled, show));
  }

  runEach<R extends ActivityRequest, T>(
    title: string,
    requests: readonly R[],
    limit: number,
    work: (request: R, task: Task) => Promise<T>,
  ): Promise<Outcome<T>[]> {
    return notified(title, async (cancelled, show) => {
      const outcomes: Outcome<T>[] = requests.map(() => ({}));
      let next = 0;
      const lane = async () => {
        for (let i = next++; i < requests.length; i = next++) {
          const request = requests[i] as R;
          try {
            outcomes[i] = {
              value: await this.#track(request, (task) => work(request, task), cancelled, show),
            };
          } catch (error) {
            outcomes[i] = { error };
          }
        }
      };
      await Promise.all(Array.from({ length: Math.min(limit, requests.length) }, lane));
      return outcomes;
    });
  }

  dispose(): void {
    // What is under way stays remembered: leases are given back and the next window offers to resume.
    this.#disposed = true;
    for (const cancel of this.#cancels.values()) cancel.abort();
    this.#fire.flush();
    this.#changed.dispose();
  }

  async #track<T>(
    request: ActivityRequest,
    work: (task: Task) => Promise<T>,
    cancelled: AbortSignal,
    show: (progress: Progress) => void,
  ): Promise<T> {
    const cancel = new AbortController();
    const { id } = this.#begin(request, cancel);
    const task: Task = {
      signal: AbortSignal.any([cancel.signal, cancelled]),
      report: (progress) => {
        show({ subject: request.subject, ...progress });
        this.#news(id, progress);
      },
      now: () => new Date(),
    };
    try {
      const value = await work(task);
      this.#end(id, { status: 'done', message: vscode.l10n.t('Done') });
      return value;
    } catch (error) {
      const { code, kind, message, remedy = null } = asEngineError(error);
      this.#end(
        id,
        kind === 'cancelled'
          ? { status: 'cancelled', message }
          : { status: 'failed', message, error: { code, message, remedy } },
      );
      throw error;
    } finally {
      this.#cancels.delete(id);
    }
  }

  #begin(
    { title, kind, subject, connectionKey, operation }: ActivityRequest,
    cancel: AbortController,
  ): ActivityEntry {
    const entry: ActivityEntry = {
      id: `activity-${Date.now().toString(36)}-${++this.#count}`,
      title,
      kind,
      subject,
      connectionKey,
      operation: operation ?? null,
      status: 'running',
      message: '',
      startedAt: new Date().toISOString(),
      finishedAt: null,
      steps: [],
      error: null,
    };
    this.#cancels.set(entry.id, cancel);
    const kept = this.#entries.filter((e, i) => e.status === 'running' || i < keptEntries - 1);
    this.#entries = [entry, ...kept];
    if (operation && idOf(operation) !== null)
      this.#interrupted = this.#interrupted.filter((i) => !isSame(i.operation, operation));
    this.#remember();
    this.#changed.fire();
    return entry;
  }

  #news(id: string, progress: Progress): void {
    const before = this.#entries.find((entry) => entry.id === id);
    if (before?.status !== 'running') return;
    const after = withProgress(before, progress, new Date());
    this.#replace(after);
    if (after.operation !== before.operation) this.#remember();
    this.#fire();
  }

  #end(id: string, end: Parameters<typeof ended>[1]): void {
    const entry = this.#entries.find((e) => e.id === id);
    if (entry) this.#replace(ended(entry, end, new Date()));
    this.#remember();
    if (!this.#disposed) this.#changed.fire();
  }

  #replace(entry: ActivityEntry): void {
    this.#entries = this.#entries.map((e) => (e.id === entry.id ? entry : e));
  }

  #remember(): void {
    if (this.#disposed) return;
    const running = this.#entries.flatMap(({ status, id, title, operation, connectionKey, startedAt }) =>
      status === 'running' && operation ? [{ id, title, operation, connectionKey, startedAt }] : [],
    );
    const saved = [...running, ...this.#interrupted];
    void this.state.update(stateKey, saved.length ? saved : undefined);
  }
}

/** A cancellable notification around `work`, whose text changes at most five times a second. */
function notified<T>(
  title: string,
  work: (cancelled: AbortSignal, show: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return Promise.resolve(
    vscode.window.withProgress(options, async (notification, token) => {
      const cancel = new AbortController();
      const onCancel = token.onCancellationRequested(() => cancel.abort());
      const show = throttle(
        (progress: Progress) => notification.report({ message: newsLine(progress) }),
        200,
      );
      try {
        return await work(cancel.signal, show);
      } finally {
        onCancel.dispose();
        show.flush();
      }
    }),
  );
}

function idOf(operation: Operation): string | null {
  return operation.kind === 'retrain' ? operation.runId : operation.releaseId;
}

/** The same run or release; one whose id is not known yet is any of the same model or endpoint. */
function isSame(a: Operation, b: Operation): boolean {
  const [x, y] = [idOf(a), idOf(b)];
  if (x !== null && y !== null && x !== y) return false;
  if (a.kind === 'retrain' || b.kind === 'retrain')
    return a.kind === 'retrain' && b.kind === 'retrain' && a.model === b.model;
  return a.environment === b.environment && a.endpoint === b.endpoint;
}
