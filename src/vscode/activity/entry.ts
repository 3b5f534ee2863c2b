import type { Progress } from '../../task';

export type ActivityKind = 'retrain' | 'release' | 'rollback' | 'sandbox';
export type ActivityStatus = 'running' | 'done' | 'failed' | 'cancelled';

/** What an activity drives, as it is found again in S3 when the window that drove it is gone. */
export type Operation =
  | { kind: 'retrain'; model: string; runId: string | null }
  | { kind: 'release' | 'rollback'; environment: string; endpoint: string; releaseId: string | null };

export interface ActivityStep {
  name: string;
  /** Its latest news. */
  message: string;
  /** ISO-8601, UTC, as all times here. */
  startedAt: string;
  finishedAt: string | null;
  /** Parts done and parts in all, where countable. */
  done: number | null;
  total: number | null;
}

/** A long operation that this window started, kept with its result until the window closes. Plain data. */
export interface ActivityEntry {
  id: string;
  title: string;
  kind: ActivityKind;
  /** The model or endpoint that it is about. */
  subject: string;
  /** The connection under which it was started; null for what needs none. */
  connectionKey: string | null;
  operation: Operation | null;
  status: ActivityStatus;
  /** The latest news, or how it ended. */
  message: string;
  startedAt: string;
  finishedAt: string | null;
  steps: ActivityStep[];
  error: { code: string; message: string; remedy: string | null } | null;
}

/** The entry after one line of news. Pure. */
export function withProgress(entry: ActivityEntry, progress: Progress, now: Date): ActivityEntry {
  const at = now.toISOString();
  const last = entry.steps.at(-1);
  const news = {
    name: progress.step,
    message: progress.message,
    done: progress.done ?? null,
    total: progress.total ?? null,
  };
  const steps =
    last?.name === progress.step && last.finishedAt === null
      ? [...entry.steps.slice(0, -1), { ...last, ...news }]
      : [...closed(entry.steps, at), { ...news, startedAt: at, finishedAt: null }];
  return { ...entry, message: progress.message, steps, operation: identified(entry.operation, progress) };
}

/** The entry at its end. Pure. */
export function ended(
  entry: ActivityEntry,
  end: { status: Exclude<ActivityStatus, 'running'>; message: string; error?: ActivityEntry['error'] },
  now: Date,
): ActivityEntry {
  const at = now.toISOString();
  return {
    ...entry,
    status: end.status,
    message: end.message,
    finishedAt: at,
    steps: closed(entry.steps, at),
    error: end.error ?? null,
  };
}

/** Runs and releases make up their ids when they begin, and say so in their first line of news. */
function identified(operation: Operation | null, { detail }: Progress): Operation | null {
  if (operation?.kind === 'retrain' && typeof detail?.runId === 'string')
    return { ...operation, runId: detail.runId };
  if (operation && operation.kind !== 'retrain' && typeof detail?.releaseId === 'string')
    return { ...operation, releaseId: detail.releaseId };
  return operation;
}

function closed(steps: readonly ActivityStep[], at: string): ActivityStep[] {
  return steps.map((step) => (step.finishedAt === null ? { ...step, finishedAt: at } : step));
}

/** A line of news for a notification: `delay-ord: 2 of 6 training jobs done`. Pure. */
export function newsLine({ subject, message, done, total }: Progress): string {
  const count = done === undefined || total === undefined || /\d+ of \d+/.test(message);
  return `${subject === undefined ? '' : `${subject}: `}${message}${count ? '' : ` (${done} of ${total})`}`;
}
