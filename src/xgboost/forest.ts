import type { Booster, Categories } from './booster';

/**
 * The trees in use, laid out for traversal: all nodes in one set of arrays, siblings side by side (right = left + 1), so that
 * a step is one comparison and one addition.
 */
export interface Forest {
  roots: Int32Array;
  groups: Int32Array;
  /** The left child; 0 at a leaf (no child is ever the first node). */
  child: Int32Array;
  feature: Int32Array;
  /** Threshold, or the leaf's value (times its DART weight). */
  condition: Float32Array;
  /** What a missing value adds to `child`: 0 goes left, 1 goes right. */
  missing: Uint8Array;
  /** Node → the categories that go right, ascending. */
  categories: Map<number, Int32Array>;
  needsPadding: boolean;
}

const { fround } = Math;

/**
 * Lays out the first `count` trees for rows of `columns` values. Splits on a column that the rows lack look at column `columns`,
 * which the caller fills with NaN when `needsPadding`.
 */
export function forestOf(booster: Booster, count: number, columns: number): Forest {
  const trees = booster.trees.slice(0, count);
  const nodes = trees.reduce((sum, tree) => sum + tree.left.length, 0);
  const forest: Forest = {
    roots: new Int32Array(count),
    groups: booster.treeGroups.slice(0, count),
    child: new Int32Array(nodes),
    feature: new Int32Array(nodes),
    condition: new Float32Array(nodes),
    missing: new Uint8Array(nodes),
    categories: new Map(),
    needsPadding: false,
  };
  const { weightDrop } = booster;
  let used = 0;
  trees.forEach((tree, index) => {
    const order = [0];
    const root = used;
    forest.roots[index] = root;
    for (let i = 0; i < order.length; i++) {
      const from = order[i]!;
      const to = root + i;
      forest.condition[to] = tree.condition[from]!;
      if (tree.left[from] === -1) {
        // DART weighs what a tree adds to zero, which turns −0 into 0.
        if (weightDrop) forest.condition[to] = fround((tree.condition[from]! + 0) * weightDrop[index]!);
        continue;
      }
      forest.child[to] = root + order.length;
      forest.feature[to] = Math.min(tree.feature[from]!, columns);
      if (tree.feature[from]! >= columns) forest.needsPadding = true;
      forest.missing[to] = tree.defaultLeft[from] ? 0 : 1;
      if (tree.categories) addCategories(forest, to, tree.categories, from);
      order.push(tree.left[from]!, tree.right[from]!);
    }
    used += order.length;
  });
  return forest;
}

function addCategories(forest: Forest, to: number, categories: Categories, from: number): void {
  const start = categories.start[from]!;
  if (start >= 0) forest.categories.set(to, categories.values.subarray(start, categories.end[from]!));
}

/**
 * Adds every tree's leaf to `sums` (rows × outputs), tree by tree within a row, each addition rounded to float32.
 * `values` has `width` entries per row.
 */
export function addLeaves(
  forest: Forest,
  values: Float32Array,
  width: number,
  sums: Float32Array,
  outputs: number,
): void {
  if (forest.categories.size > 0) addCategorical(forest, values, width, sums, outputs);
  else addNumerical(forest, values, width, sums, outputs);
}

/** The one hot loop: everything in locals, no calls. */
function addNumerical(
  { roots, groups, child, feature, condition, missing }: Forest,
  values: Float32Array,
  width: number,
  sums: Float32Array,
  outputs: number,
): void {
  for (let tree = 0; tree < roots.length; tree++) {
    const root = roots[tree]!;
    const first = child[root]!;
    let start = 0;
    for (let at = groups[tree]!; at < sums.length; at += outputs, start += width) {
      let node = root;
      for (let next = first; next !== 0; next = child[node]!) {
        const value = values[start + feature[node]!]!;
        if (value < condition[node]!) node = next;
        else node = next + (Number.isNaN(value) ? missing[node]! : 1);
      }
      sums[at] = sums[at]! + condition[node]!;
    }
  }
}

function addCategorical(
  { roots, groups, child, feature, condition, missing, categories }: Forest,
  values: Float32Array,
  width: number,
  sums: Float32Array,
  outputs: number,
): void {
  for (let tree = 0; tree < roots.length; tree++) {
    let start = 0;
    for (let at = groups[tree]!; at < sums.length; at += outputs, start += width) {
      let node = roots[tree]!;
      for (let next = child[node]!; next !== 0; next = child[node]!) {
        const value = values[start + feature[node]!]!;
        const listed = categories.get(node);
        if (Number.isNaN(value)) node = next + missing[node]!;
        else if (listed) node = next + (goesRight(listed, value) ? 1 : 0);
        else node = next + (value < condition[node]! ? 0 : 1);
      }
      sums[at] = sums[at]! + condition[node]!;
    }
  }
}

const MAX_CATEGORY = 2 ** 24;

function goesRight(listed: Int32Array, value: number): boolean {
  if (value < 0 || value >= MAX_CATEGORY) return false;
  const category = Math.trunc(value);
  let low = 0;
  let high = listed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (listed[middle]! < category) low = middle + 1;
    else high = middle;
  }
  return listed[low] === category;
}
