import type { Ensemble } from './artifact';
import { NO_PARENT, type Tree } from './tree';
import { encodeUbjson, type Ubjson } from './ubjson';

/**
 * The UBJSON model of XGBoost ≥ 2.1 (schema: `doc/model.schema`). From 3.1 the intercept is a list,
 * one number per output, and the model names its (here: no) categories.
 */
export function writeUbjson(ensemble: Ensemble): Buffer {
  const { version, objective, attributes, trees, groups } = ensemble;
  const [major, minor] = version;
  const since31 = major > 3 || minor >= 1;
  const outputs = Math.max(1, ensemble.classes);
  const perIteration = outputs * ensemble.parallelTrees;
  const iterations = trees.length / perIteration;
  const scores =
    since31 && ensemble.baseScore.length === 1
      ? new Array<number>(outputs).fill(ensemble.baseScore[0]!)
      : ensemble.baseScore;
  const model: Ubjson = {
    gbtree_model_param: {
      num_parallel_tree: String(ensemble.parallelTrees),
      num_trees: String(trees.length),
    },
    iteration_indptr: Array.from({ length: iterations + 1 }, (_, i) => i * perIteration),
    tree_info: groups,
    trees: trees.map((tree, id) => treeDocument(tree, id, ensemble.features)),
  };
  if (since31) model.cats = { enc: [], feature_segments: new Int32Array(), sorted_idx: new Int32Array() };
  return encodeUbjson({
    learner: {
      attributes,
      feature_names: [],
      feature_types: [],
      gradient_booster: { model, name: 'gbtree' },
      learner_model_param: {
        base_score: since31 ? `[${scores.map(scientific).join(',')}]` : scientific(scores[0]!),
        boost_from_average: ensemble.baseScoreGiven ? '0' : '1',
        num_class: String(ensemble.classes),
        num_feature: String(ensemble.features),
        num_target: '1',
      },
      objective: { name: objective.name, ...objective.config },
    },
    version: [...version],
  });
}

function treeDocument(tree: Tree, id: number, features: number): Ubjson {
  const nodes = tree.left.length;
  return {
    base_weights: tree.weight,
    categories: new Int32Array(),
    categories_nodes: new Int32Array(),
    categories_segments: new BigInt64Array(),
    categories_sizes: new BigInt64Array(),
    default_left: tree.defaultLeft,
    id,
    left_children: tree.left,
    loss_changes: tree.gain,
    parents: tree.parent.map((parent) => (parent < 0 ? NO_PARENT : parent)),
    right_children: tree.right,
    split_conditions: tree.threshold,
    split_indices: tree.feature,
    split_type: new Uint8Array(nodes),
    sum_hessian: tree.hessian,
    tree_param: {
      num_deleted: '0',
      num_feature: String(features),
      num_nodes: String(nodes),
      size_leaf_vector: '1',
    },
  };
}

/** XGBoost prints float32 with the shortest digits that read back: `5E-1`. */
function scientific(value: number): string {
  const float = Math.fround(value);
  for (let digits = 0; digits < 9; digits++) {
    const text = float.toExponential(digits);
    if (Math.fround(Number(text)) === float) return text.toUpperCase().replace('+', '');
  }
  return float.toExponential(9).toUpperCase().replace('+', '');
}
