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

/**
 * On one scale with those beside it, so that cards can be held against each other.
 * Null when the interval is not known, or which way is better. A metric read by its nearness to 0 has no such way.
 */
export function intervalPicture(
  reading: MetricRow['reading'],
  difference: MetricDifference | null,
  among: readonly (MetricDifference | null)[] = [difference],
): IntervalPicture | null {
  if (!difference || (reading !== 'lower' && reading !== 'higher')) return null;
  const { low, high, delta } = difference;
  if (low === null || high === null) return null;
  const reach = Math.max(...among.map(reachOf));
  if (reach === 0) return null;
  const sign = reading === 'higher' ? 1 : -1;
  const place = (value: number) => 50 + ((sign * value) / reach) * (50 - margin);
  return {
    from: Math.min(place(low), place(high)),
    to: Math.max(place(low), place(high)),
    at: place(delta),
    zero: 50,
  };
}

function reachOf(difference: MetricDifference | null): number {
  if (difference?.low == null || difference.high === null) return 0;
  return Math.max(...[difference.low, difference.high, difference.delta].map(Math.abs));
}
