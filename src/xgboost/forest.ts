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
}

const { fround } = Math;

/** Lays out the first `count` trees. */
export function forestOf(booster: Booster, count: number): Forest {
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
  };
  let used = 0;
  trees.forEach((tree, index) => {
    const weight = booster.weightDrop ? booster.weightDrop[index]! : 1;
    const order = [0];
    const root = used;
    forest.roots[index] = root;
    for (let i = 0; i < order.length; i++) {
      const from = order[i]!;
      const to = root + i;
      forest.condition[to] = tree.condition[from]!;
      if (tree.left[from] === -1) {
        forest.condition[to] = fround(tree.condition[from]! * weight);
        continue;
      }
      forest.child[to] = root + order.length;
      forest.feature[to] = tree.feature[from]!;
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

/** Adds every tree's leaf to `sums` (rows × outputs), tree by tree within a row, each addition rounded to float32. */
export function addLeaves(
  forest: Forest,
  values: Float32Array,
  columns: number,
  sums: Float32Array,
  outputs: number,
): void {
  const { roots, groups } = forest;
  const rows = values.length / columns;
  const leaf = forest.categories.size > 0 ? categoricalLeaf : numericalLeaf;
  for (let tree = 0; tree < roots.length; tree++) {
    const root = roots[tree]!;
    let at = groups[tree]!;
    for (let row = 0; row < rows; row++, at += outputs)
      sums[at] = sums[at]! + leaf(forest, root, values, row * columns);
  }
}

function numericalLeaf(forest: Forest, root: number, values: Float32Array, start: number): number {
  const { child, feature, condition, missing } = forest;
  let node = root;
  for (let next = child[node]!; next !== 0; next = child[node]!) {
    const value = values[start + feature[node]!]!;
    if (value < condition[node]!) node = next;
    else node = next + (Number.isNaN(value) ? missing[node]! : 1);
  }
  return condition[node]!;
}

const MAX_CATEGORY = 2 ** 24;

function categoricalLeaf(forest: Forest, root: number, values: Float32Array, start: number): number {
  const { child, feature, condition, missing, categories } = forest;
  let node = root;
  for (let next = child[node]!; next !== 0; next = child[node]!) {
    const value = values[start + feature[node]!]!;
    const listed = categories.get(node);
    if (Number.isNaN(value)) node = next + missing[node]!;
    else if (listed) node = next + (goesRight(listed, value) ? 1 : 0);
    else node = next + (value < condition[node]! ? 0 : 1);
  }
  return condition[node]!;
}

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
