import type { Matrix } from '../../xgboost/matrix';

/** The parent of the root in XGBoost's files (`RegTree::kInvalidNodeId` without its sign bit). */
export const NO_PARENT = 2147483647;

/** A regression tree as parallel arrays, one entry per node, node 0 is the root. */
export interface Tree {
  /** −1 at a leaf. */
  left: Int32Array;
  right: Int32Array;
  parent: Int32Array;
  feature: Int32Array;
  /** `value < threshold` goes left; at a leaf this is the leaf's value (XGBoost's `split_conditions`). */
  threshold: Float32Array;
  defaultLeft: Uint8Array;
  /** Loss reduction of the split; 0 at a leaf. */
  gain: Float32Array;
  hessian: Float32Array;
  /** Optimal weight of the node; at a leaf after shrinkage. */
  weight: Float32Array;
}

/** A tree while it grows. */
export class TreeBuilder {
  readonly left: number[] = [];
  readonly right: number[] = [];
  readonly #parent: number[] = [];
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #defaultLeft: number[] = [];
  readonly #gain: number[] = [];
  readonly #hessian: number[] = [];
  readonly #weight: number[] = [];

  /** Adds a leaf below `parent` and returns its number. */
  addLeaf(parent: number, value: number, weight: number, hessian: number): number {
    this.#parent.push(parent);
    this.#feature.push(0);
    this.#threshold.push(value);
    this.#defaultLeft.push(0);
    this.#gain.push(0);
    this.#hessian.push(hessian);
    this.#weight.push(weight);
    this.right.push(-1);
    return this.left.push(-1) - 1;
  }

  /** Turns a leaf into a split whose children were added before. */
  split(
    node: number,
    split: { feature: number; threshold: number; defaultLeft: boolean; gain: number },
    weight: number,
    children: { left: number; right: number },
  ): void {
    this.left[node] = children.left;
    this.right[node] = children.right;
    this.#feature[node] = split.feature;
    this.#threshold[node] = split.threshold;
    this.#defaultLeft[node] = split.defaultLeft ? 1 : 0;
    this.#gain[node] = split.gain;
    this.#weight[node] = weight;
  }

  setLeaf(node: number, value: number): void {
    this.#threshold[node] = value;
  }

  finish(): Tree {
    return {
      left: Int32Array.from(this.left),
      right: Int32Array.from(this.right),
      parent: Int32Array.from(this.#parent),
      feature: Int32Array.from(this.#feature),
      threshold: Float32Array.from(this.#threshold),
      defaultLeft: Uint8Array.from(this.#defaultLeft),
      gain: Float32Array.from(this.#gain),
      hessian: Float32Array.from(this.#hessian),
      weight: Float32Array.from(this.#weight),
    };
  }
}

/** Adds the tree's value for each row to `margins` in float32, as XGBoost ≥ 1.3 sums. */
export function addTree(tree: Tree, matrix: Matrix, margins: Float32Array): void {
  const { left, right, feature, threshold, defaultLeft } = tree;
  const { values, columns } = matrix;
  for (let row = 0; row < matrix.rows; row++) {
    const start = row * columns;
    let node = 0;
    while (left[node]! >= 0) {
      const value = values[start + feature[node]!]!;
      const goLeft = value < threshold[node]! || (Number.isNaN(value) && defaultLeft[node] === 1);
      node = goLeft ? left[node]! : right[node]!;
    }
    margins[row]! += threshold[node]!;
  }
}
