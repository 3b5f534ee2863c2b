import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WarmstartError } from '../../../src/errors';
import { chooseProbes, loadProbes, parseProbes, probeFile } from '../../../src/registry/probes';

const matrix = (rows: number[][]) => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  values: Float32Array.from(rows.flat()),
});
const rejectsWith = (code: string) => (e: unknown) => e instanceof WarmstartError && e.code === code;

describe('probes', () => {
  it('are spread over the quantiles of the prediction, lowest and highest included', () => {
    const features = matrix(Array.from({ length: 101 }, (_, i) => [i, Number.NaN]));
    const predictions = Array.from({ length: 101 }, (_, i) => (i * 37) % 101);
    const probes = chooseProbes(features, predictions, 5);
    assert.deepEqual(
      probes.map((p) => p.expected),
      [[0], [25], [50], [75], [100]],
    );
    for (const { row, expected } of probes)
      assert.deepEqual([((row[0] as number) * 37) % 101, row[1]], [expected[0], null]);
  });

  it('expect one number per class where there are several', () => {
    const probes = chooseProbes(matrix([[1], [2]]), [0.9, 0.1, 0.25, 0.75], 2);
    assert.deepEqual(probes, [
      { row: [2], expected: [0.25, 0.75] },
      { row: [1], expected: [0.9, 0.1] },
    ]);
  });

  it('are as many as there can be, and the middle one when one is wanted', () => {
    const features = matrix([[1], [2], [3]]);
    assert.equal(chooseProbes(features, [1, 2, 3], 9).length, 3);
    assert.deepEqual(chooseProbes(features, [1, 2, 3], 1), [{ row: [2], expected: [2] }]);
    assert.deepEqual(chooseProbes({ rows: 0, columns: 3, values: new Float32Array() }, [], 5), []);
    assert.equal(chooseProbes(features, [1, Number.NaN, Number.POSITIVE_INFINITY], 3).length, 1);
    assert.throws(() => chooseProbes(features, [1, 2], 3), rejectsWith('registry.probe-shape'));
  });

  it('are distinct rows of the test set with their own predictions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (values, n) => {
          const probes = chooseProbes(matrix(values.map((_, i) => [i])), values, n);
          assert.equal(probes.length, Math.min(n, values.length));
          assert.equal(new Set(probes.map((p) => p.row[0])).size, probes.length);
          for (const probe of probes) assert.deepEqual(probe.expected, [values[probe.row[0] as number]]);
        },
      ),
    );
  });

  it('come back from their file, and not from another one', async () => {
    const probes = [{ row: [1.5, null], expected: [0.1] }];
    const { text, sha256 } = probeFile({ model: 'm', trainingJob: 'j', probes });
    assert.deepEqual(parseProbes(text, sha256), probes);
    assert.throws(
      () => parseProbes(text.replace('0.1', '0.2'), sha256),
      rejectsWith('registry.probes-changed'),
    );
    const store = { bucket: 'b', getText: async (key: string) => (key === 'p.json' ? text : undefined) };
    assert.deepEqual(await loadProbes(store, { s3Uri: 's3://b/p.json', sha256 }), probes);
    assert.deepEqual(await loadProbes(store, null), []);
    for (const s3Uri of ['s3://b/gone.json', 's3://elsewhere/p.json']) {
      await assert.rejects(loadProbes(store, { s3Uri, sha256 }), rejectsWith('registry.probes-missing'));
    }
  });
});
