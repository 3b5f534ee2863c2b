import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ResultColumn } from '../../../src/warehouse/columns';
import { LineCutter, RowReader } from '../../../src/warehouse/rows';
import type { Routing } from '../../../src/warehouse/split';
import { dataOf } from './model';

const columns: ResultColumn[] = [
  { name: 'y', type: 'number' },
  { name: 'flag', type: 'boolean' },
  { name: 'text', type: 'text' },
];
const { split } = dataOf({ split: { column: 'k' } });

function read(lines: string[], routing: Routing = 'part') {
  const rows: [string, string][] = [];
  const reader = new RowReader(columns, routing, split, (part, line) => rows.push([part, line]));
  for (const line of lines) reader.read(Buffer.from(line).toString('latin1'));
  return { rows, profiles: reader.profiles() };
}

describe('reading rows', () => {
  it('writes booleans as 1 and 0, keeps digits, and leaves out the routing field', () => {
    assert.deepEqual(read(['1.50,t,1e3,0', '-0.10,f,.5,1', '7,,,2']).rows, [
      ['train', '1.50,1,1e3\n'],
      ['validation', '-0.10,0,.5\n'],
      ['test', '7,,\n'],
    ]);
  });

  it('takes NaN as missing', () => {
    const reader = new RowReader([columns[0]!, { name: 'a', type: 'number' }], 'content', split, (_, line) =>
      assert.equal(line, '1,\n'),
    );
    reader.read('1,NaN');
    assert.equal(reader.profiles()[1]?.missing, 1);
  });

  it('profiles every column', () => {
    const { profiles } = read(['1,t,2,0', '3,f,,0']);
    assert.deepEqual(
      profiles.map(({ name, mean, missing }) => [name, mean, missing]),
      [
        ['y', 2, 0],
        ['flag', 0.5, 0],
        ['text', 2, 1],
      ],
    );
  });

  it('names column, row and value of what is not a number', () => {
    assert.throws(() => read(['1,t,2,0', '1,t,"größer, ""so""",0']), {
      code: 'warehouse.not-numeric',
      message: 'The column "text" holds "größer, "so"" in row 2, which is not a number.',
    });
  });

  for (const value of ['0x10', 'Infinity', '1_000', '1.0.0', '$1', 'true', 'NaN', '""'])
    it(`refuses ${value}`, () => {
      assert.throws(() => read([`1,t,${value},0`]), { code: 'warehouse.not-numeric' });
    });

  it('refuses an infinite number', () => {
    assert.throws(() => read(['Infinity,t,1,0']), { code: 'warehouse.not-numeric' });
  });

  it('refuses a row without a label, or without a value to split by', () => {
    assert.throws(() => read(['1,t,1,0', ',t,1,0']), { code: 'warehouse.label-missing', message: /Row 2/ });
    assert.throws(() => read(['1,t,1,']), { code: 'warehouse.split-missing', remedy: /k IS NOT NULL/ });
  });

  it('lands in the same part again, whatever stands before and after', () => {
    const [alone] = read(['5,t,5'], 'content').rows;
    assert.deepEqual(read(['1,f,1', '5,t,5', '2,f,2'], 'content').rows[1], alone);
  });
});

describe('cutting lines', () => {
  it('gives the same lines wherever the chunks end', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z,]+$/)), fc.array(fc.nat(9)), (expected, sizes) => {
        const bytes = Buffer.from(expected.map((line) => `${line}\n`).join(''));
        const lines: string[] = [];
        const cutter = new LineCutter((line) => lines.push(line));
        let at = 0;
        for (const size of sizes) {
          cutter.push(bytes.subarray(at, at + size));
          at += size;
        }
        cutter.push(bytes.subarray(at));
        cutter.end();
        assert.deepEqual(lines, expected);
      }),
    );
  });
});
