import {
  type ArtifactFormat,
  type Booster,
  checkBooster,
  MAX_OUTPUTS,
  type Tree,
  type Version,
} from './booster';
import { categoriesOf } from './categories';
import { dictionary, integer, integers, list, numbers, optional, text, texts } from './fields';
import { malformed, unsupported } from './refusal';

const INT32_MAX = 2 ** 31 - 1;

/** What JSON and UBJSON documents consist of; typed arrays come from UBJSON only. */
export type Value =
  | null
  | boolean
  | number
  | string
  | Value[]
  | Dictionary
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Int32Array;

export interface Dictionary {
  [key: string]: Value;
}

/**
 * A model document (`Learner::SaveModel`, XGBoost ≥ 1.0) or a pickled snapshot around one (`{"Config", "Model"}`, ≥ 1.4).
 * Throws `xgboost.malformed` and `xgboost.unsupported-…`.
 */
export function boosterOf(document: Value, format: ArtifactFormat): Booster {
  const whole = dictionary(document, 'the document');
  const root = optional(whole, 'Model') === undefined ? whole : dictionary(whole.Model, 'Model');
  const learner = dictionary(optional(root, 'learner'), 'learner');
  const parameters = dictionary(optional(learner, 'learner_model_param'), 'learner_model_param');
  const objective = dictionary(optional(learner, 'objective'), 'objective');
  const attributes = texts(optional(learner, 'attributes') ?? {}, 'attributes');
  const numFeature = integer(parameters, 'num_feature', 0, INT32_MAX);
  const outputs = Math.max(
    1,
    integer(parameters, 'num_class', 0, MAX_OUTPUTS, 0),
    integer(parameters, 'num_target', 0, MAX_OUTPUTS, 1),
  );
  return checkBooster({
    format,
    version: versionOf(optional(root, 'version')),
    objective: text(objective, 'name'),
    objectiveParameters: parametersOf(objective),
    baseScores: baseScoresOf(text(parameters, 'base_score')),
    outputs,
    numFeature,
    ...gradientBoosterOf(dictionary(optional(learner, 'gradient_booster'), 'gradient_booster'), numFeature),
    attributes,
    featureNames: list(optional(learner, 'feature_names') ?? [], 'feature_names').map(String),
    featureTypes: list(optional(learner, 'feature_types') ?? [], 'feature_types').map(String),
    bestIteration: wholeNumber(attributes.best_iteration),
    bestTreeLimit: wholeNumber(attributes.best_ntree_limit),
  });
}

type GradientBooster = Pick<
  Booster,
  'kind' | 'trees' | 'treeGroups' | 'parallelTrees' | 'weightDrop' | 'weights'
>;

function gradientBoosterOf(booster: Dictionary, numFeature: number): GradientBooster {
  const kind = text(booster, 'name');
  if (kind === 'gblinear') {
    const model = dictionary(optional(booster, 'model'), 'model');
    return {
      kind,
      trees: [],
      treeGroups: new Int32Array(0),
      parallelTrees: 1,
      weightDrop: null,
      weights: numbers(model, 'weights'),
    };
  }
  if (kind !== 'gbtree' && kind !== 'dart') throw unsupported('booster', `its booster is "${kind}"`);
  const holder =
    kind === 'dart' && optional(booster, 'gbtree') ? dictionary(booster.gbtree, 'gbtree') : booster;
  const model = dictionary(optional(holder, 'model'), 'model');
  refuseStringCategories(optional(model, 'cats'));
  const parameters = dictionary(optional(model, 'gbtree_model_param'), 'gbtree_model_param');
  const trees = list(optional(model, 'trees'), 'trees');
  if (trees.length !== integer(parameters, 'num_trees', 0, INT32_MAX))
    throw malformed(`${trees.length} trees stand where num_trees says ${parameters.num_trees}`);
  if (integer(parameters, 'size_leaf_vector', 0, INT32_MAX, 0) > 1) throw vectorLeaf();
  return {
    kind,
    trees: trees.map((tree, index) => treeOf(dictionary(tree, `tree ${index}`), numFeature)),
    treeGroups: integers(model, 'tree_info', trees.length),
    parallelTrees: Math.max(1, integer(parameters, 'num_parallel_tree', 0, INT32_MAX, 1)),
    // XGBoost 3.4 moved the weights into the model.
    weightDrop:
      kind === 'dart' ? numbers(optional(booster, 'weight_drop') ? booster : model, 'weight_drop') : null,
    weights: null,
  };
}

function treeOf(tree: Dictionary, numFeature: number): Tree {
  const parameters = dictionary(optional(tree, 'tree_param'), 'tree_param');
  if (integer(parameters, 'size_leaf_vector', 0, INT32_MAX, 0) > 1) throw vectorLeaf();
  const nodes = integer(parameters, 'num_nodes', 1, INT32_MAX);
  if (integer(parameters, 'num_feature', 0, INT32_MAX, 0) > numFeature)
    throw malformed(`a tree knows more columns than the model's ${numFeature}`);
  return {
    left: integers(tree, 'left_children', nodes),
    right: integers(tree, 'right_children', nodes),
    feature: integers(tree, 'split_indices', nodes),
    condition: numbers(tree, 'split_conditions', nodes),
    defaultLeft: Uint8Array.from(integers(tree, 'default_left', nodes), (flag) => (flag === 0 ? 0 : 1)),
    categories: categoriesOf(tree, nodes),
  };
}

function vectorLeaf(): Error {
  return unsupported(
    'vector-leaf',
    'its trees have vector leaves (multi_strategy=multi_output_tree), which no built-in SageMaker algorithm trains',
  );
}

/** XGBoost ≥ 3.1 stores how string categories become codes. A CSV holds codes only, so such a model cannot be fed with one. */
function refuseStringCategories(categories: Value | undefined): void {
  if (categories === undefined || categories === null) return;
  const encodings = optional(dictionary(categories, 'cats'), 'enc');
  if (encodings !== undefined && list(encodings, 'enc').length > 0)
    throw unsupported('string-categories', 'it was trained on a data frame with string categories');
}

function versionOf(version: Value | undefined): Version {
  const [major, minor, patch] = Array.from(list(version ?? [1, 0, 0], 'version'), Number);
  if (![major, minor, patch].every(Number.isInteger)) throw malformed('its version is not three numbers');
  return [major!, minor!, patch!];
}

/** One number up to XGBoost 3.0, a JSON list from 3.1 on (`ParamArray`). */
function baseScoresOf(saved: string): Float32Array {
  const parts = saved.replace(/^\s*\[|\]\s*$/g, '').split(',');
  const scores = Float32Array.from(parts, (part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (scores.some(Number.isNaN)) throw malformed(`its base_score is ${JSON.stringify(saved.slice(0, 60))}`);
  return scores;
}

/** `{"name", "reg_loss_param": {"scale_pos_weight": "1"}}` → `{"scale_pos_weight": "1"}`. */
function parametersOf(objective: Dictionary): Record<string, string> {
  const groups = Object.entries(objective).filter(([key]) => key !== 'name');
  return Object.fromEntries(
    groups.flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : Object.entries(texts(value, key)),
    ),
  );
}

/** An attribute as a whole number; null when it is absent or something else. */
export function wholeNumber(attribute: string | undefined): number | null {
  return attribute !== undefined && /^\d{1,9}$/.test(attribute) ? Number(attribute) : null;
}
