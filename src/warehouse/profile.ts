import type { ColumnProfile } from './dataset';

const mostDistinct = 50;
const reservoirSize = 10_000;

/**
 * Describes one column in one pass and bounded memory: Welford's mean and standard deviation (of a sample, n − 1), extremes,
 * and either exact counts or percentiles. Percentiles are exact up to 10,000 values; beyond, they come from a uniform sample
 * of that size (algorithm L, Li 1994), drawn alike in every run, which errs by about half a percentile.
 * A column without any value has zeros.
 */
export class ColumnProfiler {
  private rows = 0;
  private count = 0;
  private mean = 0;
  private squares = 0;
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;
  private distinct: Map<number, number> | undefined = new Map();
  private readonly reservoir: number[] = [];
  private readonly random = mulberry32(0x5eed);
  private weight = 1;
  private nextPick = 0;

  constructor(private readonly name: string) {}

  missing(): void {
    this.rows++;
  }

  add(value: number): void {
    this.rows++;
    this.count++;
    const delta = value - this.mean;
    this.mean += delta / this.count;
    this.squares += delta * (value - this.mean);
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (this.distinct) {
      this.distinct.set(value, (this.distinct.get(value) ?? 0) + 1);
      if (this.distinct.size > mostDistinct) this.distinct = undefined;
    }
    if (this.count <= reservoirSize) {
      this.reservoir.push(value);
      if (this.count === reservoirSize) this.skip();
    } else if (this.count === this.nextPick) {
      this.reservoir[Math.floor(this.random() * reservoirSize)] = value;
      this.skip();
    }
  }

  /** Decides which value is the next to enter the reservoir. */
  private skip(): void {
    this.weight *= Math.exp(Math.log(this.random()) / reservoirSize);
    this.nextPick = this.count + Math.floor(Math.log(this.random()) / Math.log(1 - this.weight)) + 1;
  }

  profile(): ColumnProfile {
    const common = {
      name: this.name,
      rows: this.rows,
      missing: this.rows - this.count,
      min: this.count ? this.min : 0,
      max: this.count ? this.max : 0,
      mean: this.mean,
      stdev: this.count > 1 ? Math.sqrt(this.squares / (this.count - 1)) : 0,
    };
    if (this.distinct) return { ...common, values: [...this.distinct].sort(([a], [b]) => a - b) };
    const percentiles = percentilesOf(Float64Array.from(this.reservoir).sort());
    percentiles[0] = this.min;
    percentiles[100] = this.max;
    return { ...common, percentiles };
  }
}

/** The percentiles 0 … 100 by linear interpolation between the closest ranks, as numpy's default. */
export function percentilesOf(sorted: Float64Array): number[] {
  return Array.from({ length: 101 }, (_, percent) => {
    const rank = (percent * (sorted.length - 1)) / 100;
    const low = sorted[Math.floor(rank)] ?? 0;
    const high = sorted[Math.ceil(rank)] ?? 0;
    return low + (high - low) * (rank - Math.floor(rank));
  });
}

/** A small seeded generator of numbers in (0, 1): profiles must not differ between two runs over the same rows. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}
