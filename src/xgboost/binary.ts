import { type Booster, checkBooster, MAX_OUTPUTS, type Tree } from './booster';
import { Cursor } from './cursor';
import { wholeNumber } from './document';
import { malformed, unsupported } from './refusal';

const MAGIC = 'binf';
const NODE_BYTES = 20;
const STATISTICS_BYTES = 16;

/**
 * XGBoost's deprecated binary format (written up to 1.7 by default, readable up to 3.0; structs of `src/learner.cc`,
 * `src/gbm/gbtree_model.h`, `include/xgboost/tree_model.h`, v1.7.4). Little-endian. Every byte must be accounted for.
 * Throws `xgboost.malformed` and `xgboost.unsupported-…`.
 */
export function readBinary(bytes: Uint8Array): Booster {
  const cursor = new Cursor(bytes, true);
  if (startsWithMagic(bytes)) cursor.advance(MAGIC.length);
  const learner = readLearnerParameters(cursor);
  const objective = readText(cursor);
  const kind = readText(cursor);
  const model = kind === 'gblinear' ? readLinear(cursor) : readTrees(cursor, kind, learner.numFeature);
  const attributes = learner.hasAttributes ? readAttributes(cursor) : {};
  if (learner.version[0] === 0) skipOldTrailer(cursor, objective, learner.hasMetrics);
  if (cursor.remaining > 0) throw malformed(`${cursor.remaining} bytes follow its end`);
  return checkBooster({
    format: 'binary',
    version: learner.version,
    objective,
    objectiveParameters: objectiveParameters(attributes.objective),
    baseScores: Float32Array.of(learner.baseScore),
    outputs: learner.outputs,
    numFeature: learner.numFeature,
    ...model,
    attributes,
    featureNames: [],
    featureTypes: [],
    bestIteration: wholeNumber(attributes.best_iteration),
    bestTreeLimit: wholeNumber(attributes.best_ntree_limit),
  });
}

/** Models of 0.90 and before end with Poisson's `max_delta_step` and a list of metrics (`learner.cc`, v0.90). */
function skipOldTrailer(cursor: Cursor, objective: string, hasMetrics: boolean): void {
  if (objective === 'count:poisson' && cursor.remaining > 0) readText(cursor);
  if (hasMetrics && cursor.remaining > 0) readTexts(cursor);
}

export function startsWithMagic(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') === MAGIC;
}

interface LearnerParameters {
  baseScore: number;
  numFeature: number;
  outputs: number;
  hasAttributes: boolean;
  hasMetrics: boolean;
  version: [number, number, number];
}

function readLearnerParameters(cursor: Cursor): LearnerParameters {
  const baseScore = cursor.f32();
  const numFeature = cursor.u32();
  const classes = cursor.i32();
  const hasAttributes = cursor.i32() !== 0;
  const hasMetrics = cursor.i32() !== 0;
  const major = cursor.u32();
  const minor = cursor.u32();
  const targets = cursor.u32();
  cursor.advance(26 * 4);
  if (classes < 0 || classes > MAX_OUTPUTS || targets > MAX_OUTPUTS || numFeature > 2 ** 31 - 1 || major > 3)
    throw malformed('its header is none of XGBoost');
  return {
    baseScore,
    numFeature,
    outputs: Math.max(classes, targets, 1),
    hasAttributes,
    hasMetrics,
    version: [major, minor, 0],
  };
}

type Model = Pick<Booster, 'kind' | 'trees' | 'treeGroups' | 'parallelTrees' | 'weightDrop' | 'weights'>;

function readLinear(cursor: Cursor): Model {
  cursor.advance(34 * 4);
  const weights = readFloats(cursor);
  return {
    kind: 'gblinear',
    trees: [],
    treeGroups: new Int32Array(0),
    parallelTrees: 1,
    weightDrop: null,
    weights,
  };
}

function readTrees(cursor: Cursor, kind: string, numFeature: number): Model {
  if (kind !== 'gbtree' && kind !== 'dart')
    throw unsupported('booster', `its booster is ${JSON.stringify(kind.slice(0, 40))}`);
  const start = cursor.position;
  const count = cursor.i32();
  const parallelTrees = cursor.i32();
  cursor.advance(20);
  const leafVector = cursor.i32();
  cursor.advance(160 - (cursor.position - start));
  refuseVectorLeaf(leafVector);
  if (count < 0 || count * 148 > cursor.remaining) throw malformed(`${count} trees are announced`);
  const trees: Tree[] = [];
  for (let i = 0; i < count; i++) trees.push(readTree(cursor, numFeature));
  const treeGroups = Int32Array.from(trees, () => cursor.i32());
  return {
    kind,
    trees,
    treeGroups,
    parallelTrees: Math.max(1, parallelTrees),
    weightDrop: kind === 'dart' ? (count > 0 ? readFloats(cursor) : new Float32Array(0)) : null,
    weights: null,
  };
}

function readTree(cursor: Cursor, numFeature: number): Tree {
  const roots = cursor.i32();
  const nodes = cursor.i32();
  cursor.advance(8);
  const treeFeatures = cursor.u32();
  refuseVectorLeaf(cursor.i32());
  cursor.advance(31 * 4);
  if (roots > 1) throw unsupported('multiple-roots', 'its trees have several roots');
  if (treeFeatures > numFeature)
    throw malformed(`a tree knows ${treeFeatures} columns, the model ${numFeature}`);
  if (nodes < 1 || nodes * (NODE_BYTES + STATISTICS_BYTES) > cursor.remaining)
    throw malformed(`a tree of ${nodes} nodes is announced and ${cursor.remaining} bytes remain`);
  const tree: Tree = {
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    feature: new Int32Array(nodes),
    condition: new Float32Array(nodes),
    defaultLeft: new Uint8Array(nodes),
    categories: null,
  };
  for (let node = 0; node < nodes; node++) {
    cursor.advance(4);
    tree.left[node] = cursor.i32();
    tree.right[node] = cursor.i32();
    const split = cursor.u32();
    tree.feature[node] = split & 0x7fff_ffff;
    tree.defaultLeft[node] = split >>> 31;
    tree.condition[node] = cursor.f32();
  }
  cursor.advance(nodes * STATISTICS_BYTES);
  return tree;
}

function refuseVectorLeaf(size: number): void {
  if (size > 1) throw unsupported('vector-leaf', 'its trees have vector leaves');
}

function readText(cursor: Cursor): string {
  return cursor.text(cursor.count(1));
}

function readTexts(cursor: Cursor): string[] {
  const count = cursor.count(8);
  return Array.from({ length: count }, () => readText(cursor));
}

function readAttributes(cursor: Cursor): Record<string, string> {
  const count = cursor.count(16);
  const entries: [string, string][] = [];
  for (let i = 0; i < count; i++) entries.push([readText(cursor), readText(cursor)]);
  return Object.fromEntries(entries);
}

function readFloats(cursor: Cursor): Float32Array {
  const count = cursor.count(4);
  return Float32Array.from({ length: count }, () => cursor.f32());
}

/** The attribute `objective` holds the objective as JSON; it says nothing that scoring needs. */
function objectiveParameters(saved: string | undefined): Record<string, string> {
  return saved === undefined ? {} : { saved };
}
