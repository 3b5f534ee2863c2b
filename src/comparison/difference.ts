import { show, withUnit, comparison as wordsOf } from '../evaluation/words';
import { directionOfMetric, metricNames, unitOfMetric, worsening } from '../project/metrics';
import type { MetricDifference, Verdict } from './comparison';
import type { Against } from './measured';

/**
 * One metric of a candidate against the baseline; null where either is not known.
 * @param labelUnit the label's unit; metrics that are not in it go without
 */
export function differenceOf(
  metric: string,
  value: number | undefined,
  against: Against,
  labelUnit: string | null,
): MetricDifference | null {
  const reference = Object.hasOwn(against.metrics, metric) ? against.metrics[metric] : undefined;
  if (value === undefined || reference === undefined) return null;
  if (!Number.isFinite(value) || !Number.isFinite(reference)) return null;
  const unit = unitOfMetric(metric, labelUnit);
  const delta = value - reference;
  const interval = knownInterval(against, metric);
  const known = metricNames.includes(metric);
  return {
    against: reference,
    delta,
    percent: reference === 0 ? null : (100 * Math.abs(delta)) / Math.abs(reference),
    verdict: known ? verdictOf(worsening(metric, value, reference), interval, against.shared) : 'unknown',
    words: known ? wordsOf(metric, value, reference, unit) : changeOf(delta),
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    interval: interval ? intervalWords(metric, interval, unit) : '',
    shared: against.shared,
  };
}

/** Of a metric that nobody knows how to read. */
function changeOf(delta: number): string {
  if (delta === 0) return 'the same';
  return `${delta > 0 ? 'more' : 'less'} by ${show(Math.abs(delta))}`;
}

interface Interval {
  low: number;
  high: number;
}

function knownInterval({ intervals }: Against, metric: string): Interval | undefined {
  const interval = intervals.get(metric);
  return interval && Number.isFinite(interval.low) && Number.isFinite(interval.high) ? interval : undefined;
}

/**
 * Better or worse only by an interval that does not hold 0. Figures of different rows say little about which model is
 * better, not even when they are equal.
 */
function verdictOf(worse: number, interval: Interval | undefined, shared: boolean): Verdict {
  if (Number.isNaN(worse)) return 'unknown';
  if (!shared) return 'uncertain';
  if (worse === 0) return 'same';
  if (!interval || (interval.low <= 0 && interval.high >= 0)) return 'uncertain';
  return worse > 0 ? 'worse' : 'better';
}

/**
 * The interval of candidate − baseline as somebody would say it: `better by 0.8–1.4 min`, `between 0.2 worse and 0.6
 * better`. Of a metric that should be near zero the signed difference is no improvement, and the words say only
 * where it lies. Empty when an end is not known.
 */
export function intervalWords(metric: string, { low, high }: Interval, unit: string | null = null): string {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return '';
  const reading = metricNames.includes(metric) ? directionOfMetric(metric) : 'zero';
  if (low === 0 && high === 0) return 'the same';
  if (reading === 'zero') {
    const [from, to] = numbersOf(low, high);
    return `shifted by ${from} to ${withUnit(to, unit)}, which by itself is neither better nor worse`;
  }
  // How much better: 0 or more is an improvement.
  const [least, most] = reading === 'lower' ? [-high, -low] : [low, high];
  const [a, b] = unsigned(numbersOf(least, most));
  if (least > 0) return `better by ${withUnit(rangeOf(a, b), unit)}`;
  if (most < 0) return `worse by ${withUnit(rangeOf(b, a), unit)}`;
  if (least === 0) return `up to ${withUnit(b, unit)} better`;
  if (most === 0) return `up to ${withUnit(a, unit)} worse`;
  return `between ${withUnit(a, unit)} worse and ${withUnit(b, unit)} better`;
}

function rangeOf(from: string, to: string): string {
  return from === to ? from : `${from}–${to}`;
}

/** Both ends with as many decimals as the width of the interval is worth, and enough to keep an end from showing 0. */
function numbersOf(low: number, high: number): [string, string] {
  const decimals = decimalsOf((high - low || Math.abs(low)) / 5);
  const text = (value: number) =>
    value.toFixed(Math.min(100, Math.max(decimals, decimalsOf(Math.abs(value))))).replace('-', '−');
  return [text(low), text(high)];
}

function unsigned([low, high]: [string, string]): [string, string] {
  return [low.replace('−', ''), high.replace('−', '')];
}

/** Decimals that show the first significant digit. */
function decimalsOf(value: number): number {
  return value === 0 ? 0 : Math.max(0, -Math.floor(Math.log10(value)));
}
