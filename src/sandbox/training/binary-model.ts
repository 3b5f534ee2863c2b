import type { Ensemble } from './artifact';
import type { Tree } from './tree';

const LEARNER_PARAM_BYTES = 136;
const FOREST_PARAM_BYTES = 160;
const TREE_PARAM_BYTES = 148;
const NODE_BYTES = 20;
const STAT_BYTES = 16;
/** Set in a node's parent if the node is a left child, and in its feature if missing values go left. */
const SIGN_BIT = 0x80000000;

/**
 * XGBoost's deprecated binary format, as its releases 1.3 to 1.7 write it: `binf`, then C structs in little-endian
 * order (`learner.cc`, `gbtree_model.h`, `tree_model.h` of v1.7.4).
 */
export function writeBinary(ensemble: Ensemble): Buffer {
  const { objective, attributes } = ensemble;
  const extras: [string, string][] = Object.entries({
    ...attributes,
    objective: JSON.stringify({ name: objective.name, ...objective.config }),
  });
  extras.sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([
    Buffer.from('binf', 'latin1'),
    learnerParam(ensemble),
    string(objective.name),
    string('gbtree'),
    forestParam(ensemble),
    ...ensemble.trees.map((tree) => writeTree(tree, ensemble.features)),
    integers(ensemble.groups),
    count(extras.length),
    ...extras.flatMap(([key, value]) => [string(key), string(value)]),
  ]);
}

function learnerParam({ version, baseScore, features, classes, baseScoreGiven }: Ensemble): Buffer {
  const [major, minor] = version;
  const bytes = Buffer.alloc(LEARNER_PARAM_BYTES);
  bytes.writeFloatLE(baseScore[0]!, 0);
  bytes.writeUInt32LE(features, 4);
  bytes.writeInt32LE(classes, 8);
  bytes.writeInt32LE(1, 12); // extra attributes follow
  bytes.writeUInt32LE(major, 20);
  bytes.writeUInt32LE(minor, 24);
  if (minor >= 6) bytes.writeUInt32LE(1, 28); // targets
  if (minor >= 7) bytes.writeInt32LE(baseScoreGiven ? 0 : 1, 32);
  return bytes;
}

function forestParam({ trees, parallelTrees }: Ensemble): Buffer {
  const bytes = Buffer.alloc(FOREST_PARAM_BYTES);
  bytes.writeInt32LE(trees.length, 0);
  bytes.writeInt32LE(parallelTrees, 4);
  return bytes;
}

function writeTree(tree: Tree, features: number): Buffer {
  const nodes = tree.left.length;
  const bytes = Buffer.alloc(TREE_PARAM_BYTES + nodes * (NODE_BYTES + STAT_BYTES));
  bytes.writeInt32LE(1, 0); // roots
  bytes.writeInt32LE(nodes, 4);
  bytes.writeUInt32LE(features, 16);
  for (let i = 0; i < nodes; i++) {
    const node = TREE_PARAM_BYTES + i * NODE_BYTES;
    const parent = tree.parent[i]!;
    const isLeft = parent >= 0 && tree.left[parent] === i;
    bytes.writeUInt32LE(parent < 0 ? 0xffffffff : (parent | (isLeft ? SIGN_BIT : 0)) >>> 0, node);
    bytes.writeInt32LE(tree.left[i]!, node + 4);
    bytes.writeInt32LE(tree.right[i]!, node + 8);
    bytes.writeUInt32LE((tree.feature[i]! | (tree.defaultLeft[i] ? SIGN_BIT : 0)) >>> 0, node + 12);
    bytes.writeFloatLE(tree.threshold[i]!, node + 16);
    const stat = TREE_PARAM_BYTES + nodes * NODE_BYTES + i * STAT_BYTES;
    bytes.writeFloatLE(tree.gain[i]!, stat);
    bytes.writeFloatLE(tree.hessian[i]!, stat + 4);
    bytes.writeFloatLE(tree.weight[i]!, stat + 8);
  }
  return bytes;
}

function count(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function string(text: string): Buffer {
  const content = Buffer.from(text, 'utf8');
  return Buffer.concat([count(content.length), content]);
}

function integers(values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    bytes.writeInt32LE(value, 4 * i);
  });
  return bytes;
}
