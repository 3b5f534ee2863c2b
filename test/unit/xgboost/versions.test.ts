import assert from 'node:assert/strict';
import type { Booster } from '../../../src/xgboost/booster';
import { predict } from '../../../src/xgboost/predict';
import { readBooster } from '../../../src/xgboost/read';
import { Fixtures } from './fixtures';

const { fround } = Math;
const old = new Fixtures('1.2.0');
const features = old.features();
const margins = (booster: Booster, servingVersion: string): Float32Array =>
  predict(booster, features, { servingVersion, margin: true }).values;
const differing = (a: Float32Array, b: Float32Array): number =>
  a.reduce((count, value, i) => count + (Object.is(value, b[i]) ? 0 : 1), 0);

/** A model of one leaf that adds `leaf` to every row. */
function constant(leaf: number, objective: string, baseScore = 0.5): Booster {
  const one = readBooster(old.bytes('squarederror.bin'));
  const tree = {
    left: Int32Array.of(-1),
    right: Int32Array.of(-1),
    feature: Int32Array.of(0),
    condition: Float32Array.of(leaf),
    defaultLeft: Uint8Array.of(0),
    categories: null,
  };
  return {
    ...one,
    objective,
    baseScores: Float32Array.of(baseScore),
    trees: [tree],
    treeGroups: Int32Array.of(0),
  };
}

describe('the serving image decides', () => {
  it('the order of summation: up to 1.2 the base score comes last, then first', () => {
    const booster = readBooster(old.bytes('squarederror.pkl'));
    const unlimited = { ...booster, bestTreeLimit: null };
    assert.deepEqual(margins(unlimited, '1.2-2'), margins(unlimited, '1.0-1'));
    assert.deepEqual(margins(unlimited, '1.3-1'), margins(unlimited, '1.7-1'));
    assert.ok(differing(margins(unlimited, '1.2-2'), margins(unlimited, '1.3-1')) > 0);
  });

  it('the order of summation of DART one version later', () => {
    const booster = { ...readBooster(old.bytes('dart.json')), baseScores: Float32Array.of(0.3) };
    assert.deepEqual(margins(booster, '1.3-1'), margins(booster, '1.2-2'));
    assert.ok(differing(margins(booster, '1.5-1'), margins(booster, '1.3-1')) > 0);
  });

  it('whether logitraw’s base score is a probability', () => {
    const booster = constant(0, 'binary:logitraw', 0.75);
    assert.ok(Math.abs(margins(booster, '1.2-2')[0]! - Math.log(3)) < 1e-6);
    assert.equal(margins(booster, '1.3-1')[0], 0.75);
  });

  it('what a logistic model answers far below zero', () => {
    const booster = constant(-100, 'binary:logistic');
    const answer = (servingVersion: string) => predict(booster, features, { servingVersion }).values[0]!;
    assert.equal(answer('1.5-1'), 0);
    assert.ok(answer('1.7-1') > 0);
  });

  it('whether the best iteration counts: Python’s in a pickle, the attribute’s in 1.4 … 1.7', () => {
    const pickled = readBooster(old.bytes('earlystop.pkl'));
    assert.equal(pickled.trees.length, 8);
    assert.equal(pickled.bestTreeLimit, 5);
    const saved = { ...pickled, format: 'binary' as const };
    const all = { ...pickled, bestTreeLimit: null };
    for (const version of ['1.3-1', '3.0-5'])
      assert.deepEqual(margins(saved, version), margins(all, version), version);
    for (const version of ['1.5-1', '1.7-1'])
      assert.deepEqual(margins(saved, version), margins(pickled, version), version);
    assert.ok(differing(margins(pickled, '1.2-2'), margins(all, '1.2-2')) > 0);
  });

  it('how the margin of a model from before 1.0 is taken: as it is, later by way of a score', () => {
    const booster: Booster = { ...constant(0, 'binary:logistic', -1.3), version: [0, 0, 0] };
    assert.equal(margins(booster, '0.90-2')[0], fround(-1.3));
    assert.ok(Math.abs(margins(booster, '1.7-1')[0]! + 1.3) < 1e-6);
  });

  it('and must be a version', () => {
    assert.throws(() => margins(constant(0, 'binary:logistic'), 'latest'), {
      code: 'xgboost.unknown-version',
    });
  });
});

describe('the columns', () => {
  const booster = readBooster(new Fixtures('1.7.4').bytes('logistic.bin'));

  it('that the data lacks count as missing', () => {
    const narrow = { rows: 1, columns: 3, values: Float32Array.of(0.5, -1, 2) };
    const wide = { rows: 1, columns: 12, values: new Float32Array(12).fill(Number.NaN) };
    wide.values.set(narrow.values);
    assert.deepEqual(predict(booster, narrow), predict(booster, wide));
    const none = { rows: 2, columns: 0, values: new Float32Array(0) };
    assert.equal(predict(booster, none).values.length, 2);
  });

  it('may not be more than the model knows', () => {
    const wide = { rows: 1, columns: 13, values: new Float32Array(13) };
    assert.throws(() => predict(booster, wide), {
      code: 'xgboost.feature-count',
      message: /has 13 .* on 12/,
    });
  });

  it('may be one fewer for a pickled model, as in the container, not two', () => {
    const pickled = readBooster(old.bytes('logistic.pkl'));
    assert.equal(predict(pickled, { rows: 1, columns: 11, values: new Float32Array(11) }).rows, 1);
    assert.throws(() => predict(pickled, { rows: 1, columns: 10, values: new Float32Array(10) }), {
      code: 'xgboost.feature-count',
    });
  });
});
