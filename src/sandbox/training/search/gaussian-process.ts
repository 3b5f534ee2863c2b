import { createRandom, normal } from '../random';
import type { Point } from './space';

/** An observed value; observations of the same task share one unknown offset. */
export interface Observation {
  point: Point;
  value: number;
  /** 0 is the task that is predicted. */
  task: number;
}

/** The kernel's parameters. Values are standardised, so the signal's variance is 1. */
interface Kernel {
  lengths: number[];
  noise: number;
}

/** How much one task tells about another: the correlation of their functions. */
const KINSHIP = 0.9;
/** Variance of a task's offset. */
const OFFSET = 1;
const FIT_STEPS = 60;
const SHORTEST = 0.05;
const LONGEST = 4;

/**
 * A Gaussian process over the unit cube with a Matérn-5/2 kernel, one length scale per dimension, for several
 * related tasks (Rasmussen & Williams 2006; Swersky et al. 2013 for the tasks). Length scales and noise maximise
 * the posterior density of the observations by a seeded hill climb.
 */
export class GaussianProcess {
  readonly #kernel: Kernel;
  readonly #factor: Float64Array[];
  readonly #weights: Float64Array;

  constructor(
    private readonly observations: Observation[],
    private readonly categorical: boolean[],
    seed: number,
  ) {
    this.#kernel = this.#fit(seed);
    const solved = this.#solve(this.#kernel)!;
    this.#factor = solved.factor;
    this.#weights = solved.weights;
  }

  /** Mean and standard deviation of the predicted task's function at a point, without noise. */
  predict(point: Point): { mean: number; deviation: number } {
    const n = this.observations.length;
    const covariance = new Float64Array(n);
    for (let i = 0; i < n; i++)
      covariance[i] = this.#covariance({ point, task: 0 }, this.observations[i]!, this.#kernel);
    let mean = 0;
    for (let i = 0; i < n; i++) mean += covariance[i]! * this.#weights[i]!;
    const solved = forwardSubstitute(this.#factor, covariance);
    let variance = 1 + OFFSET;
    for (let i = 0; i < n; i++) variance -= solved[i]! * solved[i]!;
    return { mean, deviation: Math.sqrt(Math.max(variance, 1e-12)) };
  }

  #fit(seed: number): Kernel {
    const random = createRandom(seed, 0x6b65726e);
    let best: Kernel = { lengths: this.categorical.map(() => 0.5), noise: 0.05 };
    let bestScore = this.#score(best);
    for (let step = 0; step < FIT_STEPS; step++) {
      const width = 1 - (0.7 * step) / FIT_STEPS;
      const trial: Kernel = {
        lengths: best.lengths.map((length) =>
          random() < 0.5 ? length : clamp(length * Math.exp(width * normal(random)), SHORTEST, LONGEST),
        ),
        noise: clamp(best.noise * Math.exp(width * normal(random)), 1e-4, 1),
      };
      const score = this.#score(trial);
      if (score > bestScore) {
        best = trial;
        bestScore = score;
      }
    }
    return best;
  }

  /** Log marginal likelihood plus log-normal priors that keep few observations from extreme scales. */
  #score(kernel: Kernel): number {
    const solved = this.#solve(kernel);
    if (!solved) return Number.NEGATIVE_INFINITY;
    let score = -(Math.log(kernel.noise / 0.02) ** 2) / 8;
    for (const length of kernel.lengths) score -= Math.log(length / 0.6) ** 2 / 2;
    this.observations.forEach(({ value }, i) => {
      score -= 0.5 * value * solved.weights[i]! + Math.log(solved.factor[i]![i]!);
    });
    return score;
  }

  #solve(kernel: Kernel): { factor: Float64Array[]; weights: Float64Array } | undefined {
    const { observations } = this;
    const matrix = observations.map((a, i) => {
      const row = new Float64Array(i + 1);
      for (let j = 0; j <= i; j++) row[j] = this.#covariance(a, observations[j]!, kernel);
      row[i]! += kernel.noise + 1e-8;
      return row;
    });
    if (!cholesky(matrix)) return undefined;
    const values = Float64Array.from(observations, ({ value }) => value);
    return { factor: matrix, weights: backwardSubstitute(matrix, forwardSubstitute(matrix, values)) };
  }

  #covariance(a: { point: Point; task: number }, b: { point: Point; task: number }, kernel: Kernel): number {
    let squared = 0;
    for (let d = 0; d < kernel.lengths.length; d++) {
      const difference = a.point[d]! - b.point[d]!;
      const distance = this.categorical[d] ? (difference === 0 ? 0 : 1) : difference;
      squared += (distance / kernel.lengths[d]!) ** 2;
    }
    const r = Math.sqrt(5 * squared);
    const matern = (1 + r + (5 * squared) / 3) * Math.exp(-r);
    return a.task === b.task ? matern + OFFSET : KINSHIP * matern;
  }
}

/** Replaces a symmetric matrix (lower triangle by rows) by its Cholesky factor; false if not positive definite. */
function cholesky(matrix: Float64Array[]): boolean {
  for (let i = 0; i < matrix.length; i++) {
    const row = matrix[i]!;
    for (let j = 0; j <= i; j++) {
      const other = matrix[j]!;
      let sum = row[j]!;
      for (let k = 0; k < j; k++) sum -= row[k]! * other[k]!;
      if (j < i) {
        row[j] = sum / other[j]!;
      } else {
        if (sum <= 0) return false;
        row[i] = Math.sqrt(sum);
      }
    }
  }
  return true;
}

function forwardSubstitute(factor: Float64Array[], values: Float64Array): Float64Array {
  const solved = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    let sum = values[i]!;
    for (let j = 0; j < i; j++) sum -= factor[i]![j]! * solved[j]!;
    solved[i] = sum / factor[i]![i]!;
  }
  return solved;
}

function backwardSubstitute(factor: Float64Array[], values: Float64Array): Float64Array {
  const solved = new Float64Array(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    let sum = values[i]!;
    for (let j = i + 1; j < values.length; j++) sum -= factor[j]![i]! * solved[j]!;
    solved[i] = sum / factor[i]![i]!;
  }
  return solved;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
