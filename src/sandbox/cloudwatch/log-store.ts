import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from '../sagemaker/resources';
import { Table } from '../table';

export interface LogEvent {
  timestamp: number;
  message: string;
}

export interface LogStream {
  accountId: string;
  region: string;
  group: string;
  stream: string;
  /** Milliseconds since the epoch. */
  created: number;
  /** Of the first and last event, absent before the first. */
  first?: number;
  last?: number;
  bytes: number;
}

/** Log groups, streams and their events: one file of JSON lines per stream. */
export class LogStore {
  readonly #folder: string;
  readonly #streams: Table<LogStream>;

  constructor(home: string) {
    this.#folder = join(home, 'logs');
    this.#streams = new Table(join(this.#folder, 'streams.jsonl'));
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Adds events to a stream, which comes into being with the first. */
  append(scope: Scope, group: string, stream: string, messages: string[], at = Date.now()): void {
    if (messages.length === 0) return;
    const { accountId, region } = scope;
    const key = keyOf(scope, group, stream);
    const known = this.#streams.get(key) ?? { accountId, region, group, stream, created: at, bytes: 0 };
    const lines = messages.map((message) => `${JSON.stringify({ timestamp: at, message })}\n`).join('');
    appendFileSync(this.#file(key), lines);
    const bytes = known.bytes + messages.reduce((sum, each) => sum + Buffer.byteLength(each) + 26, 0);
    this.#streams.set(key, { ...known, first: known.first ?? at, last: at, bytes });
  }

  streams(scope: Scope): LogStream[] {
    return this.#streams
      .values()
      .filter((each) => each.accountId === scope.accountId && each.region === scope.region);
  }

  /** All events of a stream, oldest first. */
  events({ accountId, region, group, stream }: LogStream): LogEvent[] {
    const file = this.#file(keyOf({ accountId, region }, group, stream));
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').split('\n');
    // A process that ended while it wrote may have left half a line.
    return lines.slice(0, -1).map((line): LogEvent => JSON.parse(line));
  }

  #file(key: string): string {
    return join(this.#folder, `${createHash('sha256').update(key).digest('hex').slice(0, 40)}.jsonl`);
  }
}

function keyOf(scope: Scope, group: string, stream: string): string {
  return [scope.accountId, scope.region, group, stream].join('\n');
}
