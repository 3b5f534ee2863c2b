import assert from 'node:assert/strict';
import { artifactFormatOf, canServe } from '../../../src/xgboost/compatibility';

describe('which image serves which artifact', () => {
  it('every image writes the format that its generation wrote', () => {
    const formats = ['0.90-2', '1.0-1', '1.2-2', '1.3-1', '1.5-1', '1.7-1', '3.0-5', '3.2-0'].map(
      artifactFormatOf,
    );
    assert.deepEqual(formats, [
      'pickle',
      'pickle',
      'pickle',
      'binary',
      'binary',
      'binary',
      'ubjson',
      'ubjson',
    ]);
    assert.equal(artifactFormatOf('latest'), null);
  });

  const cases: [
    format: 'pickle' | 'binary' | 'ubjson' | 'json',
    written: string,
    image: string,
    ok: boolean,
  ][] = [
    ['pickle', '1.2', '1.2-2', true],
    ['pickle', '1.2', '1.2-1', true],
    ['pickle', '1.2', '1.3-1', false],
    ['pickle', 'before 1.0', '0.90-2', true],
    ['pickle', 'before 1.0', '1.0-1', false],
    ['binary', '1.7', '1.7-1-cpu-py3', true],
    ['binary', '1.3', '1.7-1', true],
    ['binary', '1.7', '1.3-1', false],
    ['binary', '1.7', '3.0-5', true],
    ['binary', '1.7', '3.2-0', false],
    ['ubjson', '3.0.5', '3.2-0', true],
    ['ubjson', '3.2', '3.0-5', false],
    ['ubjson', '1.7.4', '1.7-1', true],
    ['ubjson', '1.5', '1.5-1', false],
    ['json', '1.2', '1.3-1', true],
    ['json', '1.2', 'latest', false],
  ];
  for (const [format, written, image, ok] of cases)
    it(`${format} of ${written} in image ${image}: ${ok ? 'yes' : 'no'}`, () => {
      const verdict = canServe(format, written, image);
      assert.equal(verdict.ok, ok, verdict.why);
      assert.match(verdict.why, /^["A-Z].*\.$/);
    });
});
