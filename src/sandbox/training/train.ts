import { type Ensemble, releaseOf, writeModel } from './artifact';
import { estimateBaseScore, median } from './base-score';
import { type BinnedMatrix, binMatrix } from './bins';
import type { LabelledMatrix, TrainRequest, TrainResult } from './contract';
import { evaluate, metricsOf, type NamedMetric, watchedMetric } from './evaluation';
import { algorithmError, clientError } from './failure';
import { computeGradients, createGradients, type Gradients } from './gradients';
import { type GrownTree, growTree } from './grow';
import { validateHyperparameters } from './hyperparameters';
import { MAXIMISED_METRICS } from './metrics';
import { createObjective, type Objective } from './objectives';
import { type Parameters, readParameters } from './parameters';
import { createRandom, type Random } from './random';
import { addTree, type Tree } from './tree';

/**
 * Trains a model as SageMaker's XGBoost container of that version would, with `tree_method=hist`. The same
 * request gives the same bytes; random choices (sampling) differ from XGBoost's for the same seed.
 *
 * @throws WarmstartError `training.client-error` or `training.algorithm-error` with the container's wording
 */
export function train(request: TrainRequest): TrainResult {
  const release = releaseOf(request.version);
  const hyperparameters = validateHyperparameters(request.hyperparameters, request.version);
  const parameters = readParameters(hyperparameters, release, request.train.features.columns);
  const objective = createObjective(parameters.objective, parameters.objectiveOptions);
  if (!objective) throw algorithmError(`Unknown objective function: \`${parameters.objective}\``);
  checkData(request, objective);

  const booster = new Booster(request, parameters, objective, release);
  const history = new History(metricsOf(parameters, objective), parameters, request.validation !== undefined);
  let rounds = 0;
  while (rounds < parameters.rounds) {
    booster.boost();
    const values = history.record(
      rounds++,
      (metrics) => evaluate(metrics, objective, booster.trainMargins, request.train),
      (metrics) => booster.evaluateValidation(metrics),
    );
    if (history.stopsEarly() || request.stop?.(rounds - 1, values)) break;
  }

  const best = history.best();
  const kept = best ? best.round + 1 : rounds;
  return {
    model: writeModel(booster.ensemble(kept, attributes(release, kept, parameters, best?.score))),
    history: history.values,
    metrics: history.metricsAt(rounds - 1),
    log: history.log,
    rounds,
  };
}

/**
 * The attributes that `xgboost.train` leaves in the model: 1.x always notes where it ended; later releases only
 * after early stopping, with the score.
 */
function attributes(
  [major]: readonly [number, number, number],
  kept: number,
  { parallelTrees }: Parameters,
  bestScore: number | undefined,
): Record<string, string> {
  const end = { best_iteration: String(kept - 1) };
  if (major < 2) return { ...end, best_ntree_limit: String(kept * parallelTrees) };
  return bestScore === undefined ? {} : { ...end, best_score: String(bestScore) };
}

/** The ensemble in training: margins of both data sets grow with every round. */
class Booster {
  readonly #matrix: BinnedMatrix;
  readonly #baseScore: number[];
  readonly #gradients: Gradients;
  readonly #random: Random;
  readonly #trees: Tree[] = [];
  readonly #groups: number[] = [];
  readonly trainMargins: Float32Array[];
  readonly #validationMargins: Float32Array[] | undefined;

  constructor(
    private readonly request: TrainRequest,
    private readonly parameters: Parameters,
    private readonly objective: Objective,
    private readonly release: readonly [number, number, number],
  ) {
    const { train: data, validation } = request;
    const { scalePosWeight } = parameters.objectiveOptions;
    const [major, minor] = release;
    this.#baseScore =
      parameters.baseScore === undefined
        ? estimateBaseScore(objective, scalePosWeight, data, { major, minor })
        : [parameters.baseScore];
    this.trainMargins = this.#startingMargins(data);
    this.#validationMargins = validation && this.#startingMargins(validation);
    this.#matrix = binMatrix(data.features, parameters.maxBin, data.weights);
    this.#gradients = createGradients(objective.groups, data.features.rows);
    this.#random = createRandom(parameters.seed);
  }

