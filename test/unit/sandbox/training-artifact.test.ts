import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { modelTarGz } from '../../../src/sandbox/training/artifact';
import { train } from '../../../src/sandbox/training/train';
import { encodeUbjson } from '../../../src/sandbox/training/ubjson';
import { predict } from '../../../src/xgboost/predict';
import { readBooster } from '../../../src/xgboost/read';
import { noisyData, recordedData } from './training-data';

function trained(version: string, hyperparameters: Record<string, string> = {}, target?: string) {
  const data = target ? recordedData(target) : { train: noisyData(200) };
  return train({ version, hyperparameters: { num_round: '4', ...hyperparameters }, ...data });
}

describe('Model artifacts', () => {
  it('are of the format that each image saves', () => {
    for (const version of ['1.3-1', '1.5-1', '1.7-1', '1.7-1-cpu-py3']) {
      assert.equal(trained(version).model.toString('latin1', 0, 4), 'binf', version);
    }
    for (const version of ['3.0-5', '3.2-0']) {
      assert.equal(trained(version).model.toString('latin1', 0, 2), '{L', version);
    }
  });

  it('name the release that wrote them and keep its attributes', () => {
    const booster = (version: string) => readBooster(trained(version).model);
    assert.deepEqual([...booster('1.5-1').version].slice(0, 2), [1, 5]);
    assert.deepEqual([...booster('3.2-0').version].slice(0, 2), [3, 2]);
    assert.equal(booster('1.7-1').bestTreeLimit, 4);
    assert.equal(booster('3.0-5').bestTreeLimit, null);
  });

  it('predict alike in all formats when the intercept is given', () => {
    const { features } = noisyData(50, 3);
    const predictions = (version: string) =>
      predict(readBooster(trained(version, { base_score: '0.5' }).model), features).values;
    assert.deepEqual(predictions('3.0-5'), predictions('1.7-1'));
    assert.deepEqual(predictions('3.2-0'), predictions('1.7-1'));
  });

  it('carry the intercept that the release estimates from the labels', () => {
    const { labels } = noisyData(200);
    const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    const constant = { gamma: '1e9', eta: '0' };
    const intercept = (version: string, extra: Record<string, string> = {}) =>
      predict(readBooster(trained(version, { ...constant, ...extra }).model), noisyData(1, 3).features)
        .values[0]!;
    assert.equal(intercept('1.7-1'), 0.5);
    assert.ok(Math.abs(intercept('3.0-5') - mean) < 1e-5);
    assert.ok(Math.abs(intercept('3.2-0') - mean) < 1e-5);
    assert.equal(intercept('3.2-0', { base_score: '0.25' }), 0.25);
  });

  it('start classes from their shares from 3.1 on', () => {
    const hyperparameters = { objective: 'multi:softprob', num_class: '3', eta: '0', num_round: '1' };
    const { train: data } = recordedData('classes');
    const shares = [0, 1, 2].map(
      (k) => data.labels.filter((label) => label === k).length / data.labels.length,
    );
    const { values } = predict(readBooster(trained('3.2-0', hyperparameters, 'classes').model), {
      ...data.features,
      rows: 1,
      values: data.features.values.slice(0, 4),
    });
    shares.forEach((share, k) => {
      assert.ok(Math.abs(values[k]! - share) < 1e-4);
    });
  });

  it('are refused for images that the sandbox does not have, with those that it has', () => {
    for (const version of ['1.2-2', '1.0-1', '0.90-2', 'latest']) {
      assert.throws(() => trained(version), {
        code: 'training.no-image',
        message: new RegExp(`sagemaker-xgboost:${version}; it trains with 1.3-1, 1.5-1, 1.7-1`),
      });
    }
  });
});

describe('model.tar.gz', () => {
  it('holds the single file xgboost-model, with equal bytes for equal models', async () => {
    const model = Buffer.from('binf and so on');
    const archive = await modelTarGz(model);
    assert.deepEqual(await modelTarGz(model), archive);
    const entries: Record<string, string> = {};
    for await (const entry of Readable.from([archive]).pipe(createGunzip()).pipe(extract())) {
      const hash = createHash('sha256');
      for await (const chunk of entry) hash.update(chunk as Buffer);
      entries[entry.header.name] = hash.digest('hex');
    }
    assert.deepEqual(entries, { 'xgboost-model': createHash('sha256').update(model).digest('hex') });
  });
});

describe('UBJSON', () => {
  it('sorts keys and writes lengths, integers and typed arrays as XGBoost does', () => {
    const bytes = encodeUbjson({ b: [1, 300, -70000], a: 'é', c: Float32Array.of(1.5), d: new Int32Array() });
    const expected = Buffer.concat([
      Buffer.from('{L\0\0\0\0\0\0\0\x01aSL\0\0\0\0\0\0\0\x02', 'latin1'),
      Buffer.from('é'),
      Buffer.from('L\0\0\0\0\0\0\0\x01b[#L\0\0\0\0\0\0\0\x03i\x01I\x01\x2cl\xff\xfe\xee\x90', 'latin1'),
      Buffer.from('L\0\0\0\0\0\0\0\x01c[$d#L\0\0\0\0\0\0\0\x01\x3f\xc0\0\0', 'latin1'),
      Buffer.from('L\0\0\0\0\0\0\0\x01d[$l#L\0\0\0\0\0\0\0\0}', 'latin1'),
    ]);
    assert.deepEqual(bytes, expected);
  });
});
