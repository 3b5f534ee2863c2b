import type { SuggestRequest, Trial } from '../contract';
import { createRandom, mixSeed, normal, type Random } from '../random';
import { GaussianProcess, type Observation } from './gaussian-process';
import type { Encoding, Point } from './space';

/** Cold starts look around before they model. */
const FIRST_LOOKS = 3;
/** What the model learns from at most, as its cost grows with the cube; own trials come before the parents'. */
const MOST_OBSERVATIONS = 120;
const RANDOM_CANDIDATES = 300;
const NEIGHBOURS = 200;
/** Own trials' spread counts like this many more with the parents' spread. */
const SPREAD_PRIOR = 10;

/**
 * Bayesian optimisation: a Gaussian process over this job's and its parents' trials, expected improvement over
 * a pool of random points and neighbours of the best. Running trials count as if they had met their expectation,
 * so that parallel suggestions spread. A warm start's first suggestion is where its parents expect the best.
 */
export function bayesian(request: SuggestRequest, encoding: Encoding): Record<string, string> {
  const random = createRandom(request.seed, request.index);
  const own = mostTelling(request.trials.filter(hasValue), request.direction);
  const parents = request.parentTrials.filter(hasValue);
  if (own.length + parents.length < FIRST_LOOKS) return encoding.decode(spreadPoint(request, encoding.size));

  const observations = observe(request, own, parents, encoding);
  const seed = mixSeed(request.seed, request.index);
  const running = request.running.map((configuration) => encoding.encode(configuration));
  const process = withExpectations(observations, running, encoding, seed);
  const best = incumbent(process, observations);
  const taken = new Set(
    [...request.trials.map((trial) => trial.hyperparameters), ...request.running].map((hp) =>
      keyOf(hp, encoding),
    ),
  );
  const greedy = own.length === 0 && running.length === 0;
  const score = (point: Point): number => {
    const { mean, deviation } = process.predict(point);
    return greedy ? -mean : expectedImprovement(best.value - mean, deviation);
  };
  let choice: { point: Point; score: number } | undefined;
  for (const candidate of candidates(observations, encoding, random)) {
    const point = encoding.snap(candidate);
    if (taken.has(keyOf(encoding.decode(point), encoding))) continue;
    const value = score(point);
    if (!choice || value > choice.score) choice = { point, score: value };
  }
  return encoding.decode(choice?.point ?? spreadPoint(request, encoding.size));
}

function hasValue(trial: Trial): boolean {
  return Number.isFinite(trial.objective);
}

/** Of many trials the better half of the limit and the newest. */
function mostTelling(trials: Trial[], direction: SuggestRequest['direction']): Trial[] {
  if (trials.length <= MOST_OBSERVATIONS) return trials;
  const sign = direction === 'Minimize' ? 1 : -1;
  const ranked = [...trials].sort((a, b) => sign * (a.objective - b.objective));
  const kept = new Set([...ranked.slice(0, MOST_OBSERVATIONS / 2), ...trials.slice(-MOST_OBSERVATIONS / 2)]);
  return trials.filter((trial) => kept.has(trial));
}

function keyOf(configuration: Record<string, string>, encoding: Encoding): string {
  return JSON.stringify(encoding.encode(configuration).map((u) => u.toFixed(9)));
}

/** Standardised losses, lower is better. Each job has its own offset and spread, as its data may differ. */
function observe(request: SuggestRequest, own: Trial[], parents: Trial[], encoding: Encoding): Observation[] {
  const sign = request.direction === 'Minimize' ? 1 : -1;
  const jobs = new Map<string, Trial[]>();
  for (const trial of parents.slice(0, Math.max(0, MOST_OBSERVATIONS - own.length))) {
    const job = jobs.get(trial.job ?? '');
    if (job) job.push(trial);
    else jobs.set(trial.job ?? '', [trial]);
  }
  const losses = (trials: Trial[]) => trials.map((trial) => sign * trial.objective);
  const spreads = [...jobs.values()].map((trials) => spread(losses(trials)));
  const prior = spreads.find((value) => value > 0);
  const observations = toObservations(own, losses(own), ownSpread(losses(own), prior), 0, encoding);
  [...jobs.values()].forEach((trials, i) => {
    observations.push(...toObservations(trials, losses(trials), spreads[i] || prior || 1, i + 1, encoding));
  });
  return observations;
}

function toObservations(trials: Trial[], losses: number[], scale: number, task: number, encoding: Encoding) {
  const centre = average(losses);
  return trials.map(
    (trial, i): Observation => ({
      point: encoding.encode(trial.hyperparameters),
      // Very bad trials (diverged, far outside) must not flatten the rest.
      value: Math.min((losses[i]! - centre) / scale, 3),
      task,
    }),
  );
}

function ownSpread(losses: number[], prior: number | undefined): number {
  const own = losses.length > 1 ? spread(losses) : 0;
  if (prior === undefined) return own || 1;
  const n = losses.length;
  return Math.sqrt((n * own ** 2 + SPREAD_PRIOR * prior ** 2) / (n + SPREAD_PRIOR));
}

function average(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function spread(values: number[]): number {
  const mean = average(values);
  return Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
}

function withExpectations(
  observations: Observation[],
  running: Point[],
  encoding: Encoding,
  seed: number,
): GaussianProcess {
  const process = new GaussianProcess(observations, encoding.categorical, seed);
  if (running.length === 0) return process;
  const expected = running.map((point) => ({ point, value: process.predict(point).mean, task: 0 }));
  return new GaussianProcess([...observations, ...expected], encoding.categorical, seed);
}

/** The lowest expectation among points that were tried: observed values are noisy. */
function incumbent(process: GaussianProcess, observations: Observation[]): { value: number } {
  const own = observations.filter(({ task }) => task === 0);
  const tried = own.length > 0 ? own : observations;
  return { value: Math.min(...tried.map(({ point }) => process.predict(point).mean)) };
}

function expectedImprovement(gain: number, deviation: number): number {
  const z = gain / deviation;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return gain * cumulative(z) + deviation * density;
}

/** The standard normal distribution function (Abramowitz & Stegun 26.2.17, error below 1e-7). */
function cumulative(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return z > 0 ? 1 - tail : tail;
}

function* candidates(observations: Observation[], encoding: Encoding, random: Random): Generator<Point> {
  for (let i = 0; i < RANDOM_CANDIDATES; i++) yield Array.from({ length: encoding.size }, random);
  const best = [...observations].sort((a, b) => a.value - b.value).slice(0, 5);
  for (const { point } of best) yield point;
  for (let i = 0; i < NEIGHBOURS; i++) {
    const { point } = best[i % best.length]!;
    const width = 0.02 + 0.15 * random();
    yield point.map((u, d) => {
      if (random() < 0.3) return u;
      return encoding.categorical[d] ? random() : reflect(u + width * normal(random));
    });
  }
}

/** Folds a step across a bound back into the cube. */
function reflect(u: number): number {
  const inside = Math.abs(u % 2);
  return inside > 1 ? 2 - inside : inside;
}

/** A point of a Kronecker sequence (generalised golden ratio, Roberts 2018), shifted by the seed: early points spread. */
function spreadPoint({ seed, index }: SuggestRequest, size: number): Point {
  const shift = createRandom(seed, 0x73686966);
  let ratio = 2;
  for (let i = 0; i < 40; i++) ratio = (1 + ratio) ** (1 / (size + 1));
  return Array.from({ length: size }, (_, d) => (shift() + (index + 1) * ratio ** -(d + 1)) % 1);
}
