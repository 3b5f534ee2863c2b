import type { Known } from '../src/comparison/comparison';
import { t } from './l10n';

/** In the writing of the sentences that come with the comparison. */
const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/**
 * A number so that it can be held against others: as many decimals as tell them all apart, at least four significant
 * digits, none of them beyond what a double holds.
 */
export function formatKnown(value: Known, among: readonly Known[] = [value]): string {
  if (value === null) return t('not measured');
  if (!isPlain(value)) return minus(value.toExponential(3));
  const decimals = decimalsOf(among);
  const format = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return minus(new Intl.NumberFormat('en-US', format).format(value));
}

/** The sign that is as wide as a digit and is not read as a hyphen. */
function minus(text: string): string {
  return text.replace(/^-/, '−');
}

/** Whether it is written without an exponent. */
function isPlain(value: number): boolean {
  return value === 0 || (Math.abs(value) < 1e9 && Math.abs(value) >= 1e-5);
}

/** How many decimals these numbers are written with, so that they stand aligned. */
export function decimalsOf(values: readonly Known[]): number {
  const known = values.filter((value) => value !== null && isPlain(value)) as number[];
  if (known.every(Number.isInteger)) return 0;
  const sorted = [...new Set(known)].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((value, index) => value - sorted[index]!);
  const smallestGap = Math.min(...gaps);
  const largest = Math.max(...known.map(Math.abs));
  const forSize = 3 - magnitude(largest);
  const forGap = Number.isFinite(smallestGap) ? -magnitude(smallestGap) : 0;
  return withoutZeros(known, Math.min(Math.max(forSize, forGap, 0), 8));
}

/** So many decimals less as all of them would end in 0. */
function withoutZeros(values: number[], decimals: number): number {
  const needed = values.map((value) => value.toFixed(decimals).replace(/0+$/, '').split('.')[1]?.length ?? 0);
  return Math.max(0, ...needed);
}

function magnitude(value: number): number {
  return value === 0 ? 0 : Math.floor(Math.log10(value));
}

export function formatCount(count: number): string {
  return plain.format(count);
}

/** A share 0 … 1 in per cent; `decimals` where such shares are held against each other. */
export function formatShare(share: number, decimals = share < 0.1 ? 1 : 0): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return `${percent.toFixed(decimals)} %`;
}

/** Words of ours that are not broken between a number and its per cent. */
export function unbroken(words: string): string {
  return words.replaceAll(' %', '\u00a0%');
}

/** A few significant digits, for text and axes where nothing stands beside it. */
export function formatShort(value: Known): string {
  if (value === null) return t('not known');
  return minus(String(Number(value.toPrecision(3))));
}

/** `2026-03-12 14:05 UTC`, of an ISO text or milliseconds; the text itself when it is neither. */
export function formatTime(time: string | number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function formatDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The beginning of a long text, cut between characters, and whether something was cut. */
export function clip(text: string, length: number): { text: string; clipped: boolean } {
  const characters = [...text.slice(0, length * 2)];
  if (characters.length <= length && text.length <= length * 2) return { text, clipped: false };
  return { text: characters.slice(0, length).join(''), clipped: true };
}

/** `12.5 min`; the number alone where there is no unit. */
export function withUnit(text: string, unit: string | null): string {
  return unit === null ? text : `${text} ${unit}`;
}
