import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import {
  appendRow,
  articleColumns,
  type EvaluationRow,
  evaluationHistoryKey,
  historyRow,
  parseHistory,
} from '../../../src/evaluation/history';
import { evaluation } from './examples';

/** As the article's notebook leaves it: pandas, `to_csv(index=False)`. */
const articleFile = `datetime,testing,trainingjob,objective,hyperparameter_tuning_metric,mae,rmse,stdev_error
2022/06/11 14:53:02,False,sagemaker-xgboost-220611-1453-011-699894eb,reg:squarederror,validation:rmse,4.25,6.5,6.25
2022/06/12 08:00:00,True,sagemaker-xgboost-220612-0800-001-0a1b2c3d,reg:squarederror,validation:rmse,5.0,7.0,6.75
`;

const row: EvaluationRow = {
  datetime: '2026-11-22T15:30:01Z',
  testing: false,
  trainingJob: 'delay-ord-261122-1530-004-1234abcd',
  objective: 'reg:squarederror',
  tuningMetric: 'validation:rmse',
  runId: '20261122-153001-ab12cd34',
  packageArn: 'arn:aws:sagemaker:us-east-1:111111111111:model-package/flights-delay-ord/3',
  dataset: 's3://acme-ds-ml/datasets/flights/delay-ord/20261122-153001-ab12cd34/dataset.json',
  gitCommit: 'a'.repeat(40),
  championTrainingJob: 'delay-ord-261001-0000-001-00000000',
  gatesPassed: true,
  kind: 'regression',
  metrics: { mae: 4.1, rmse: 6.4, stdev_error: 6.3, r2: 0.5, mape: 0.25, bias: -0.1, median_ae: 3 },
};

