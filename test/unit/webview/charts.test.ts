import assert from 'node:assert/strict';
import fc from 'fast-check';
import { confusionCells, confusionSentence, shortCount } from '../../../webview-ui/charts/confusion';
import {
  areaUnder,
  calibrationError,
  calibrationPoints,
  calibrationSentence,
  calibrationTable,
  decilePoints,
  decileSentence,
  decileTable,
  rocPoints,
  rocSentence,
} from '../../../webview-ui/charts/curves';
import { driftSentence, driftTable, shiftSentence, shiftTable } from '../../../webview-ui/charts/drift';
import {
  binLabels,
  errorName,
  errorsOf,
  featureNames,
  featureSentence,
  featureTable,
} from '../../../webview-ui/charts/feature-errors';
import { cellsOf, extentOf, gridTable, shareOnDiagonal } from '../../../webview-ui/charts/grid';
import {
  barsOf,
  binWidth,
  outline,
  quantile,
  residualSentence,
  residualTable,
} from '../../../webview-ui/charts/histogram';
import { having, seriesOf } from '../../../webview-ui/charts/series';
import { pageOf } from '../../../webview-ui/charts/table-data';
import { testSetNote } from '../../../webview-ui/charts/test-sets';
import { arnOf, binary, column, multiclass, regression } from '../../webview/fixtures';
import { driftOf } from '../../webview/scorecards';

const series = seriesOf(regression());
const [first] = series;

describe('series', () => {
  it('are told apart by colour, by dash and by shape, the baseline always in the same way', () => {
    assert.deepEqual(
      series.map(({ label }) => label),
      ['Version 30 (Baseline, production)', 'Version 38', 'Version 37'],
    );
    for (const trait of ['colour', 'dash', 'symbol'] as const)
      assert.equal(new Set(series.map((one) => one[trait])).size, 3);
    assert.equal(seriesOf({ ...regression(), columns: [column('g', 1)] })[0]!.symbol, 'circle');
  });

  it('are only those that have what is drawn', () => {
    assert.equal(having(series, 'residuals').length, 3);
    assert.equal(having(series, 'roc').length, 0);
    assert.equal(having(seriesOf({ ...regression(), columns: [column('g', 1)] }), 'residuals').length, 0);
  });
});

describe('residuals', () => {
  const bars = barsOf({ edges: [-2, -1, 0, 1, 2], counts: [1, 3, 4, 0] });

  it('are shares of all rows', () => {
    assert.deepEqual(
      bars.map(({ share }) => share),
      [0.125, 0.375, 0.5, 0],
    );
    assert.deepEqual(barsOf({ edges: [0, 1], counts: [0] }), []);
    assert.equal(barsOf({ edges: [0, null, 2], counts: [1, 1] }).length, 0);
  });

  it('are drawn from the axis to the axis', () => {
    const line = outline(bars, 1);
    assert.equal(line[0]!.y, 0);
    assert.equal(line.at(-1)!.y, 0);
    assert.equal(line.length, 10);
    assert.deepEqual(outline([], 1), []);
  });

  it('have heights of one width, so that equal areas are equal shares whatever the bins', () => {
    const wide = barsOf({ edges: [0, 2, 4], counts: [1, 3] });
    assert.deepEqual(
      outline(wide, 1).map(({ y }) => y),
      [0, 0.125, 0.125, 0.375, 0.375, 0],
    );
    assert.deepEqual(
      outline(bars, 1).map(({ y }) => y),
      [0, 0.125, 0.125, 0.375, 0.375, 0.5, 0.5, 0, 0, 0],
    );
    assert.equal(binWidth(wide), 2);
    assert.equal(binWidth(barsOf({ edges: [0.2, 0.3], counts: [1] })), 0.1);
    assert.equal(binWidth([]), null);
  });

  it('have quantiles', () => {
    assert.equal(quantile(bars, 0.5), 0);
    assert.equal(quantile(bars, 0.75), 0.5);
    assert.equal(quantile(bars, 0.125), -1);
    assert.equal(quantile([], 0.5), null);
    assert.equal(
      residualSentence(first!, bars, 'min'),
      `${first!.label}: half of the residuals lie between −0.6667 and 0.5000 min.`,
    );
  });

  it('stand in a table also where the bins differ', () => {
    const other = barsOf({ edges: [-1, 5], counts: [7] });
    const { head, rows } = residualTable([
      { series: first!, bars },
      { series: series[1]!, bars: other },
    ]);
    assert.equal(head.length, 3);
    assert.deepEqual(rows[0], ['−2', '13 % (1)', '–']);
    assert.deepEqual(rows[1], ['−1', '38 % (3)', '100 % (7)']);
  });
});

