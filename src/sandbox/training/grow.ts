import type { BinnedMatrix } from './bins';
import { type Bounds, childBounds, nodeGain, nodeWeight, type Regularisation, UNBOUNDED } from './gain';
import { fillHistogram, findSplit, type Split, type Stats, subtractHistogram } from './histogram';
import { type Random, sample } from './random';
import { type Tree, TreeBuilder } from './tree';

/** How a tree grows, with XGBoost's names and meanings. */
export interface Growth {
  regularisation: Regularisation;
  eta: number;
  /** Least loss reduction of a split. */
  gamma: number;
  /** 0 means no limit. */
  maxDepth: number;
  /** 0 means no limit. */
  maxLeaves: number;
  policy: 'depthwise' | 'lossguide';
  columnsByTree: number;
  columnsByLevel: number;
  columnsByNode: number;
}

export interface GrowRequest {
  matrix: BinnedMatrix;
  gradients: Float32Array;
  hessians: Float32Array;
  /** The sampled rows; grow reorders them so that those of a leaf lie together. */
  rows: Int32Array;
  growth: Growth;
  random: Random;
  /** Replaces the leaf's weight, e.g. by a median; `undefined` keeps it. */
  refit?: (rows: Int32Array) => number | undefined;
}

export interface GrownTree {
  tree: Tree;
  /** Each leaf's slice of the request's `rows`. */
  leaves: { node: number; begin: number; end: number }[];
}

interface Node {
  id: number;
  depth: number;
  begin: number;
  end: number;
  stats: Stats;
  bounds: Bounds;
  split?: Split;
  histogram?: Float64Array;
}

/** XGBoost splits only above this loss reduction (`kRtEps`). */
const LEAST_GAIN = Math.fround(1e-6);
/** Histograms kept for their children's sake, in bytes; beyond it they are built anew. */
const HISTOGRAM_BUDGET = 192 * 2 ** 20;

/** Grows one tree on the gradients of one output. */
export function growTree(request: GrowRequest): GrownTree {
  return new Grower(request).grow();
}

class Grower {
  readonly #builder = new TreeBuilder();
  readonly #free: Float64Array[] = [];
  readonly #size: number;
  readonly #scratch: Int32Array;
  readonly #treeFeatures: number[];
  readonly #levelFeatures = new Map<number, number[]>();
  #kept = 0;

  constructor(private readonly request: GrowRequest) {
    const { matrix, rows, growth, random } = request;
    this.#size = 2 * matrix.offsets[matrix.columns]!;
    this.#scratch = new Int32Array(rows.length);
    const all = Array.from({ length: matrix.columns }, (_, f) => f);
    this.#treeFeatures = sampleColumns(all, growth.columnsByTree, random);
  }

  grow(): GrownTree {
    const { growth, rows } = this.request;
    const queue = growth.policy === 'depthwise' ? new Fifo() : new ByGain();
    const leaves: GrownTree['leaves'] = [];
    const root = this.#root();
    if (root.split) queue.push(root);
    else leaves.push({ node: root.id, begin: root.begin, end: root.end });
    let count = 1;
    for (let node = queue.pop(); node; node = queue.pop()) {
      if (growth.maxLeaves > 0 && count >= growth.maxLeaves) {
        leaves.push({ node: node.id, begin: node.begin, end: node.end });
        this.#release(node);
        continue;
      }
      count++;
      for (const child of this.#expand(node, growth.maxLeaves > 0 && count >= growth.maxLeaves)) {
        if (child.split) queue.push(child);
        else leaves.push({ node: child.id, begin: child.begin, end: child.end });
      }
    }
    if (this.request.refit) {
      for (const leaf of leaves) {
        const value = this.request.refit(rows.subarray(leaf.begin, leaf.end));
        if (value !== undefined) this.#builder.setLeaf(leaf.node, value);
      }
    }
    return { tree: this.#builder.finish(), leaves };
  }

  #root(): Node {
    const { rows, gradients, hessians, growth } = this.request;
    const stats = { g: 0, h: 0 };
    for (let i = 0; i < rows.length; i++) {
      stats.g += gradients[rows[i]!]!;
      stats.h += hessians[rows[i]!]!;
    }
    const weight = nodeWeight(stats.g, stats.h, growth.regularisation);
    const id = this.#builder.addLeaf(-1, Math.fround(weight * growth.eta), weight, Math.fround(stats.h));
    const node: Node = { id, depth: 0, begin: 0, end: rows.length, stats, bounds: UNBOUNDED };
    if (rows.length > 0) {
      this.#fill(node);
      this.#search(node);
    }
    return node;
  }

