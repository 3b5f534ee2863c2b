import { join } from 'node:path';
import type { Scope } from '../sagemaker/resources';
import { Table } from '../table';

/** The values of one metric in one minute. */
export interface Bucket {
  /** Start of the minute, milliseconds since the epoch. */
  minute: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  /** The values themselves, for percentiles; at most `KEPT_VALUES`. */
  values: number[];
}

export interface Metric {
  accountId: string;
  region: string;
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  buckets: Bucket[];
}

const MINUTE = 60_000;
const KEPT_VALUES = 200;
/** One-minute values are kept for 15 days, as CloudWatch keeps them; here a day is plenty. */
const KEPT_MINUTES = 24 * 60;

/** Metrics by minute. Kept in memory; minutes that are over are written down, at most once a minute per metric. */
export class MetricStore {
  readonly #table: Table<Metric>;
  readonly #metrics: Map<string, Metric>;

  constructor(home: string) {
    this.#table = new Table(join(home, 'cloudwatch', 'metrics.jsonl'));
    this.#metrics = new Map(this.#table.entries());
  }

  record(
    scope: Scope,
    namespace: string,
    name: string,
    value: number,
    dimensions: Record<string, string>,
    at = Date.now(),
  ): void {
    const { accountId, region } = scope;
    const key = [accountId, region, namespace, name, dimensionsKey(dimensions)].join('\n');
    let metric = this.#metrics.get(key);
    if (!metric) {
      metric = { accountId, region, namespace, name, dimensions, buckets: [] };
      this.#metrics.set(key, metric);
    }
    const minute = Math.floor(at / MINUTE) * MINUTE;
    let bucket = metric.buckets.at(-1);
    if (bucket?.minute !== minute) {
      bucket = { minute, count: 0, sum: 0, min: value, max: value, values: [] };
      metric.buckets.push(bucket);
      if (metric.buckets.length > KEPT_MINUTES) metric.buckets.shift();
      this.#table.set(key, metric);
    }
    bucket.count++;
    bucket.sum += value;
    bucket.min = Math.min(bucket.min, value);
    bucket.max = Math.max(bucket.max, value);
    if (bucket.values.length < KEPT_VALUES) bucket.values.push(value);
  }

  metrics(scope: Scope): Metric[] {
    return [...this.#metrics.values()].filter(
      (each) => each.accountId === scope.accountId && each.region === scope.region,
    );
  }

  find(
    scope: Scope,
    namespace: string,
    name: string,
    dimensions: Record<string, string>,
  ): Metric | undefined {
    const key = [scope.accountId, scope.region, namespace, name, dimensionsKey(dimensions)].join('\n');
    return this.#metrics.get(key);
  }

  /** Writes down what is in memory only. */
  save(): void {
    for (const [key, metric] of this.#metrics) this.#table.set(key, metric);
  }
}

function dimensionsKey(dimensions: Record<string, string>): string {
  return JSON.stringify(Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
