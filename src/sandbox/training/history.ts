import { type NamedMetric, watchedMetric } from './evaluation';
import { MAXIMISED_METRICS } from './metrics';
import type { Parameters } from './parameters';

/** Metrics of every round, the container's log lines of them, and the early-stopping rule. */
export class History {
  readonly values: Record<string, number[]> = {};
  readonly log: string[] = [];
  readonly #watched: { key: string; patience: number; maximise: boolean } | undefined;
  #best: { round: number; score: number } | undefined;

  constructor(
    private readonly metrics: NamedMetric[],
    parameters: Parameters,
    hasValidation: boolean,
  ) {
    const metric = watchedMetric(parameters);
    if (!metric || !parameters.earlyStoppingRounds || !hasValidation) return;
    this.#watched = {
      key: `validation:${metric}`,
      patience: parameters.earlyStoppingRounds,
      maximise: MAXIMISED_METRICS.includes(metric),
    };
  }

  /** Notes a round's values, in the order of the metrics; returns them by name (`validation:rmse`). */
  record(train: number[], validation: number[]): Record<string, number> {
    const round = this.log.length;
    const now: Record<string, number> = {};
    for (const [set, values] of [
      ['train', train],
      ['validation', validation],
    ] as const) {
      values.forEach((value, i) => {
        now[`${set}:${this.metrics[i]!.name}`] = value;
      });
    }
    let line = `[${round}]`;
    for (const [key, value] of Object.entries(now)) {
      line += `#011${key.replace(':', '-')}:${value.toFixed(5)}`;
      const series = this.values[key] ?? [];
      this.values[key] = series;
      series.push(value);
    }
    this.log.push(line);
    this.#judge(round, now);
    return now;
  }

  /** The best round by the watched metric, the earliest of equals; `undefined` without early stopping. */
  get best(): { round: number; score: number } | undefined {
    return this.#best;
  }

  get stopsEarly(): boolean {
    if (!this.#watched || !this.#best) return false;
    return this.log.length - 1 - this.#best.round >= this.#watched.patience;
  }

  /** Forgets the rounds from `rounds` on. */
  cut(rounds: number): void {
    this.log.length = rounds;
    for (const series of Object.values(this.values)) series.length = rounds;
    if (!this.#watched) return;
    this.#best = undefined;
    const { key } = this.#watched;
    (this.values[key] ?? []).forEach((score, round) => {
      this.#judge(round, { [key]: score });
    });
  }

  /** The last value of each metric. */
  get latest(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.values).map(([key, series]) => [key, series.at(-1)!]));
  }

  #judge(round: number, now: Record<string, number>): void {
    const score = this.#watched && now[this.#watched.key];
    if (score === undefined || !this.#watched) return;
    const better = this.#watched.maximise
      ? score > (this.#best?.score ?? Number.NEGATIVE_INFINITY)
      : score < (this.#best?.score ?? Number.POSITIVE_INFINITY);
    if (better) this.#best = { round, score };
  }
}
