import assert from 'node:assert/strict';
import { placeColumns } from '../../../webview-ui/columns';
import {
  ariaSort,
  hiddenNote,
  nextSort,
  relativeGain,
  sortRows,
  visibleRows,
} from '../../../webview-ui/metric-rows';
import type { Sort } from '../../../webview-ui/view';
import { metric, regression } from '../../webview/fixtures';

const { columns, metrics } = regression();
const placed = placeColumns(columns, { order: [], pinned: {} });
const candidate = columns[1]!.arn;
const names = (sort: Sort | null) => sortRows(metrics, sort, placed).map((row) => row.metric);

describe('the rows of the metrics table', () => {
  it('are only those that differ, and it is said how many are not shown', () => {
    assert.deepEqual(
      visibleRows(metrics, false).map((row) => row.metric),
      ['rmse', 'mae', 'bias', 'stdev_error', 'r2'],
    );
    assert.equal(visibleRows(metrics, true).length, 7);
    assert.equal(hiddenNote(metrics), '2 rows are the same everywhere.');
    assert.equal(hiddenNote(metrics.slice(5, 6)), '1 row is the same everywhere.');
    assert.equal(hiddenNote(metrics.slice(0, 5)), null);
  });

  it('stand as the project wants them until they are sorted', () => {
    assert.deepEqual(names(null).slice(0, 3), ['rmse', 'mae', 'bias']);
    assert.deepEqual(names({ by: 'gone', of: 'value', descending: false }).slice(0, 3), [
      'rmse',
      'mae',
      'bias',
    ]);
  });

  it('are sorted by name and by any value', () => {
    assert.deepEqual(names({ by: 'metric', of: 'name', descending: false }).slice(0, 3), [
      'bias',
      'mae',
      'mape',
    ]);
    assert.deepEqual(names({ by: candidate, of: 'value', descending: true }).slice(0, 2), [
      'rows_scored',
      'rmse',
    ]);
  });

  it('are sorted by how much better they are, whatever way is better and whatever the unit', () => {
    const best = names({ by: candidate, of: 'difference', descending: true });
    assert.deepEqual(best.slice(0, 4), ['bias', 'rmse', 'stdev_error', 'r2']);
    assert.equal(best.at(-1), 'rows_scored', 'of which nobody knows what is better');
  });

  it('come last when they lack what is sorted by, in both directions', () => {
    const third = columns[2]!.arn;
    for (const descending of [true, false])
      assert.equal(names({ by: third, of: 'value', descending }).at(-1), 'stdev_error');
  });

  it('say their gain as a share of the baseline’s size', () => {
    const gain = (reading: 'lower' | 'higher' | 'zero' | null, from: number, to: number) => {
      const row = metric('m', reading, [from, to]);
      return relativeGain(row, row.cells[1]!);
    };
    assert.equal(gain('lower', 10, 8), 0.2);
    assert.equal(gain('higher', 10, 8), -0.2);
    assert.equal(gain('zero', -4, 1), 0.75);
    assert.equal(gain('zero', 2, -4), -1);
    assert.equal(gain('lower', 0, 0), 0);
    assert.ok(gain('lower', 0, 1)! < -1e300);
    assert.equal(gain(null, 1, 2), null);
  });
});

describe('a click on a header', () => {
  it('sorts, turns, and returns to the order of the project', () => {
    const up = nextSort(null, 'metric', 'name');
    assert.deepEqual(up, { by: 'metric', of: 'name', descending: false });
    const down = nextSort(up, 'metric', 'name');
    assert.equal(ariaSort(down, 'metric', 'name'), 'descending');
    assert.equal(nextSort(down, 'metric', 'name'), null);
  });

  it('shows the best difference first', () => {
    const best = nextSort(null, candidate, 'difference');
    assert.equal(best?.descending, true);
    assert.equal(nextSort(best, candidate, 'difference')?.descending, false);
    assert.equal(ariaSort(best, candidate, 'value'), 'none');
  });
});
