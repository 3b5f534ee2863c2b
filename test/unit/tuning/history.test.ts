import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { WarmstartError } from '../../../src/errors';
import { appendRow, type HistoryRow, parseHistory, recordTuningJob } from '../../../src/tuning/history';

const article = `datetime,tuningjob,metric,layer,objective,eval_metric,eval_metric_value,trainingjobcount
2022/06/11 14:53:01,sagemaker-xgboost-220611-1453,delay-ord,flights,reg:squarederror,validation:rmse,12.5,10
2022/07/11 14:53:01,sagemaker-xgboost-220711-1453,delay-ord,flights,reg:squarederror,validation:rmse,12.25,1.0
`;

const row: HistoryRow = {
  datetime: '2026-11-22T15:30:01.000Z',
  tuningJob: 'ws-delay-ord-0123456789',
  model: 'delay-ord',
  layer: 'flights',
  objective: 'reg:squarederror',
  evalMetric: 'validation:rmse',
  evalMetricValue: 11.75,
  trainingJobCount: 10,
  testing: false,
  succeeded: 9,
  status: 'Completed',
  type: 'Minimize',
  packageArn: 'arn:aws:sagemaker:us-east-1:011111111111:model-package/flights-delay-ord/3',
  runId: 'run-1',
  image: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1',
  region: 'us-east-1',
  account: '011111111111',
  hyperparameters: ['eta', 'num_round', 'objective'],
  parents: ['sagemaker-xgboost-220611-1453'],
  dataset: 's3://b/datasets/flights/delay-ord/run-1/dataset.json',
  warmStart: 'TransferLearning',
};

describe('history of tuning jobs', () => {
  it("reads the article's file, in which one training job means a test", () => {
    const rows = parseHistory(article);
    assert.deepEqual(
      rows.map((r) => [r.tuningJob, r.datetime, r.evalMetricValue, r.trainingJobCount, r.testing]),
      [
        ['sagemaker-xgboost-220611-1453', '2022-06-11T14:53:01.000Z', 12.5, 10, false],
        ['sagemaker-xgboost-220711-1453', '2022-07-11T14:53:01.000Z', 12.25, 1, true],
      ],
    );
    assert.equal(rows[0]?.hyperparameters, null);
    assert.equal(rows[0]?.packageArn, null);
  });

  it("appends to the article's file behind its columns and leaves its rows alone", () => {
    const text = appendRow(article, row);
    const [header, first, second] = text.split('\n');
    assert.ok(header?.startsWith(article.split('\n')[0] as string));
    assert.ok(first?.startsWith('2022/06/11 14:53:01,sagemaker-xgboost-220611-1453,delay-ord,flights,'));
    assert.ok(second?.includes(',1.0,'), 'the text of a cell is kept');
    assert.deepEqual(parseHistory(text)[2], row);
  });

  it('starts a new file when there is none', () => {
    assert.deepEqual(parseHistory(appendRow(null, row)), [row]);
  });

  it('holds a tuning job once, whatever the case of its name, with what was said last', () => {
    const once = appendRow(article, row);
    assert.equal(appendRow(once, row), once);
    const again = appendRow(once, { ...row, tuningJob: row.tuningJob.toUpperCase(), evalMetricValue: 11 });
    assert.equal(parseHistory(again).length, 3);
    assert.equal(parseHistory(again)[2]?.evalMetricValue, 11);
    const doubled = `${once}${once.split('\n')[3]}\n`;
    assert.equal(parseHistory(doubled).length, 3);
  });

  it('keeps columns that it does not know, in order and content', () => {
    const theirs =
      'datetime,tuningjob,metric,layer,objective,eval_metric,eval_metric_value,trainingjobcount,owner\n' +
      '2022/06/11 14:53:01,job-a,m,l,o,e,1,10,"Ann, Bob"\n';
    const text = appendRow(theirs, row);
    assert.match(text, /^datetime,.*,trainingjobcount,owner,testing,/);
    assert.match(text, /"Ann, Bob"/);
  });

  it('sorts by time and puts unreadable times first', () => {
    const text = `${article}yesterday,job-x,m,l,o,e,,5\n`;
    assert.deepEqual(parseHistory(text).map((r) => r.tuningJob)[0], 'job-x');
    assert.equal(parseHistory(text)[0]?.evalMetricValue, null);
  });

  it('survives what pandas makes of it: a BOM, CRLF, floats, an account without its zero', () => {
    const text =
      '\uFEFFdatetime,tuningjob,metric,layer,objective,eval_metric,eval_metric_value,trainingjobcount,testing,account\r\n' +
      '2022/06/11 14:53:01,job-a,m,l,o,e,1e-07,10.0,True,11111111111.0\r\n';
    const [only] = parseHistory(text);
    assert.deepEqual(
      [only?.evalMetricValue, only?.trainingJobCount, only?.testing, only?.account],
      [1e-7, 10, true, '011111111111'],
    );
  });

  for (const [what, text] of [
    ['an empty object', ''],
    ['another CSV', 'a,b\n1,2\n'],
    ['a broken quote', 'datetime,tuningjob\n"2022,x\n'],
  ] as const) {
    it(`never takes ${what} for an empty history`, () => {
      for (const attempt of [() => parseHistory(text), () => appendRow(text, row)]) {
        assert.throws(attempt, (e) => e instanceof WarmstartError && e.code === 'tuning.history-unreadable');
      }
    });
  }

  it('reads back every row that it wrote, whatever the text of its cells', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((s) => s.trim() || 'x');
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z_]{1,8}$/), { minLength: 1, maxLength: 4 });
    const anyRow = fc.record({
      model: word,
      layer: word,
      objective: word,
      evalMetricValue: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0)),
      testing: fc.boolean(),
      hyperparameters: names.map((n) => n.sort()),
      parents: names,
    });
    fc.assert(
      fc.property(anyRow, (some) => {
        const whole = { ...row, ...some };
        assert.deepEqual(parseHistory(appendRow(appendRow(null, whole), whole)), [whole]);
      }),
    );
  });

  it('writes to S3 only when something changes', async () => {
    let stored: string | null = article;
    let writes = 0;
    const store = {
      update: async (
        _key: string,
        change: (text: string | null) => string | null | Promise<string | null>,
      ) => {
        const next = await change(stored);
        if (next === null) return undefined;
        stored = next;
        writes += 1;
        return { etag: '"1"', versionId: undefined };
      },
    };
    const first = await recordTuningJob(store, row);
    assert.equal(await recordTuningJob(store, row), first);
    assert.equal(writes, 1);
    assert.equal(stored, first);
  });

  it('is read by pandas, unchanged', function () {
    const script = `
import io, sys
try:
    import pandas as pd
except ImportError:
    print('no pandas'); sys.exit()
frame = pd.read_csv(io.StringIO(sys.stdin.read()))
rows = frame[(frame['layer'] == 'flights') & (frame['trainingjobcount'] > 1)].sort_values(by='datetime')
print(rows.iloc[len(rows) - 1, 1])`;
    let answer: string;
    try {
      answer = execFileSync('python3', ['-c', script], { input: appendRow(article, row), encoding: 'utf8' });
    } catch {
      this.skip();
    }
    if (answer.trim() === 'no pandas') this.skip();
    assert.equal(answer.trim(), row.tuningJob);
  });
});
