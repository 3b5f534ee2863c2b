import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { parseCsv, readCsv, splitLabel } from '../../../src/xgboost/csv';

const parse = (text: string) => parseCsv(Buffer.from(text));
const { fround } = Math;

describe('numeric CSV', () => {
  it('becomes float32 by way of double; empty and nan are missing', () => {
    const { rows, columns, values } = parse(
      '1,0.1,\n-2.5e-3,nan,NaN\r\n.5,+7,1e300'.replace('1e300', '16777217'),
    );
    assert.deepEqual([rows, columns], [3, 3]);
    assert.deepEqual(
      [...values],
      [1, fround(0.1), Number.NaN, fround(-2.5e-3), Number.NaN, Number.NaN, 0.5, 7, 16777216],
    );
  });

  for (const delimiter of ['\t', ';', ' '])
    it(`may be delimited by ${JSON.stringify(delimiter)}`, () => {
      const { columns, values } = parse(`1${delimiter}2${delimiter}3\n4${delimiter}5${delimiter}6\n`);
      assert.equal(columns, 3);
      assert.deepEqual([...values], [1, 2, 3, 4, 5, 6]);
    });

  it('may be quoted and spaced', () => {
    assert.deepEqual([...parse('"1", 2 ,"-3.5"').values], [1, 2, -3.5]);
  });

  it('keeps the sign of zero and skips blank lines', () => {
    const { rows, values } = parse('-0\n\n0\n');
    assert.equal(rows, 2);
    assert.deepEqual([...values], [-0, 0]);
  });

  it('of no rows is empty', () => {
    assert.deepEqual(parse(''), { rows: 0, columns: 0, values: new Float32Array(0) });
  });

  it('names the row and column of what is no number', () => {
    assert.throws(() => parse('1,2\n3,4x\n'), { code: 'csv.not-numeric', message: /Row 2, column 2 .*"4x"/ });
    assert.throws(() => parse('delay,hour\n1,2'), {
      code: 'csv.not-numeric',
      message: /Row 1, column 1 .*"delay"/,
    });
    for (const text of ['1e', '-', '.', '1.2.3', '0x10', '1_000', '--1', '1e5.5'])
      assert.throws(() => parse(text), { code: 'csv.not-numeric' }, text);
  });

  it('names the row of another length', () => {
    assert.throws(() => parse('1,2\n3\n'), {
      code: 'csv.ragged',
      message: /Row 2 .* has 1 columns; .* have 2/,
    });
  });

  it('refuses what float32 cannot hold, as XGBoost does', () => {
    for (const text of ['inf', '-Infinity', '1e39', '-1e400'])
      assert.throws(() => parse(text), { code: 'csv.infinite' });
  });

  it('agrees with Number on every decimal', () => {
    const decimal = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -3e38, max: 3e38 }).map(String),
      fc.float({ noNaN: true, noDefaultInfinity: true }).map((x) => x.toPrecision(9)),
      fc
        .tuple(fc.integer(), fc.nat(), fc.integer({ min: -40, max: 20 }))
        .map(([a, b, e]) => `${a}.${b}e${e}`),
    );
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 1, maxLength: 20 }), (cells) => {
        assert.deepEqual(
          [...parse(cells.join(',')).values],
          cells.map((cell) => fround(Number(cell))),
        );
      }),
    );
  });

  it('comes the same from a stream in any pieces', async () => {
    const text = Array.from({ length: 300 }, (_, i) => `${i},${i / 7},\r\n`).join('');
    const whole = parse(text);
    for (const size of [1, 3, 64, 4096]) {
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        Buffer.from(text.slice(i * size, (i + 1) * size)),
      );
      assert.deepEqual(await readCsv(Readable.from(chunks)), whole);
    }
  });

  it('splits into label and features', () => {
    const { labels, features } = splitLabel(parse('1,2,3\n4,5,6'));
    assert.deepEqual([...labels], [1, 4]);
    assert.deepEqual(features, { rows: 2, columns: 2, values: Float32Array.of(2, 3, 5, 6) });
  });
});
