import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { predictArtifact, readArtifact } from '../../../src/xgboost/artifact';
import { predict } from '../../../src/xgboost/predict';
import { Fixtures } from './fixtures';

const fixtures = new Fixtures('1.7.4');
const model = fixtures.bytes('logistic.bin');

async function tar(
  ...files: [name: string, content: Uint8Array | string, type?: 'symlink'][]
): Promise<Buffer> {
  const archive = pack();
  for (const [name, content, type] of files) {
    if (type) archive.entry({ name, type, linkname: String(content) });
    else archive.entry({ name }, typeof content === 'string' ? content : Buffer.from(content));
  }
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** As S3 delivers it: in pieces that respect nothing. */
function pieces(bytes: Uint8Array, size: number): Readable {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return Readable.from(chunks);
}

describe('an artifact', () => {
  it('is read from a model.tar.gz, whole or in single bytes', async () => {
    const archive = gzipSync(await tar(['xgboost-model', model]));
    for (const source of [archive, pieces(archive, 1), pieces(archive, 1000)]) {
      const artifact = await readArtifact(source);
      assert.equal(artifact.file, 'xgboost-model');
      assert.deepEqual(artifact.files, ['xgboost-model']);
      assert.equal(artifact.format, 'binary');
      assert.equal(artifact.xgboostVersion, '1.7');
      assert.equal(artifact.imageGuess, '1.7-1');
      assert.match(
        artifact.sentence,
        /^xgboost-model is a model in the deprecated binary format of XGBoost 1\.7/,
      );
      assert.deepEqual(
        artifact.servableBy.filter(({ ok }) => ok).map(({ image }) => image),
        ['1.7-1', '3.0-5'],
      );
      const { values } = predictArtifact(artifact, fixtures.features());
      assert.deepEqual(values, fixtures.expected('logistic', 'predictions'));
    }
  });

  it('may be a plain tar or the model itself', async () => {
    for (const source of [await tar(['./xgboost-model', model]), model, gzipSync(model)])
      assert.equal((await readArtifact(source)).file, 'xgboost-model');
  });

  it('is the first regular file at the top level that does not begin with a dot', async () => {
    const archive = await tar(
      ['._xgboost-model', 'resource fork'],
      ['link', '/etc/passwd', 'symlink'],
      ['code/inference.py', 'import os'],
      ['../escape', 'above'],
      ['/absolute', 'root'],
      ['xgboost-model', model],
      ['evaluation.json', '{}'],
    );
    const artifact = await readArtifact(archive);
    assert.equal(artifact.file, 'xgboost-model');
    assert.deepEqual(artifact.files.length, 6);
    assert.match(artifact.sentence, /2 files at its top level \(xgboost-model, evaluation\.json\)/);
  });

  it('names the file that the container would load in place of the model', async () => {
    const archive = await tar(['evaluation.json', '{}'], ['xgboost-model', model]);
    await assert.rejects(readArtifact(archive), (error: Error) => {
      assert.match(
        error.message,
        /^evaluation\.json, the first file .* would load \(it also holds xgboost-model\)/,
      );
      return true;
    });
  });

  it('holds the last of two files with the same name, as unpacking leaves it', async () => {
    const archive = await tar(['xgboost-model', 'old'], ['./xgboost-model', model]);
    assert.equal((await readArtifact(archive)).format, 'binary');
  });

  it('averages the folds of a k-fold training only when asked', async () => {
    const [one, two] = [fixtures.bytes('squarederror.bin'), fixtures.bytes('regularised.bin')];
    const archive = await tar(['xgboost-model-1', two], ['xgboost-model-0', one]);
    const single = await readArtifact(archive);
    assert.equal(single.file, 'xgboost-model-1');
    assert.equal(single.boosters.length, 1);
    const ensemble = await readArtifact(archive, { ensemble: true });
    assert.equal(ensemble.boosters.length, 2);
    const features = fixtures.features();
    const [a, b] = ensemble.boosters.map((booster) => predict(booster, features).values);
    assert.deepEqual(
      predictArtifact(ensemble, features).values,
      a!.map((value, i) => Math.fround(value + b![i]!) / 2),
    );
    assert.deepEqual(a, fixtures.expected('squarederror', 'predictions'));
  });

  it('votes when the folds answer classes', async () => {
    const archive = await tar(
      ['xgboost-model-0', fixtures.bytes('softmax.bin')],
      ['xgboost-model-1', fixtures.bytes('softmax.bin')],
    );
    const artifact = await readArtifact(archive, { ensemble: true });
    const { values } = predictArtifact(artifact, fixtures.features());
    assert.deepEqual(values, fixtures.expected('softmax', 'predictions'));
  });

  it('is refused when it is too large, before it is in memory', async () => {
    const bomb = gzipSync(await tar(['xgboost-model', Buffer.alloc(20_000_000)]));
    const limits: [object, RegExp][] = [
      [{ maxCompressedBytes: 1000 }, /The artifact is larger than 1000 bytes/],
      [{ maxDecompressedBytes: 1_000_000 }, /The decompressed artifact is larger/],
      [{ maxModelBytes: 1_000_000 }, /The model is larger/],
    ];
    for (const [limit, message] of limits)
      await assert.rejects(readArtifact(bomb, limit), { code: 'xgboost.too-large', message });
  });

  it('is refused by name when it is damaged, empty or holds no model', async () => {
    const archive = gzipSync(await tar(['xgboost-model', model]));
    const damaged = Buffer.from(archive);
    damaged.fill(0x55, 200, 400);
    const refused: [Uint8Array, string][] = [
      [archive.subarray(0, archive.length >> 1), 'xgboost.malformed'],
      [damaged, 'xgboost.malformed'],
      [new Uint8Array(0), 'xgboost.malformed'],
      [gzipSync(''), 'xgboost.malformed'],
      [(await tar(['xgboost-model', model])).subarray(0, 4000), 'xgboost.malformed'],
      [await tar(['code/train.py', 'x']), 'xgboost.no-model'],
    ];
    for (const [bytes, code] of refused) await assert.rejects(readArtifact(bytes), { code });
  });

  it('passes on what its source failed with', async () => {
    const lost = new Error('connection reset');
    const source = Readable.from(
      (async function* () {
        yield gzipSync(await tar(['xgboost-model', model])).subarray(0, 500);
        throw lost;
      })(),
    );
    await assert.rejects(readArtifact(source), lost);
  });
});
