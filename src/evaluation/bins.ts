/** A sorted sample of at most `size` finite values, taken at even steps. */
function sortedSample(series: Float32Array[], size: number): Float32Array {
  const total = series.reduce((sum, s) => sum + s.length, 0);
  const step = Math.max(1, Math.ceil(total / size));
  const sample: number[] = [];
  for (const values of series) {
    for (let i = 0; i < values.length; i += step) if (Number.isFinite(values[i])) sample.push(values[i]!);
  }
  return Float32Array.from(sample).sort();
}

/**
 * Edges of at most `most` equal bins that cover the middle 99 % of all the series together, on round
 * numbers. What lies beyond belongs to the outer bins, so one far outlier cannot flatten a chart.
 */
export function roundEdges(series: Float32Array[], most: number): number[] {
  const sample = sortedSample(series, 200_000);
  if (sample.length === 0) return [0, 1];
  const low = sample[Math.floor(0.005 * (sample.length - 1))]!;
  const high = sample[Math.ceil(0.995 * (sample.length - 1))]!;
  const step = roundStep((high - low) / (most - 2) || Math.max(Math.abs(low), 1) / most);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  // Multiplying, and by the inverse for small steps, keeps 0.30000000000000004 out of the file.
  const inverse = Math.round(1 / step);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    step < 1 ? (first + i) / inverse : (first + i) * step,
  );
}

/** The smallest of 1, 2, 5 × 10ⁿ that is not less than `x`. */
function roundStep(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x));
  const factor = [1, 2, 5, 10].find((f) => f * power >= x * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** The bin of `x` among equal bins; values beyond the edges belong to the outer bins. −1 for NaN. */
export function binOf(x: number, edges: number[]): number {
  const low = edges[0]!;
  const bins = edges.length - 1;
  const bin = Math.floor(((x - low) / (edges[bins]! - low)) * bins);
  return Number.isNaN(bin) ? -1 : Math.min(bins - 1, Math.max(0, bin));
}
