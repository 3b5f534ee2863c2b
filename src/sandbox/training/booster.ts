import type { Ensemble } from './artifact';
import { estimateBaseScore, median } from './base-score';
import { type BinnedMatrix, binMatrix } from './bins';
import type { LabelledMatrix, TrainRequest } from './contract';
import { evaluate, type NamedMetric } from './evaluation';
import { computeGradients, createGradients, type Gradients } from './gradients';
import { type GrownTree, growTree } from './grow';
import type { Objective } from './objectives';
import type { Parameters } from './parameters';
import { createRandom, type Random } from './random';
import { addTree, type Tree } from './tree';

/** An ensemble in training: each round adds trees, and the margins of both data sets follow. */
export class Booster {
  readonly #matrix: BinnedMatrix;
  readonly #allRows: Int32Array;
  readonly #baseScore: number[];
  readonly #gradients: Gradients;
  readonly #random: Random;
  readonly #trees: Tree[] = [];
  readonly #groups: number[] = [];
  readonly #trainMargins: Float32Array[];
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
    this.#trainMargins = this.#startingMargins(data);
    this.#validationMargins = validation && this.#startingMargins(validation);
    this.#matrix = binMatrix(data.features, parameters.maxBin, data.weights);
    this.#allRows = Int32Array.from({ length: data.features.rows }, (_, row) => row);
    this.#gradients = createGradients(objective.groups, data.features.rows);
    this.#random = createRandom(parameters.seed);
  }

  /** One round: for each output as many trees as grow in parallel, all on the same gradients. */
  boost(): void {
    const { objective, parameters, request } = this;
    const { scalePosWeight } = parameters.objectiveOptions;
    computeGradients(objective, scalePosWeight, this.#trainMargins, request.train, this.#gradients);
    const grown: { group: number; tree: GrownTree; rows: Int32Array }[] = [];
    for (let group = 0; group < objective.groups; group++) {
      for (let i = 0; i < parameters.parallelTrees; i++) {
        const rows = this.#sampleRows();
        grown.push({ group, rows, tree: this.#grow(group, rows) });
      }
    }
    for (const { group, tree, rows } of grown) this.#append(group, tree, rows);
  }

  evaluateTraining(metrics: NamedMetric[]): number[] {
    return evaluate(metrics, this.objective, this.#trainMargins, this.request.train);
  }

  evaluateValidation(metrics: NamedMetric[]): number[] {
    const { validation } = this.request;
    if (!validation || !this.#validationMargins) return [];
    return evaluate(metrics, this.objective, this.#validationMargins, validation);
  }

  /** The first `rounds` rounds as a model. */
  ensemble(rounds: number, attributes: Record<string, string>): Ensemble {
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
      attributes,
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

  /** XGBoost 1.7 puts the bare median into the leaf; later releases shrink it by the learning rate. */
  #medianLeaf(rows: Int32Array): number {
    const { labels, weights } = this.request.train;
    const residuals = Float32Array.from(rows, (row) => labels[row]! - this.#trainMargins[0]![row]!);
    const value = median(residuals, weights && Float32Array.from(rows, (row) => weights[row]!));
    return Math.fround(value * (this.release[0] < 2 ? 1 : this.parameters.growth.eta));
  }

  #sampleRows(): Int32Array {
    const { subsample } = this.parameters;
    if (subsample >= 1) return this.#allRows.slice();
    return this.#allRows.filter(() => this.#random() < subsample);
  }

  #append(group: number, { tree, leaves }: GrownTree, rows: Int32Array): void {
    const { train: data, validation } = this.request;
    const margins = this.#trainMargins[group]!;
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
