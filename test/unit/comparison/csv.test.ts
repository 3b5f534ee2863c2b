import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { comparisonCsv } from '../../../src/comparison/csv';
import { arnOf } from '../registry/fixtures';
import { built, comparison, facts, measured } from './examples';
import { hostile } from './hostile';

const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true });

describe('a comparison as CSV', () => {
  it('has one row for each metric and column, figures whole, what is not known empty', () => {
    const text = comparisonCsv(comparison());
    assert.ok(text.endsWith('\r\n') && !/[^\r]\n/.test(text));
    const rows = rowsOf(text);
    assert.equal(rows.length, 4 * 2);
    const [baseline, candidate] = rows.filter(({ metric }) => metric === 'rmse');
    assert.deepEqual(
      [baseline?.role, baseline?.environment, baseline?.value, baseline?.difference, baseline?.verdict],
      ['baseline', 'production', '12.3', '', ''],
    );
    assert.deepEqual(candidate, {
      model: 'delay-ord',
      package_group: 'flights-delay-ord',
      version: '3',
      role: 'candidate',
      environment: '',
      approval: 'PendingManualApproval',
      metric: 'rmse',
      better_is: 'lower',
      unit: 'min',
      value: '11.2',
      baseline_value: '12.3',
      difference: String(11.2 - 12.3),
      difference_percent: String((100 * (12.3 - 11.2)) / 12.3),
      verdict: 'better',
      interval_low: '-1.4',
      interval_high: '-0.8',
      same_rows: 'true',
      version_arn: arnOf(3),
    });
  });

  it('leaves a metric empty in a column that lacks it', () => {
    const rows = rowsOf(comparisonCsv(comparison({ candidates: [facts(5, measured({ rmse: 1 }))] })));
    const mae = rows.filter(({ metric }) => metric === 'mae');
    assert.deepEqual(
      mae.map(({ value }) => value),
      ['4.6', ''],
    );
  });

  it('brings text of others back as it was, and none of it as a formula', () => {
    fc.assert(
      fc.property(hostile, (any) => {
        // As a file in UTF-8 can hold it.
        const text = Buffer.from(any).toString();
        const model = { ...built(), model: text };
        const [row] = rowsOf(comparisonCsv({ ...comparison(), models: [model] }));
        const cell = row?.model ?? assert.fail();
        assert.ok(!/^\s*[=+\-@]/.test(cell), cell);
        assert.equal(cell.startsWith("'") && !text.startsWith("'") ? cell.slice(1) : cell, text);
      }),
    );
    for (const formula of ['=1', '+1', '-1', '@x', '\t=1', ' =1', '＝1']) {
      const model = { ...built(), model: formula };
      assert.equal(rowsOf(comparisonCsv({ ...comparison(), models: [model] }))[0]?.model, `'${formula}`);
    }
  });
});
