import type { MetricDifference, MetricRow } from '../src/comparison/comparison';

/** An interval of a difference on a line of 0 … 100, better always to the right. */
export interface IntervalPicture {
  from: number;
  to: number;
  /** The estimate. */
  at: number;
  /** Where there is no difference. */
  zero: number;
}

const margin = 8;

/** Null when the interval is not known, or which way is better. A metric read by its nearness to 0 has no such way. */
export function intervalPicture(
  reading: MetricRow['reading'],
  difference: MetricDifference | null,
): IntervalPicture | null {
  if (!difference || (reading !== 'lower' && reading !== 'higher')) return null;
  const { low, high, delta } = difference;
  if (low === null || high === null) return null;
  const sign = reading === 'higher' ? 1 : -1;
  const ends = [low * sign, high * sign, delta * sign];
  const reach = Math.max(...ends.map(Math.abs));
  if (reach === 0) return null;
  const place = (value: number) => 50 + (value / reach) * (50 - margin);
  return {
    from: place(Math.min(ends[0]!, ends[1]!)),
    to: place(Math.max(ends[0]!, ends[1]!)),
    at: place(ends[2]!),
    zero: 50,
  };
}
