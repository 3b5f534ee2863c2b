import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dropColumn, moveColumn, placeColumns } from '../../../webview-ui/columns';
import { column } from '../../webview/fixtures';

const columns = [column('g', 1, { role: 'baseline' }), column('g', 2), column('g', 3), column('g', 4)];
const [one, two, three, four] = columns.map(({ arn }) => arn) as [string, string, string, string];
const versions = (view: { order: string[]; pinned: Record<string, boolean> }) =>
  placeColumns(columns, view).map(({ column: { version } }) => version);

describe('the order of columns', () => {
  it('is that of the comparison, the baseline pinned', () => {
    const placed = placeColumns(columns, { order: [], pinned: {} });
    assert.deepEqual(
      placed.map(({ column: { version }, index, pinned }) => [version, index, pinned]),
      [
        [1, 0, true],
        [2, 1, false],
        [3, 2, false],
        [4, 3, false],
      ],
    );
  });

  it('puts pinned ones first, and a baseline that is not pinned among the others', () => {
    assert.deepEqual(versions({ order: [], pinned: { [three]: true } }), [1, 3, 2, 4]);
    assert.deepEqual(versions({ order: [four], pinned: { [one]: false } }), [4, 1, 2, 3]);
  });

  it('moves a column past its neighbour of the same kind', () => {
    const placed = placeColumns(columns, { order: [], pinned: {} });
    assert.deepEqual(moveColumn(placed, three, -1), [one, three, two, four]);
    assert.deepEqual(moveColumn(placed, three, 1), [one, two, four, three]);
    assert.equal(moveColumn(placed, two, -1), null, 'not into the pinned ones');
    assert.equal(moveColumn(placed, four, 1), null, 'not beyond the last');
  });

  it('is whatever was dropped where, and loses none', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3))), (drops) => {
        let order: string[] = [];
        for (const [from, to] of drops) {
          const placed = placeColumns(columns, { order, pinned: { [one]: false } });
          order = dropColumn(placed, columns[from]!.arn, columns[to]!.arn);
          assert.equal(
            order[placed.findIndex((place) => place.column.arn === columns[to]!.arn)],
            columns[from]!.arn,
          );
        }
        assert.deepEqual(versions({ order, pinned: {} }).toSorted(), [1, 2, 3, 4]);
      }),
    );
  });

  it('ignores a column that is not there', () => {
    const placed = placeColumns(columns, { order: ['gone', four], pinned: {} });
    assert.deepEqual(
      dropColumn(placed, 'gone', two),
      placed.map((place) => place.column.arn),
    );
  });
});
