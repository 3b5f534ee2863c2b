import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  alignFeatures,
  chooseEngine,
  type EngineFacts,
  openModel,
  readTestSet,
  reasonsNotLocal,
  scoreLocally,
} from '../../../src/evaluation/local';

/** A linear model as XGBoost saves it in JSON: 10 + 2 · first − 0.5 · second. */
function linearModel(objective = 'reg:squarederror'): Uint8Array {
  const model = {
    version: [1, 7, 4],
    learner: {
      attributes: {},
      feature_names: [],
      feature_types: [],
      learner_model_param: { base_score: '0E0', num_class: '0', num_feature: '2', num_target: '1' },
      objective: { name: objective, reg_loss_param: { scale_pos_weight: '1' } },
      gradient_booster: { name: 'gblinear', model: { weights: [2, -0.5, 10], boosted_rounds: 1 } },
    },
  };
  return Buffer.from(JSON.stringify(model));
}

const image = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1';
const csv = Buffer.from('3,1,4\n1,0,2\n7,,8\n');
const readable: EngineFacts = { image, testBytes: 1000, model: { problem: null } };

describe('scoring in this process', () => {
  it('reads the artifact and the label-first test set, from bytes or streams, and predicts', async () => {
    for (const wrap of [
      (b: Uint8Array) => b,
      (b: Uint8Array) => Readable.from([b.subarray(0, 3), b.subarray(3)]),
    ]) {
      const model = await openModel(wrap(linearModel()));
      const test = await readTestSet(wrap(csv));
      assert.equal(model.problem, null);
      assert.deepEqual([...test.labels], [3, 1, 7]);
      const { values, outputs } = await scoreLocally(model.artifact!, test.features, image);
      // A missing value adds nothing to a linear model.
      assert.deepEqual([[...values], outputs], [[10, 9, 6], 1]);
    }
  });

  it('tells the hashes of what it read', async () => {
    const model = await openModel(linearModel());
    assert.equal(model.sha256, createHash('sha256').update(linearModel()).digest('hex'));
    assert.equal((await readTestSet(csv)).sha256, createHash('sha256').update(csv).digest('hex'));
    assert.equal(model.bytes, linearModel().byteLength);
  });

  it('takes an artifact that it cannot score as a reason, not as a failure', async () => {
    for (const bytes of [Buffer.from('not a model'), linearModel('reg:mine')]) {
      const model = await openModel(bytes);
      assert.equal(model.artifact, null);
      assert.ok(model.problem!.length > 20);
    }
  });

  it('names the row of a test set that is no numbers', async () => {
    await assert.rejects(readTestSet(Buffer.from('1,2\n3,x\n')), { code: 'csv.not-numeric' });
  });
});

describe('a test set for a model that was trained with other columns', () => {
  const features = { rows: 2, columns: 3, values: Float32Array.of(1, 2, 3, 4, 5, 6) };

  it('is put into the order of that model, without what it does not know', () => {
    const { columns, values } = alignFeatures(features, ['a', 'b', 'c'], ['c', 'a']);
    assert.deepEqual([columns, [...values]], [2, [3, 1, 6, 4]]);
  });

  it('is left alone when the columns agree', () => {
    assert.equal(alignFeatures(features, ['a', 'b', 'c'], ['a', 'b', 'c']), features);
  });

  it('is refused when a column is gone', () => {
    assert.throws(() => alignFeatures(features, ['a', 'b', 'c'], ['a', 'd', 'e']), {
      code: 'evaluation.features',
      message: /d, e/,
    });
  });
});

describe('the choice of engine', () => {
  it('falls on this process when the artifact can be read here', () => {
    assert.equal(chooseEngine('auto', readable).engine, 'local');
    assert.equal(chooseEngine('local', readable).engine, 'local');
  });

  it('falls on Batch Transform for other images, unreadable artifacts and large test sets, and says why', () => {
    const cases: [Partial<EngineFacts>, RegExp][] = [
      [{ image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/mine:1' }, /mine:1 is not SageMaker's XGBoost/],
      [{ model: { problem: 'It is damaged.' } }, /It is damaged\./],
      [{ testBytes: 600 * 2 ** 20 }, /600 MiB; up to 512 MiB/],
    ];
    for (const [facts, reason] of cases) {
      const choice = chooseEngine('auto', { ...readable, ...facts });
      assert.equal(choice.engine, 'batch-transform');
      assert.match(choice.reason, reason);
      assert.throws(() => chooseEngine('local', { ...readable, ...facts }), {
        code: 'evaluation.not-local',
        kind: 'refused',
      });
    }
  });

  it('is the project’s when it asks for Batch Transform', () => {
    assert.equal(chooseEngine('batch-transform', readable).engine, 'batch-transform');
  });

  it('names every reason', () => {
    assert.equal(reasonsNotLocal({ ...readable, model: { problem: 'It is damaged.' } }, 10).length, 2);
  });
});