  boost(): void {
    const { objective, parameters, request } = this;
    const { scalePosWeight } = parameters.objectiveOptions;
    computeGradients(objective, scalePosWeight, this.trainMargins, request.train, this.#gradients);
    const grown: { group: number; tree: GrownTree; rows: Int32Array }[] = [];
    for (let group = 0; group < objective.groups; group++) {
      for (let i = 0; i < parameters.parallelTrees; i++) {
        const rows = this.#sampleRows();
        grown.push({ group, rows, tree: this.#grow(group, rows) });
      }
    }
    for (const { group, tree, rows } of grown) this.#append(group, tree, rows);
  }

  evaluateValidation(metrics: NamedMetric[]): number[] {
    const { validation } = this.request;
    if (!validation || !this.#validationMargins) return [];
    return evaluate(metrics, this.objective, this.#validationMargins, validation);
  }

  ensemble(rounds: number, extra: Record<string, string>): Ensemble {
    const { objective, parameters, request } = this;
    const kept = rounds * objective.groups * parameters.parallelTrees;
    return {
      version: this.release,
      objective: { name: objective.name, config: objective.config },
      classes: parameters.objectiveOptions.classes,
      features: request.train.features.columns,
      baseScore: this.#baseScore,
      baseScoreGiven: parameters.baseScore !== undefined,
      parallelTrees: parameters.parallelTrees,
      trees: this.#trees.slice(0, kept),
      groups: this.#groups.slice(0, kept),
      attributes: extra,
    };
  }

  #startingMargins(data: LabelledMatrix): Float32Array[] {
    const { loss, groups } = this.objective;
    return Array.from({ length: groups }, (_, group) => {
      const score = this.#baseScore[group] ?? this.#baseScore[0]!;
      return new Float32Array(data.features.rows).fill(loss === 'softmax' ? score : loss.margin(score));
    });
  }

  #grow(group: number, rows: Int32Array): GrownTree {
    const { loss } = this.objective;
    const refit =
      loss !== 'softmax' && loss.median ? (leaf: Int32Array) => this.#medianLeaf(leaf) : undefined;
    return growTree({
      matrix: this.#matrix,
      gradients: this.#gradients.gradients[group]!,
      hessians: this.#gradients.hessians[group]!,
      rows,
      growth: this.parameters.growth,
      random: this.#random,
      ...(refit && { refit }),
    });
  }

  /** XGBoost 1.7 put the bare median into the leaf; later releases shrink it by the learning rate. */
  #medianLeaf(rows: Int32Array): number {
    const { labels, weights } = this.request.train;
    const residuals = Float32Array.from(rows, (row) => labels[row]! - this.trainMargins[0]![row]!);
    const value = median(residuals, weights && Float32Array.from(rows, (row) => weights[row]!));
    return Math.fround(value * (this.release[0] < 2 ? 1 : this.parameters.growth.eta));
  }

  #sampleRows(): Int32Array {
    const { rows } = this.request.train.features;
    const { subsample } = this.parameters;
    const all = Int32Array.from({ length: rows }, (_, row) => row);
    return subsample < 1 ? all.filter(() => this.#random() < subsample) : all;
  }

  #append(group: number, { tree, leaves }: GrownTree, rows: Int32Array): void {
    const { train: data, validation } = this.request;
    const margins = this.trainMargins[group]!;
    if (rows.length === data.features.rows) {
      for (const { node, begin, end } of leaves) {
        const value = tree.threshold[node]!;
        for (let i = begin; i < end; i++) margins[rows[i]!]! += value;
      }
    } else {
      addTree(tree, data.features, margins);
    }
    if (validation) addTree(tree, validation.features, this.#validationMargins![group]!);
    this.#trees.push(tree);
    this.#groups.push(group);
  }
}

/** Metrics of each round, the container's log, and the early-stopping rule. */
class History {
  readonly values: Record<string, number[]> = {};
  readonly log: string[] = [];
  readonly #watched: { key: string; rounds: number; maximise: boolean } | undefined;

  constructor(
    private readonly metrics: NamedMetric[],
    parameters: Parameters,
    private readonly hasValidation: boolean,
  ) {
    const metric = watchedMetric(parameters);
    if (metric && parameters.earlyStoppingRounds && hasValidation) {
      this.#watched = {
        key: `validation:${metric}`,
        rounds: parameters.earlyStoppingRounds,
        maximise: MAXIMISED_METRICS.includes(metric),
      };
    }
  }

  record(
    round: number,
    onTrain: (metrics: NamedMetric[]) => number[],
    onValidation: (metrics: NamedMetric[]) => number[],
  ): Record<string, number> {
    let line = `[${round}]`;
    const now: Record<string, number> = {};
    const note = (set: string, values: number[]) => {
      values.forEach((value, i) => {
        const { name } = this.metrics[i]!;
        line += `#011${set}-${name}:${value.toFixed(5)}`;
        now[`${set}:${name}`] = value;
        const series = this.values[`${set}:${name}`] ?? [];
        this.values[`${set}:${name}`] = series;
        series.push(value);
      });
    };
    note('train', onTrain(this.metrics));
    if (this.hasValidation) note('validation', onValidation(this.metrics));
    this.log.push(line);
    return now;
  }

  /** The best round so far by the watched metric, the earliest of equals. */
  best(): { round: number; score: number } | undefined {
    if (!this.#watched) return undefined;
    const { key, maximise } = this.#watched;
    let best: { round: number; score: number } | undefined;
    (this.values[key] ?? []).forEach((score, round) => {
      if (!best || (maximise ? score > best.score : score < best.score)) best = { round, score };
    });
    return best;
  }

  stopsEarly(): boolean {
    const best = this.best();
    if (!best || !this.#watched) return false;
    return this.values[this.#watched.key]!.length - 1 - best.round >= this.#watched.rounds;
  }

  metricsAt(round: number): Record<string, number> {
    return Object.fromEntries(Object.entries(this.values).map(([key, series]) => [key, series[round]!]));
  }
}

function checkData({ train: data, validation }: TrainRequest, objective: Objective): void {
  for (const [channel, set] of [
    ['training', data],
    ['validation', validation],
  ] as const) {
    if (!set) continue;
    if (set.features.rows === 0) throw clientError(`No data in ${channel} channel path /opt/ml/input/data`);
    if (set.features.columns !== data.features.columns) {
      throw algorithmError(
        `Check failed: learner_model_param_.num_feature >= p_fmat->Info().num_col_ (${data.features.columns} vs. ` +
          `${set.features.columns}) : Number of columns does not match number of features in booster.`,
      );
    }
    if (set.features.values.some((value) => value === Infinity || value === -Infinity)) {
      throw clientError(
        'Input data contains `inf` or a value too large, while `missing` is not set to `inf`',
      );
    }
    if (set.labels.some((label) => !Number.isFinite(label))) {
      throw clientError('Label contains NaN, infinity or a value too large.');
    }
  }
  for (const label of data.labels) {
    const complaint = labelComplaint(objective, label);
    if (complaint) throw clientError(`XGB train call failed with exception:\n ${complaint}`);
  }
}

function labelComplaint({ loss, groups }: Objective, label: number): string | undefined {
  if (loss !== 'softmax') return loss.complaint(label);
  if (label >= 0 && label < groups) return undefined;
  return 'SoftmaxMultiClassObj: label must be in [0, num_class).';
}
