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
  /** Of a gauge: each source's last value. */
  gauges?: Record<string, number>;
}

interface Identity {
  accountId: string;
  region: string;
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
}

export interface Metric extends Identity {
  /** Oldest first. */
  buckets: Bucket[];
}

const MINUTE = 60_000;
const KEPT_VALUES = 200;
/** CloudWatch keeps one-minute values for 15 days; here a day is plenty. */
const KEPT_MINUTES = 24 * 60;

/** Metrics by minute, in memory. A minute is written down when the metric's next one begins, and by `save`. */
export class MetricStore {
  readonly #table: Table<Identity & { bucket: Bucket }>;
  readonly #metrics = new Map<string, Metric>();

  constructor(home: string) {
    this.#table = new Table(join(home, 'cloudwatch', 'metrics.jsonl'));
    const stored = this.#table.values().sort((a, b) => a.bucket.minute - b.bucket.minute);
    for (const { bucket, ...identity } of stored) this.#metric(identity).buckets.push(bucket);
  }

  record(
    { accountId, region }: Scope,
    namespace: string,
    name: string,
    value: number,
    dimensions: Record<string, string>,
    at = Date.now(),
  ): void {
    const bucket = this.#bucket({ accountId, region, namespace, name, dimensions }, at);
    bucket.count++;
    bucket.sum += value;
    bucket.min = Math.min(bucket.min, value);
    bucket.max = Math.max(bucket.max, value);
    if (bucket.values.length < KEPT_VALUES) bucket.values.push(value);
  }

  /** A level, not an event: of each source (an instance) a minute holds one sample, its last. */
  gauge(
    { accountId, region }: Scope,
    namespace: string,
    name: string,
    value: number,
    dimensions: Record<string, string>,
    source: string,
    at = Date.now(),
  ): void {
    const bucket = this.#bucket({ accountId, region, namespace, name, dimensions }, at);
    bucket.gauges = { ...bucket.gauges, [source]: value };
    bucket.values = Object.values(bucket.gauges);
    bucket.count = bucket.values.length;
    bucket.sum = bucket.values.reduce((sum, each) => sum + each, 0);
    bucket.min = Math.min(...bucket.values);
    bucket.max = Math.max(...bucket.values);
  }

  metrics(scope: Scope): Metric[] {
    return [...this.#metrics.values()].filter(
      (each) => each.accountId === scope.accountId && each.region === scope.region,
    );
  }

  find(
    { accountId, region }: Scope,
    namespace: string,
    name: string,
    dimensions: Record<string, string>,
  ): Metric | undefined {
    return this.#metrics.get(keyOf({ accountId, region, namespace, name, dimensions }));
  }

  /** Writes down the minutes that are still in memory only. */
  save(): void {
    for (const metric of this.#metrics.values()) {
      const last = metric.buckets.at(-1);
      if (last) this.#write(metric, last);
    }
  }

  /** The bucket of this minute; the one before it is over and written down. */
  #bucket(identity: Identity, at: number): Bucket {
    const metric = this.#metric(identity);
    const minute = Math.floor(at / MINUTE) * MINUTE;
    const last = metric.buckets.at(-1);
    if (last?.minute === minute) return last;
    if (last) this.#write(metric, last);
    const [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const bucket = { minute, count: 0, sum: 0, min, max, values: [] };
    metric.buckets.push(bucket);
    if (metric.buckets.length > KEPT_MINUTES) this.#forget(metric);
    return bucket;
  }

  #metric(identity: Identity): Metric {
    const key = keyOf(identity);
    const metric = this.#metrics.get(key) ?? { ...identity, buckets: [] };
    this.#metrics.set(key, metric);
    return metric;
  }

  #write(metric: Metric, bucket: Bucket): void {
    const { buckets: _, ...identity } = metric;
    this.#table.set(`${keyOf(metric)}\n${bucket.minute}`, { ...identity, bucket });
  }

  #forget(metric: Metric): void {
    const oldest = metric.buckets.shift();
    if (oldest) this.#table.delete(`${keyOf(metric)}\n${oldest.minute}`);
  }
}

function keyOf({ accountId, region, namespace, name, dimensions }: Identity): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return [accountId, region, namespace, name, JSON.stringify(sorted)].join('\n');
}