describe('predicted against actual', () => {
  const grid = {
    predictionEdges: [0, 1, 2, 3],
    labelEdges: [0, 1.5, 3],
    counts: [
      [4, 2, 1],
      [0, 2, 1],
    ],
  };
  const cells = cellsOf(grid);

  it('has a cell for each that holds rows', () => {
    assert.equal(cells.length, 5);
    assert.deepEqual(extentOf([cells]), { predicted: [0, 3], actual: [0, 3] });
  });

  it('says how many lie on the diagonal', () => {
    assert.equal(shareOnDiagonal(cells), 0.9);
  });

  it('lists the fullest cells first', () => {
    assert.deepEqual(gridTable([{ series: first!, cells }]).rows[0]!.slice(1), [
      '0 … 1',
      '0 … 1.5',
      '4',
      '40 %',
    ]);
  });
});

describe('curves', () => {
  const all = having(seriesOf(binary()), 'calibration');

  it('leave out bins without rows', () => {
    assert.equal(calibrationPoints(all[0]!.part).length, 9);
    assert.ok(calibrationTable(all).rows[8]!.includes('–'));
  });

  it('say where they are worst', () => {
    const bins = [
      { x: 0.1, y: 0.12, rows: 99 },
      { x: 0.6, y: 0.4, rows: 1 },
    ];
    assert.equal(
      calibrationSentence({ series: first!, points: bins }),
      `${first!.label}: off by 2.2 percentage points on average; furthest where it says 60 % and 40 % is true, among 1 row.`,
    );
    assert.equal(calibrationError([]), null);
    const groups = [
      { x: 1, y: 3, from: -5, to: 1 },
      { x: 2, y: 4.25, from: 1, to: 7.5 },
    ];
    assert.equal(
      decileSentence({ series: first!, points: groups }, 'min'),
      `${first!.label}: the error is largest for predictions of 1 … 7.5: 4.25 min.`,
    );
    assert.equal(decileSentence({ series: first!, points: [] }), `${first!.label}: not measured.`);
  });

  it('lie where their rows lie among all, also when equal predictions share a group', () => {
    const group = (rows: number) => ({
      ...{ from: 0, to: 1, rows, meanLabel: 1, meanPrediction: 1, mae: 1, rmse: 1 },
    });
    const places = (rows: number[]) => decilePoints(rows.map(group)).map(({ x }) => x);
    assert.deepEqual(places(Array(10).fill(7)), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.deepEqual(places([50, 30, 20]), [3, 7, 9.5]);
    assert.deepEqual(places([4]), [5.5]);
  });

  it('say the area that was measured, not that of the points that are drawn', () => {
    const [one] = having(seriesOf(binary()), 'roc');
    const points = rocPoints(one!.part);
    const series = { ...one!.series, scorecard: { metrics: { auc: 0.71016 } } };
    assert.equal(rocSentence({ series, points }), `${series.label}: area under the curve 0.7102.`);
  });

  it('have the area of a known curve below them', () => {
    assert.equal(
      areaUnder([
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ]),
      0.5,
    );
    assert.equal(
      areaUnder([
        { x: 0, y: 1 },
        { x: 1, y: 1 },
      ]),
      1,
    );
    assert.ok(areaUnder(rocPoints(having(seriesOf(binary()), 'roc')[0]!.part)) > 0.5);
  });

  it('have tables as wide as their heads', () => {
    for (const { head, rows } of [decileTable(having(series, 'deciles')), calibrationTable(all)]) {
      assert.equal(rows.length, 10);
      for (const row of rows) assert.equal(row.length, head.length);
    }
    assert.equal(decilePoints(having(series, 'deciles')[0]!.part).length, 10);
  });
});

describe('errors by a feature', () => {
  const all = having(series, 'features');

  it('are offered for every feature of any column', () => {
    assert.deepEqual(featureNames(all), ['distance', 'hour', 'wind_knots', 'carrier_AA']);
    assert.equal(errorsOf(all, 'hour').length, 3);
    assert.equal(errorsOf(all, 'none').length, 0);
  });

  it('are said and listed, also where bins differ', () => {
    const bin = (label: string, error: number | null) => ({ label, rows: 10, error, bias: null });
    const errors = [
      { series: first!, bins: [bin('a', 1), bin('b', 2)] },
      { series: series[1]!, bins: [bin('b', 3), bin('c', null)] },
    ];
    assert.deepEqual(binLabels(errors), ['a', 'b', 'c']);
    const minutes = { kind: 'regression', unit: 'min' } as const;
    assert.equal(
      featureSentence(errors[0]!, minutes),
      `${first!.label}: the error is largest for b: 2 min over 10 rows.`,
    );
    assert.deepEqual(featureTable(errors, minutes).rows[0], ['a', '10', '1 min', '–', '–', '–', '–']);
  });

  it('are shares of wrong answers of a classifier', () => {
    const scale = { kind: 'binary', unit: 'min' } as const;
    const bins = [{ label: '≤ 7', rows: 1, error: 0.277, bias: 0.1 }];
    assert.equal(
      featureSentence({ series: first!, bins }, scale),
      `${first!.label}: the error is largest for ≤ 7: 27.7 % over 1 row.`,
    );
    assert.equal(errorName(scale), 'share of wrong answers');
    assert.equal(errorName({ kind: 'regression', unit: null }), 'mean absolute error');
  });
});

describe('a confusion matrix', () => {
  it('shades by the share of what is actually so', () => {
    const cells = confusionCells({
      labels: ['no', 'yes'],
      counts: [
        [90, 10],
        [5, 15],
      ],
    });
    assert.deepEqual(
      cells.map(({ share }) => share),
      [0.9, 0.1, 0.25, 0.75],
    );
    assert.equal(
      confusionSentence(first!, cells),
      `${first!.label}: 87.5 % of 120 rows are right; most often no is taken for yes (10).`,
    );
    assert.equal(confusionSentence(first!, []), `${first!.label}: not measured.`);
    assert.equal(having(seriesOf(multiclass()), 'confusion').length, 2);
  });

  it('has numbers that fit', () => {
    assert.deepEqual([9_999, 12_345, 4_560_000].map(shortCount), ['9,999', '12.3k', '4.56M']);
  });
});

describe('drift', () => {
  const drift = driftOf(arnOf('g', 1), 24, 1);

  it('is said in words', () => {
    assert.match(driftSentence(drift), /^Of 31 columns 2 moved strongly and \d moderately\.$/);
    assert.match(
      shiftSentence(drift.features[0]!),
      /^wind_knots moved strongly \(PSI 0\.41\)\. Most at .*: \d+ % of the rows, \d+ % in/,
    );
    assert.equal(shiftSentence({ feature: 'x', psi: 0, level: 'none', bins: [] }), 'x hardly moved (PSI 0).');
  });

  it('is said to be none where there is none', () => {
    const calm = drift.features.map((feature) => ({ ...feature, level: 'none' as const }));
    assert.equal(driftSentence({ ...drift, features: calm }), 'None of the 31 columns moved notably.');
  });

  it('stands in tables', () => {
    assert.deepEqual(driftTable(drift).rows[0], ['wind_knots', '0.410', 'moved strongly']);
    assert.equal(shiftTable(drift.features[0]!).rows.length, 6);
  });
});

describe('test sets', () => {
  const on = (label: string, sha256: string, rows: number) => ({
    label,
    test: { sha256, rows, s3Uri: `s3://x/${sha256}.csv` },
  });

  it('are named where they are not the same for all', () => {
    assert.equal(testSetNote([on('A', 'one', 2683), on('B', 'one', 2683), { label: 'C', test: null }]), null);
    assert.equal(
      testSetNote([on('A', 'one', 2683), on('B', 'two', 2244), on('C', 'one', 2683)]),
      'They were measured on different test sets, so that what lies between them may be the data: A, C: 2,683 rows; B: 2,244 rows.',
    );
  });
});

describe('pages of a table', () => {
  it('hold fifty rows and never lie beyond the last', () => {
    assert.deepEqual(pageOf(120, 1), { page: 1, pages: 3, from: 50, to: 100 });
    assert.deepEqual(pageOf(120, 9), { page: 2, pages: 3, from: 100, to: 120 });
    assert.deepEqual(pageOf(0, 0), { page: 0, pages: 1, from: 0, to: 0 });
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer(), (rows, wanted) => {
        const { from, to, page, pages } = pageOf(rows, wanted);
        assert.ok(from <= to && to <= rows && page < pages);
      }),
    );
  });
});
