import { malformed } from './refusal';

/** major, minor, patch of the library that wrote the model; [0, 0, 0] before 1.0.0, which did not say. */
export type Version = readonly [major: number, minor: number, patch: number];

export type ArtifactFormat = 'pickle' | 'binary' | 'ubjson' | 'json';

/** More classes or targets than any real model has; what is allocated per row depends on them. */
export const MAX_OUTPUTS = 2 ** 16;

/** One regression tree as parallel arrays over its nodes; node 0 is the root. */
export interface Tree {
  /** −1 at a leaf. */
  left: Int32Array;
  right: Int32Array;
  /** The column that a split looks at. */
  feature: Int32Array;
  /** The threshold of a split, the value of a leaf. */
  condition: Float32Array;
  /** 1 where a missing value goes left. */
  defaultLeft: Uint8Array;
  /** Null when every split is numerical. */
  categories: Categories | null;
}

/** Categorical splits: `values[start[node] … end[node])`, ascending, go right; all others left. `start` is −1 for numerical nodes. */
export interface Categories {
  start: Int32Array;
  end: Int32Array;
  values: Int32Array;
}

/** A saved XGBoost model as plain data. Whatever stands here was checked when it was read: prediction trusts it. */
export interface Booster {
  format: ArtifactFormat;
  version: Version;
  objective: string;
  /** The objective's own parameters as saved, flattened: `tweedie_variance_power`, `num_class` … */
  objectiveParameters: Record<string, string>;
  kind: 'gbtree' | 'dart' | 'gblinear';
  /** In output space (in margin space for version 0); one for all outputs or one each. */
  baseScores: Float32Array;
  /** Margins per row: classes, targets, or 1. */
  outputs: number;
  numFeature: number;
  trees: Tree[];
  /** The output that each tree adds to. */
  treeGroups: Int32Array;
  /** Trees grown per round and output (random forests > 1). */
  parallelTrees: number;
  /** DART: one factor per tree. */
  weightDrop: Float32Array | null;
  /** gblinear: `numFeature × outputs`, feature-major, then one bias per output. */
  weights: Float32Array | null;
  attributes: Record<string, string>;
  featureNames: string[];
  featureTypes: string[];
  /** Zero-based, when early stopping or the trainer left it. */
  bestIteration: number | null;
  /** Trees per output that SageMaker's containers predict with (Python's `best_ntree_limit`); null = all. */
  bestTreeLimit: number | null;
}

/** Checks that the nodes reachable from the root form a tree whose splits look at columns that exist. */
export function checkTree(tree: Tree, index: number, numFeature: number): void {
  const nodes = tree.left.length;
  const where = `tree ${index}`;
  if (nodes === 0) throw malformed(`${where} has no nodes`);
  const seen = new Uint8Array(nodes);
  const stack = [0];
  seen[0] = 1;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const left = tree.left[node]!;
    if (left === -1) continue;
    for (const child of [left, tree.right[node]!]) {
      if (child < 0 || child >= nodes) throw malformed(`${where} points to node ${child} of ${nodes}`);
      if (seen[child]) throw malformed(`${where} reaches node ${child} twice`);
      seen[child] = 1;
      stack.push(child);
    }
    const feature = tree.feature[node]!;
    if (feature < 0 || feature >= numFeature)
      throw malformed(`${where} splits on column ${feature} of ${numFeature}`);
  }
}

/** Checks what relates trees to each other and to the outputs. */
export function checkBooster(booster: Booster): Booster {
  const { outputs, trees, treeGroups, weightDrop, weights, numFeature, baseScores } = booster;
  if (treeGroups.length !== trees.length)
    throw malformed(`${trees.length} trees have ${treeGroups.length} groups`);
  for (const group of treeGroups)
    if (group < 0 || group >= outputs) throw malformed(`a tree adds to output ${group} of ${outputs}`);
  if (weightDrop && weightDrop.length !== trees.length)
    throw malformed(`${trees.length} trees have ${weightDrop.length} DART weights`);
  if (weights && weights.length !== (numFeature + 1) * outputs)
    throw malformed(`${weights.length} weights stand for ${numFeature} columns and ${outputs} outputs`);
  if (baseScores.length !== 1 && baseScores.length !== outputs)
    throw malformed(`${baseScores.length} base scores stand for ${outputs} outputs`);
  trees.forEach((tree, index) => {
    checkTree(tree, index, numFeature);
  });
  return booster;
}
