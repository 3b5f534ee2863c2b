import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderTable } from '../../../src/cli/output';

const lines = (table: Parameters<typeof renderTable>[0]) => renderTable(table).trimEnd().split('\n');

describe('A table', () => {
  it('aligns words to the left and numbers to the right, under their column', () => {
    assert.deepEqual(
      lines({
        columns: ['model', 'version', 'notes'],
        rows: [
          ['delay-atl', 2, 'ok'],
          ['a', 12, ''],
        ],
      }),
      [
        'model      version  notes',
        '─────────  ───────  ─────',
        'delay-atl        2  ok',
        'a               12',
      ],
    );
  });

  it('shows what is unknown as a dash, and a column with gaps is one of numbers still', () => {
    assert.deepEqual(lines({ columns: ['v'], rows: [[10], [null]] }), [' v', '──', '10', ' –']);
  });

  it('rounds for people: five digits, one decimal from a thousand on, whole numbers as they are', () => {
    const [, , ...cells] = lines({
      columns: ['x'],
      rows: [[21.693456], [1234.5678], [1234567], [0.00012345678]],
    });
    assert.deepEqual(
      cells.map((cell) => cell.trim()),
      ['21.693', '1234.6', '1234567', '0.00012346'],
    );
  });

  it('has a title when it is given one, and is its header when it is empty', () => {
    assert.equal(renderTable({ title: 'Runs', columns: ['a', 'b'], rows: [] }), '\nRuns\na  b\n─  ─\n');
  });

  it('begins each column at the same place in every line', () => {
    const cell = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }), (rows) => {
        const [header = '', rule = '', ...body] = lines({ columns: ['one', 'two', 'three'], rows });
        const starts = [...rule.matchAll(/─+/g)].map((match) => match.index);
        assert.equal(header.indexOf('three'), starts[2]);
        for (const [i, line] of body.entries())
          for (const [j, start] of starts.entries())
            assert.ok(line.slice(start).startsWith(rows[i]?.[j] ?? ''));
      }),
    );
  });
});