describe('evaluationhistory.csv', () => {
  it('lies where the article put it', () => {
    assert.equal(evaluationHistoryKey('flights', 'delay-ord'), 'flights/delay-ord/evaluationhistory.csv');
  });

  it('begins with the article’s columns, in its order and formats', () => {
    const [header, first] = appendRow(null, row).split('\n');
    assert.ok(
      header!.startsWith(
        'datetime,testing,trainingjob,objective,hyperparameter_tuning_metric,mae,rmse,stdev_error,run_id,',
      ),
    );
    assert.ok(
      first!.startsWith(
        '2026/11/22 15:30:01,False,delay-ord-261122-1530-004-1234abcd,reg:squarederror,validation:rmse,4.1,6.4,6.3,',
      ),
    );
  });

  it('gives back the rows that were appended', () => {
    assert.deepEqual(parseHistory(appendRow(null, row)), [row]);
  });

  it('of the article is read and extended; its rows stay letter by letter', () => {
    const before = parseHistory(articleFile);
    assert.equal(before.length, 2);
    assert.deepEqual(
      { ...before[1] },
      {
        datetime: '2022-06-12T08:00:00Z',
        testing: true,
        trainingJob: 'sagemaker-xgboost-220612-0800-001-0a1b2c3d',
        objective: 'reg:squarederror',
        tuningMetric: 'validation:rmse',
        runId: null,
        packageArn: null,
        dataset: null,
        gitCommit: null,
        championTrainingJob: null,
        gatesPassed: null,
        kind: null,
        metrics: { mae: 5, rmse: 7, stdev_error: 6.75 },
      },
    );
    const after = appendRow(articleFile, row);
    assert.deepEqual(parseHistory(after), [...before, row]);
    for (const line of articleFile.trim().split('\n').slice(1))
      assert.ok(after.includes(`\n${line},,,`), line);
  });

  it('keeps columns written by hand or by a newer version, and where they stand', () => {
    const text = `${articleFile.split('\n')[0]},note,run_id\n2022/06/11 14:53:02,False,job-1,o,m,1,2,3,"said ""fine"", twice",r0\n`;
    const after = appendRow(text, row);
    assert.match(after.split('\n')[0]!, /stdev_error,note,run_id,package_arn,/);
    assert.match(after.split('\n')[1]!, /"said ""fine"", twice",r0,/);
    assert.equal(parseHistory(after).at(-1)!.runId, row.runId);
  });

  it('puts the article’s columns first even when somebody moved them', () => {
    const after = appendRow('trainingjob,datetime\njob-1,2022/06/11 14:53:02\n', row);
    assert.deepEqual(after.split('\n')[0]!.split(',').slice(0, 8), [...articleColumns]);
    assert.ok(after.includes('2022/06/11 14:53:02,,job-1,'));
  });

  it('takes the same training job of the same run once, the last word', () => {
    const once = appendRow(articleFile, { ...row, packageArn: null });
    const twice = appendRow(once, row);
    assert.deepEqual(parseHistory(twice), [...parseHistory(articleFile), row]);
    assert.equal(appendRow(twice, row), twice);
  });

  it('takes the same training job of another run as another row', () => {
    assert.equal(parseHistory(appendRow(appendRow(null, row), { ...row, runId: 'r2' })).length, 2);
  });

  it('that cannot be read is never taken for an empty one', () => {
    for (const text of ['', '<Error>AccessDenied</Error>', 'a,b\n1,2\n', `${articleFile}"unclosed`]) {
      assert.throws(() => parseHistory(text), { code: 'evaluation.history-unreadable' });
      assert.throws(() => appendRow(text, row), { code: 'evaluation.history-unreadable' });
    }
    assert.throws(() => parseHistory(''), /cannot be read: the file is empty\./);
  });

  it('survives any text in any cell', () => {
    const cell = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 20 })
      .map((s) => s.trim())
      .filter((s) => s !== '');
    fc.assert(
      fc.property(cell, cell, cell, (job, objective, arn) => {
        const odd = { ...row, trainingJob: `j${job}`, objective, packageArn: arn };
        assert.deepEqual(
          parseHistory(appendRow(appendRow(null, row), odd)).find((r) => r.trainingJob === odd.trainingJob),
          odd,
        );
      }),
    );
  });

  it('is read the same whether or not a cell is quoted', () => {
    const unquoted = fc.string({
      unit: fc.constantFrom(',', '\r', '\n', '\r\n', ' ', 'a', '7', 'ü', '\uFEFF'),
      maxLength: 40,
    });
    const outcome = (text: string) => {
      try {
        return parseHistory(text);
      } catch (error) {
        return error instanceof Error ? error.message : assert.fail();
      }
    };
    fc.assert(
      fc.property(fc.constantFrom('', '\uFEFF', '\n', '\r\n'), unquoted, (start, rest) => {
        const text = `${start}trainingjob,datetime,mae,note${rest}`;
        assert.deepEqual(outcome(text), outcome(text.replace('trainingjob', '"trainingjob"')));
      }),
      { numRuns: 2000 },
    );
  });

  it('may name a column as it likes', () => {
    const text = 'trainingjob,constructor,__proto__,mae\njob-1,a,b,1\n';
    const after = appendRow(text, row).split('\n');
    assert.match(after[0] ?? '', /,constructor,__proto__,run_id,/);
    assert.match(after[1] ?? '', /^,,job-1,,,1,,,a,b,,/);
    assert.match(after[2] ?? '', /,6\.3,,,20261122-153001-ab12cd34,/);
  });

  it('leaves metrics that are not known empty', () => {
    const text = appendRow(null, { ...row, metrics: { mae: Number.NaN, rmse: 2 } });
    assert.deepEqual(parseHistory(text)[0]!.metrics, { rmse: 2 });
  });

  it('tells how an evaluation went', () => {
    const full = evaluation({ metrics: { mae: 1 } }, { metrics: { mae: 2 } });
    const written = historyRow(full, { packageArn: 'arn', gitCommit: null });
    assert.deepEqual(
      [
        written.datetime,
        written.trainingJob,
        written.championTrainingJob,
        written.gatesPassed,
        written.runId,
      ],
      ['2026-11-22T12:34:56.789Z', 'job-2', 'job-1', true, full.runId],
    );
    assert.equal(parseHistory(appendRow(null, written))[0]!.datetime, '2026-11-22T12:34:56Z');
  });

  it('is read by the article’s pandas code', function () {
    const python = process.env.PYTHON ?? 'python3';
    if (spawnSync(python, ['-c', 'import pandas']).status !== 0) this.skip();
    const script = `
import sys, json, pandas as pd
h = pd.read_csv(sys.stdin)
print(json.dumps([list(h.columns[:8]), str(h.testing.dtype), h.trainingjob.iloc[-1], float(h.rmse.mean()), str(pd.to_datetime(h.datetime, format='%Y/%m/%d %H:%M:%S').max()), str(h.gates_passed.iloc[-1])]))`;
    const answer = execFileSync(python, ['-c', script], {
      input: appendRow(articleFile, row),
      encoding: 'utf8',
    });
    assert.deepEqual(JSON.parse(answer), [
      [...articleColumns],
      'bool',
      row.trainingJob,
      (6.5 + 7 + 6.4) / 3,
      '2026-11-22 15:30:01',
      'True',
    ]);
  });
});