  /** Turns the node's split into two children and looks for their splits, unless the tree is full. */
  #expand(node: Node, full: boolean): Node[] {
    const { growth } = this.request;
    const { regularisation } = growth;
    const split = node.split!;
    const leftWeight = nodeWeight(split.left.g, split.left.h, regularisation, node.bounds);
    const rightWeight = nodeWeight(split.right.g, split.right.h, regularisation, node.bounds);
    const bounds = childBounds(
      regularisation.monotone?.[split.feature] ?? 0,
      node.bounds,
      leftWeight,
      rightWeight,
    );
    const middle = this.#partition(node, split);
    const child = (stats: Stats, weight: number, begin: number, end: number, limits: Bounds): Node => {
      const value = Math.fround(weight * growth.eta);
      const id = this.#builder.addLeaf(node.id, value, value, Math.fround(stats.h));
      return { id, depth: node.depth + 1, begin, end, stats, bounds: limits };
    };
    const left = child(split.left, leftWeight, node.begin, middle, bounds.left);
    const right = child(split.right, rightWeight, middle, node.end, bounds.right);
    const own = nodeWeight(node.stats.g, node.stats.h, regularisation, node.bounds);
    this.#builder.split(node.id, split, own, { left: left.id, right: right.id });
    if (full || left.depth === growth.maxDepth) this.#release(node);
    else this.#searchChildren(node, left, right);
    return [left, right];
  }

  #searchChildren(parent: Node, left: Node, right: Node): void {
    const splittable = [left, right].filter((node) => this.#maySplit(node));
    if (splittable.length === 0) {
      this.#release(parent);
      return;
    }
    const [small, large] = left.end - left.begin <= right.end - right.begin ? [left, right] : [right, left];
    if (splittable.length === 1 && splittable[0] === small) {
      this.#release(parent);
      this.#fill(small);
    } else {
      this.#fill(small);
      if (parent.histogram) {
        large.histogram = parent.histogram;
        delete parent.histogram;
        subtractHistogram(large.histogram, small.histogram!);
      } else {
        this.#fill(large);
      }
    }
    for (const node of [left, right]) {
      if (splittable.includes(node)) this.#search(node);
      else this.#release(node);
    }
  }

  #maySplit(node: Node): boolean {
    return node.end - node.begin > 1 && node.stats.h >= 2 * this.request.growth.regularisation.minChildWeight;
  }

  #search(node: Node): void {
    const { matrix, growth } = this.request;
    const { regularisation } = growth;
    const split = findSplit({
      matrix,
      histogram: node.histogram!,
      total: node.stats,
      bounds: node.bounds,
      gain: nodeGain(node.stats.g, node.stats.h, regularisation, node.bounds),
      features: this.#features(node.depth),
      regularisation,
    });
    if (
      split &&
      split.gain > LEAST_GAIN &&
      split.gain >= growth.gamma &&
      split.left.h > 0 &&
      split.right.h > 0
    ) {
      node.split = split;
      if (this.#kept * this.#size * 8 > HISTOGRAM_BUDGET) this.#release(node);
    } else {
      this.#release(node);
    }
  }

  #fill(node: Node): void {
    const { matrix, rows, gradients, hessians } = this.request;
    node.histogram = this.#free.pop() ?? new Float64Array(this.#size);
    this.#kept++;
    fillHistogram(node.histogram, matrix, rows.subarray(node.begin, node.end), gradients, hessians);
  }

  #release(node: Node): void {
    if (!node.histogram) return;
    this.#free.push(node.histogram);
    this.#kept--;
    delete node.histogram;
  }

  #features(depth: number): number[] {
    const { growth, random } = this.request;
    let level = this.#levelFeatures.get(depth);
    if (!level) {
      level = sampleColumns(this.#treeFeatures, growth.columnsByLevel, random);
      this.#levelFeatures.set(depth, level);
    }
    return sampleColumns(level, growth.columnsByNode, random);
  }

  /** Moves the rows that go left before the others, each side in its order; returns where the right side begins. */
  #partition(node: Node, split: Split): number {
    const { matrix, rows } = this.request;
    const { bins, columns, offsets } = matrix;
    const missing = offsets[split.feature + 1]! - 1;
    const scratch = this.#scratch;
    let left = node.begin;
    let right = 0;
    for (let i = node.begin; i < node.end; i++) {
      const row = rows[i]!;
      const bin = bins[row * columns + split.feature]!;
      if (bin === missing ? split.defaultLeft : bin <= split.bin) rows[left++] = row;
      else scratch[right++] = row;
    }
    rows.set(scratch.subarray(0, right), left);
    return left;
  }
}

/** XGBoost takes the floor of the share, but at least one column (`ColumnSampler::ColSample`). */
function sampleColumns(columns: number[], share: number, random: Random): number[] {
  if (share >= 1) return columns;
  return sample(columns, Math.max(1, Math.floor(share * columns.length)), random);
}

class Fifo {
  readonly #nodes: Node[] = [];
  #head = 0;

  push(node: Node): void {
    this.#nodes.push(node);
  }

  pop(): Node | undefined {
    return this.#nodes[this.#head++];
  }
}

/** Largest gain first; equal gains in order of creation. A binary heap. */
class ByGain {
  readonly #heap: Node[] = [];

  push(node: Node): void {
    const heap = this.#heap;
    let at = heap.push(node) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(node, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = node;
  }

  pop(): Node | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

function before(a: Node, b: Node): boolean {
  return a.split!.gain === b.split!.gain ? a.id < b.id : a.split!.gain > b.split!.gain;
}
