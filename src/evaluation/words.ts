import { directionOfMetric, worsening } from '../project/metrics';

/** A number for people: `digits` significant digits, whole numbers in full. */
export function show(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'unknown';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  return String(Number(value.toPrecision(digits)));
}

/**
 * How a candidate's metric compares with the champion's: `better by 0.42 (1.3 %)`, `the same`, or for bias
 * `closer to zero by 0.2`. The percentage is of the champion's value.
 */
export function comparison(
  metric: string,
  candidate: number,
  champion: number,
  unit: string | null = null,
): string {
  const worse = worsening(metric, candidate, champion);
  if (Number.isNaN(worse)) return 'cannot be compared';
  if (worse === 0) return 'the same';
  const size = withUnit(show(Math.abs(worse)), unit);
  if (directionOfMetric(metric) === 'zero') {
    return `${worse > 0 ? 'farther from' : 'closer to'} zero by ${size}`;
  }
  const percent = champion === 0 ? '' : ` (${show((100 * Math.abs(worse)) / Math.abs(champion), 2)} %)`;
  return `${worse > 0 ? 'worse' : 'better'} by ${size}${percent}`;
}

/** `12.5 min`; the number alone where there is no unit. */
export function withUnit(text: string, unit: string | null): string {
  return unit === null || unit === '' ? text : `${text} ${unit}`;
}
