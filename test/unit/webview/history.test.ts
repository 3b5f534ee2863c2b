import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  historyMetrics,
  historyPoints,
  historySentence,
  historyTable,
  nearest,
  pointSentence,
  step,
  thin,
  undated,
  undatedSentence,
} from '../../../webview-ui/charts/history';
import { history } from '../../webview/fixtures';

const long = historyPoints(history(10_000, { rmse: 12 }), 'rmse');

describe('the history of a metric', () => {
  it('leaves out evaluations without it', () => {
    const points = historyPoints(history(62, { rmse: 12 }), 'rmse');
    assert.equal(points.length, 60);
    assert.ok(!points.some(({ index }) => index % 31 === 11));
    assert.deepEqual(historyPoints(history(3, {}), 'rmse'), []);
  });

  it('offers the headline first and nothing that was never measured', () => {
    const metrics = { ...history(5, { mae: 1, rmse: 2 }), metrics: { mae: [1], never: [null], rmse: [2] } };
    assert.deepEqual(historyMetrics(metrics, 'rmse'), ['rmse', 'mae']);
  });

  it('is thinned to what the width shows, without losing an outlier, an end or a version that is compared', () => {
    const spike = { ...long[4_321]!, value: 999 };
    const points = long.with(4_321, spike);
    const kept = thin(points, 800, ({ index }) => index === 7_777);
    assert.ok(kept.length <= 2 * 801 + 3, `${kept.length}`);
    assert.ok(kept.includes(spike));
    assert.ok(kept.some(({ index }) => index === 7_777));
    assert.equal(kept[0], points[0]);
    assert.equal(kept.at(-1), points.at(-1));
    assert.deepEqual(
      kept,
      kept.toSorted((a, b) => a.time - b.time),
    );
  });

  it('is drawn as it is when it is short', () => {
    const short = long.slice(0, 2_000);
    assert.equal(
      thin(short, 10, () => false),
      short,
    );
  });

  it('finds the nearest evaluation', () => {
    const points = long.slice(0, 500);
    fc.assert(
      fc.property(
        fc.integer({ min: -10, max: 510 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (place, part) => {
          const time = points[0]!.time + (place + part) * (points[1]!.time - points[0]!.time);
          const best = Math.min(...points.map((point) => Math.abs(point.time - time)));
          assert.equal(Math.abs(points[nearest(points, time)]!.time - time), best);
        },
      ),
    );
    assert.equal(nearest(points.slice(0, 1), 0), 0);
  });

  it('is walked along by keys', () => {
    assert.equal(step('ArrowRight', 3, 100), 4);
    assert.equal(step('ArrowLeft', 0, 100), 0);
    assert.equal(step('PageUp', 3, 100), 8);
    assert.equal(step('End', 3, 100), 99);
    assert.equal(step('Home', 3, 100), 0);
    assert.equal(step('Tab', 3, 100), null);
  });

  it('is said in words', () => {
    assert.match(
      historySentence(long, 'rmse'),
      /^rmse of 9,677 evaluations, each on its own test set, 2025-01-06 to 2026-02-10: last [\d.]+, lowest [\d.]+ \(.*\), highest [\d.]+ \(.*\)\.$/,
    );
    assert.equal(historySentence([], 'rmse'), 'rmse was never measured.');
    const failed = { ...long[0]!, version: 7, gatesPassed: false, testing: true, value: 12.345 };
    assert.equal(
      pointSentence(failed, 'rmse'),
      '2025-01-06 04:30 UTC, version 7, rmse 12.35, gates FAILED, testing run',
    );
  });

  it('tells values apart that differ, with the same decimals', () => {
    const [first, second, third] = long;
    const points = [0.71421, 0.7135, 0.7269].map((value, i) => ({ ...[first!, second!, third!][i]!, value }));
    assert.match(
      historySentence(points.toReversed(), 'auc'),
      /last 0\.7142, lowest 0\.7135 \(.*\), highest 0\.7269 \(/,
    );
  });

  it('draws nothing at the beginning of time: what has no time is counted', () => {
    const made = history(3, { rmse: 12 });
    const gone = { ...made, times: [0, ...made.times.slice(1)] };
    assert.equal(historyPoints(gone, 'rmse').length, 2);
    assert.deepEqual([undated(made, 'rmse'), undated(gone, 'rmse'), undated(gone, 'mae')], [0, 1, 0]);
    assert.equal(undatedSentence(1), '1 more evaluation has no readable time.');
    assert.equal(undatedSentence(1200), '1,200 more evaluations have no readable time.');
  });

  it('has a table', () => {
    const { head, rows } = historyTable(long.slice(0, 1), 'rmse', undefined);
    assert.equal(rows[0]!.length, head.length);
    assert.deepEqual(rows[0]!.slice(0, 2), ['2025-01-06 04:30 UTC', '–']);
  });
});
