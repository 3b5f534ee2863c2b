import { WarmstartError } from '../errors';
import { finish, type Steps } from '../steps';
import type { Booster, Version } from './booster';
import { addLeaves, forestOf } from './forest';
import type { Matrix } from './matrix';
import { applyTransform, baseMargins, transformOf } from './objective';
import { atLeast, libraryVersion } from './version';

export interface PredictOptions {
  /** Answer the sums of leaves before the objective's transform. */
  margin?: boolean;
  /** The serving image's version ("1.2-2", "1.7-1" …), which decides the order of summation. Default: the artifact's own. */
  servingVersion?: string;
}

/** `rows × outputs` float32 values, row-major. */
export interface Predictions {
  rows: number;
  outputs: number;
  values: Float32Array;
}

/** Rows scored at once: their features stay in the processor's cache while all trees pass over them. */
const BLOCK_VALUES = 16_384;

/** One typed array holds all margins. */
const MAX_MARGINS = 2 ** 30;

/**
 * Scores `features` as the SageMaker container does, to the last bit. Columns that the matrix lacks count as missing, as in
 * XGBoost. Softmax answers one class per row, and one margin per class.
 * Throws `xgboost.feature-count`, `xgboost.too-large` and `xgboost.unsupported-objective`.
 */
export function predict(booster: Booster, features: Matrix, options: PredictOptions = {}): Predictions {
  return finish(predictSteps(booster, features, options));
}

/** {@link predict}, a block of rows a step. */
export function* predictSteps(
  booster: Booster,
  features: Matrix,
  options: PredictOptions = {},
): Steps<Predictions> {
  const serving = servingVersionOf(booster, options.servingVersion);
  const transform = transformOf(booster);
  checkSize(booster, features);
  const base = baseMargins(booster, serving);
  const margins = booster.weights
    ? linearMargins(booster, booster.weights, features, base)
    : yield* treeMargins(booster, features, base, serving);
  if (options.margin) return { rows: features.rows, outputs: booster.outputs, values: margins };
  return {
    rows: features.rows,
    outputs: transform === 'softmax' ? 1 : booster.outputs,
    values: applyTransform(transform, margins, booster.outputs, serving),
  };
}

/**
 * Trees that the container predicts with (`ntree_limit=getattr(booster, "best_ntree_limit", 0)`): those up to the best iteration
 * when Python knows the limit, else all. A pickle restores it; `load_model` takes it from the model's attributes in XGBoost
 * 1.4 … 1.7 only (`core.py` of each version), so image 3.0-5 always uses all trees.
 */
export function treesInUse(booster: Booster, serving: Version): number {
  const { bestTreeLimit, parallelTrees, outputs, trees, format } = booster;
  const known = format === 'pickle' || (atLeast(serving, 1, 4) && !atLeast(serving, 2, 0));
  const rounds = known ? Math.floor((bestTreeLimit ?? 0) / parallelTrees) : 0;
  return rounds === 0 ? trees.length : Math.min(trees.length, rounds * parallelTrees * outputs);
}

function* treeMargins(
  booster: Booster,
  features: Matrix,
  base: Float32Array,
  serving: Version,
): Steps<Float32Array> {
  const { outputs } = booster;
  const { rows, columns } = features;
  const forest = forestOf(booster, treesInUse(booster, serving), columns);
  // The sum starts with the base score from 1.3 on (DART: 1.4); before, the base score was added to the sum.
  const baseFirst = atLeast(serving, 1, booster.kind === 'dart' ? 4 : 3);
  const sums = new Float32Array(rows * outputs);
  if (baseFirst) for (let i = 0; i < sums.length; i++) sums[i] = base[i % outputs]!;
  const width = forest.needsPadding ? columns + 1 : columns;
  const block = Math.max(16, Math.floor(BLOCK_VALUES / Math.max(1, width)));
  for (let row = 0; row < rows; row += block) {
    yield;
    const end = Math.min(rows, row + block);
    const values = features.values.subarray(row * columns, end * columns);
    const padded = forest.needsPadding ? withMissingColumn(values, end - row, columns) : values;
    addLeaves(forest, padded, width, sums.subarray(row * outputs, end * outputs), outputs);
  }
  if (!baseFirst) for (let i = 0; i < sums.length; i++) sums[i] = base[i % outputs]! + sums[i]!;
  return sums;
}

function withMissingColumn(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(rows * (columns + 1)).fill(Number.NaN);
  for (let row = 0; row < rows; row++)
    result.set(values.subarray(row * columns, (row + 1) * columns), row * (columns + 1));
  return result;
}

/** `GBLinear::Pred`: bias + base, then each present feature in order. */
function linearMargins(
  booster: Booster,
  weights: Float32Array,
  features: Matrix,
  base: Float32Array,
): Float32Array {
  const { outputs, numFeature } = booster;
  const { rows, columns, values } = features;
  const { fround } = Math;
  const margins = new Float32Array(rows * outputs);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < outputs; k++) {
      let sum = fround(weights[numFeature * outputs + k]! + base[k]!);
      for (let column = 0; column < columns; column++) {
        const value = values[row * columns + column]!;
        if (!Number.isNaN(value)) sum = fround(sum + fround(value * weights[column * outputs + k]!));
      }
      margins[row * outputs + k] = sum;
    }
  return margins;
}

function servingVersionOf(booster: Booster, image: string | undefined): Version {
  if (image === undefined) return booster.version;
  const version = libraryVersion(image);
  if (!version)
    throw new WarmstartError('xgboost.unknown-version', `"${image}" is not a version of an XGBoost image.`, {
      kind: 'usage',
      remedy: 'Give a version such as "1.7-1".',
    });
  return version;
}

function checkSize(booster: Booster, features: Matrix): void {
  const { numFeature, format, featureNames } = booster;
  const { columns } = features;
  if (features.values.length !== features.rows * columns)
    throw new WarmstartError(
      'xgboost.feature-count',
      `A matrix of ${features.rows} × ${columns} has ${features.values.length} values.`,
    );
  if (features.rows * booster.outputs > MAX_MARGINS)
    throw new WarmstartError(
      'xgboost.too-large',
      `${features.rows} rows with ${booster.outputs} outputs each are too many to score at once.`,
      { remedy: 'Score fewer rows at a time, or evaluate with Batch Transform.' },
    );
  // The container itself checks pickled models, and lets one missing column pass.
  const expected = format === 'pickle' && featureNames.length > 0 ? featureNames.length : numFeature;
  if (columns > numFeature || (format === 'pickle' && columns < expected - 1))
    throw new WarmstartError(
      'xgboost.feature-count',
      `The data has ${columns} feature columns; the model was trained on ${expected}.`,
      { remedy: 'Score data with the columns of the training data, in the same order, without the label.' },
    );
}
