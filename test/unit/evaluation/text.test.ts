import assert from 'node:assert/strict';
import { comparisonRows, comparisonTable } from '../../../src/evaluation/text';
import { comparison, show } from '../../../src/evaluation/words';
import { evaluation } from './examples';

describe('the comparison in words', () => {
  it('says which way, by how much, and in percent of the champion', () => {
    assert.equal(comparison('mae', 31.88, 32.3), 'better by 0.42 (1.3 %)');
    assert.equal(comparison('auc', 0.88, 0.9), 'worse by 0.02 (2.2 %)');
    assert.equal(comparison('mae', 1, 1), 'the same');
    assert.equal(comparison('mae', 1, 0), 'worse by 1');
    assert.equal(comparison('bias', 0.5, -0.7), 'closer to zero by 0.2');
    assert.equal(comparison('bias', 1, -0.7), 'farther from zero by 0.3');
    assert.equal(comparison('r2', -0.5, -1), 'better by 0.5 (50 %)');
    assert.equal(comparison('r2', Number.NaN, 1), 'cannot be compared');
  });

  it('shows numbers with four significant digits and whole ones in full', () => {
    assert.deepEqual(
      [1.23456, 1234567, 0.000012346, 0, -2.5, Number.NaN].map((x) => show(x)),
      ['1.235', '1234567', '0.00001235', '0', '-2.5', 'unknown'],
    );
  });
});

describe('the rows of a comparison', () => {
  const both = evaluation(
    { metrics: { mae: 4.08, rmse: 5, stdev_error: 5, r2: Number.NaN, bias: 0.1 } },
    { metrics: { mae: 4.5, rmse: 5, stdev_error: 4.9, r2: 0.5, bias: 0.3 } },
    {
      differences: [
        { metric: 'mae', estimate: -0.42, low: -0.5, high: -0.301, resamples: 1000 },
        { metric: 'rmse', estimate: 0, low: -0.1, high: 0.1, resamples: 1000 },
      ],
    },
  );

  it('hold both values, words, a verdict and the interval', () => {
    const [mae, rmse, , r2] = comparisonRows(both);
    assert.deepEqual(mae, {
      metric: 'mae',
      candidate: '4.08',
      champion: '4.5',
      words: 'better by 0.42 (9.3 %)',
      verdict: 'better',
      interval: '−0.5 … −0.301 (95 %)',
      certain: true,
    });
    assert.deepEqual([rmse!.verdict, rmse!.certain], ['same', false]);
    assert.deepEqual([r2!.candidate, r2!.verdict, r2!.interval], ['unknown', 'unknown', '']);
  });

  it('begin with the metrics of the project, else of the objective, and leave none out', () => {
    assert.deepEqual(
      comparisonRows(both).map((row) => row.metric),
      ['mae', 'rmse', 'stdev_error', 'r2', 'bias'],
    );
    assert.deepEqual(
      comparisonRows(both, ['bias', 'no-such']).map((row) => row.metric),
      ['bias', 'mae', 'rmse', 'stdev_error', 'r2'],
    );
  });

  it('compare with nothing while nothing serves', () => {
    const [mae] = comparisonRows(evaluation({ metrics: { mae: 4 } }, null));
    assert.deepEqual([mae!.champion, mae!.words, mae!.verdict], ['', '', 'unknown']);
  });

  it('show metrics of a newer version without judging them', () => {
    const [row] = comparisonRows(evaluation({ metrics: { profit: 4 } }, { metrics: { profit: 3 } }));
    assert.deepEqual([row!.candidate, row!.champion, row!.words, row!.verdict], ['4', '3', '', 'unknown']);
  });

  it('make a Markdown table', () => {
    const table = comparisonTable(both).split('\n');
    assert.equal(table[0], '| metric | candidate | champion | candidate is | candidate − champion |');
    assert.equal(table[2], '| mae | 4.08 | 4.5 | better by 0.42 (9.3 %) | −0.5 … −0.301 (95 %) |');
  });
});
