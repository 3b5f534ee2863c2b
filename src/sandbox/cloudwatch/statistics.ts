import { ServiceError } from '../service';
import type { Bucket } from './metric-store';

/** One period's value of a statistic. */
export interface Point {
  time: Date;
  value: number;
}

/**
 * A statistic by period, oldest first; periods without data are left out. The start is rounded down to its period.
 * @param period seconds, a multiple of 60
 * @throws ServiceError ValidationError for a statistic or period CloudWatch does not have
 */
export function statistics(
  buckets: Bucket[],
  range: { start: Date; end: Date; period: number },
  stat: string,
): Point[] {
  const { period } = range;
  if (period < 60 || period % 60 !== 0) {
    throw new ServiceError('ValidationError', `The value ${period} for parameter Period is not supported.`);
  }
  const compute = statistic(stat);
  const length = period * 1000;
  const from = Math.floor(range.start.getTime() / length) * length;
  const periods = new Map<number, Bucket[]>();
  for (const bucket of buckets) {
    if (bucket.minute < from || bucket.minute >= range.end.getTime()) continue;
    const start = Math.floor(bucket.minute / length) * length;
    const known = periods.get(start) ?? [];
    periods.set(start, known);
    known.push(bucket);
  }
  return [...periods]
    .sort(([a], [b]) => a - b)
    .map(([start, all]) => ({ time: new Date(start), value: compute(all) }));
}

function statistic(name: string): (buckets: Bucket[]) => number {
  const total = (buckets: Bucket[], of: (bucket: Bucket) => number) =>
    buckets.reduce((sum, each) => sum + of(each), 0);
  const count = (buckets: Bucket[]) => total(buckets, (each) => each.count);
  const sum = (buckets: Bucket[]) => total(buckets, (each) => each.sum);
  switch (name) {
    case 'SampleCount':
      return count;
    case 'Sum':
      return sum;
    case 'Average':
      return (buckets) => sum(buckets) / count(buckets);
    case 'Minimum':
      return (buckets) => Math.min(...buckets.map((each) => each.min));
    case 'Maximum':
      return (buckets) => Math.max(...buckets.map((each) => each.max));
    default: {
      const percent = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name)?.[1];
      if (percent === undefined) {
        throw new ServiceError('ValidationError', `The value ${name} for parameter Stat is not supported.`);
      }
      return (buckets) =>
        percentile(
          buckets.flatMap((each) => each.values),
          Number(percent) / 100,
        );
    }
  }
}

/** Linear between the two nearest ranks. */
function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return low + (high - low) * (at - Math.floor(at));
}
