import assert from 'node:assert/strict';
import type { ModelComparison } from '../../../src/comparison/comparison';
import { dataset, profile } from '../evaluation/examples';
import { arnOf } from '../registry/fixtures';
import { better, built, evaluated, facts, image, measured, model, serving } from './examples';

const candidate = (model: ModelComparison, i = 1) => model.columns[i] ?? assert.fail();
const decision = (model: ModelComparison, i = 1) => candidate(model, i).decision ?? assert.fail();
const cell = (model: ModelComparison, metric: string, i = 1) =>
  model.metrics.find((row) => row.metric === metric)?.cells[i] ?? assert.fail(metric);

describe('the columns of a comparison', () => {
  it('are the baseline and the candidates in the order asked for', () => {
    const made = built({ candidates: [facts(5, null), better()] });
    assert.deepEqual(
      made.columns.map(({ version, role, decision }) => [version, role, decision === null]),
      [
        [2, 'baseline', true],
        [5, 'candidate', false],
        [3, 'candidate', false],
      ],
    );
    for (const { cells } of made.metrics) assert.equal(cells.length, 3);
    for (const { values } of made.changes) assert.equal(values.length, 3);
  });

  it('show the baseline as the first candidate measured it that did, else as its own evaluation did', () => {
    const shared = built();
    assert.deepEqual(candidate(shared, 0).test, candidate(shared).test);
    assert.equal(cell(shared, 'rmse', 0).value, 12.3);
    for (const unscored of [measured({ rmse: 11 }), null]) {
      const second = built({ candidates: [facts(5, unscored), better()] });
      assert.equal(cell(second, 'rmse', 0).value, 12.3);
      assert.equal(candidate(second, 0).test?.rows, 12_345);
      assert.equal(cell(second, 'rmse', 2).difference?.against, 12.3);
    }
    const own = built({ candidates: [facts(5, measured({ rmse: 11 }))] });
    assert.equal(candidate(own, 0).test?.sha256, 'sha-of-another');
    assert.equal(cell(own, 'rmse', 0).value, 12.2);
  });

  it('fall back to what the registry remembers without an evaluation', () => {
    const made = built({ candidates: [facts(5, null, { version: { metrics: { rmse: 12 } } })] });
    assert.deepEqual(
      [candidate(made).scorecard, candidate(made).test, cell(made, 'rmse').value],
      [null, null, 12],
    );
    assert.deepEqual(decision(made).gates, []);
  });

  it('say why a decision would be refused, by the rules that refuse it', () => {
    const refusals = (over: object) => {
      const { refusals, reasonNeeded } = candidate(
        built({ candidates: [facts(5, null, { version: over })] }),
      );
      return [refusals.approve, refusals.reject, reasonNeeded];
    };
    assert.deepEqual(refusals({}), [null, null, false]);
    assert.deepEqual(refusals({ gatesPassed: false }), [null, null, true]);
    assert.match(String(refusals({ testing: true })[0]), /testing run and can never be approved\.$/);
    assert.match(String(refusals({ status: 'Pending' })[0]), /is Pending\.$/);
    assert.match(String(refusals({ approval: 'Approved' })[0]), /is approved already\.$/);
    assert.match(String(refusals({ approval: 'Rejected' })[1]), /is rejected already\.$/);
  });

  it('hold no number that JSON has not', () => {
    const made = built({
      candidates: [facts(5, measured({ rmse: Number.NaN, r2: Number.NEGATIVE_INFINITY }))],
    });
    assert.deepEqual([cell(made, 'rmse').value, cell(made, 'r2').value], [null, null]);
    assert.equal(candidate(made).scorecard?.metrics.rmse, null);
    assert.deepEqual(JSON.parse(JSON.stringify(made)), made);
  });
});

describe('the metrics of a comparison', () => {
  it('begin with those that the project wants, else the objective, and leave none out', () => {
    const names = (made: ModelComparison) => made.metrics.map(({ metric }) => metric);
    assert.deepEqual(names(built()), ['mae', 'rmse', 'r2', 'bias']);
    const wanted = built({ model: model({ metrics: ['bias', 'no-such'] }) });
    assert.deepEqual(names(wanted), ['bias', 'mae', 'rmse', 'r2']);
    assert.deepEqual(
      wanted.metrics.map((row) => row.wanted),
      [true, false, false, false],
    );
  });

  it('carry the unit of the label only where they are in it', () => {
    assert.deepEqual(
      built().metrics.map(({ metric, unit, reading }) => [metric, unit, reading]),
      [
        ['mae', 'min', 'lower'],
        ['rmse', 'min', 'lower'],
        ['r2', null, 'higher'],
        ['bias', 'min', 'zero'],
      ],
    );
  });

  it('are equal when every column has the same, and never beside nothing', () => {
    const equal = (made: ModelComparison) =>
      made.metrics.filter((row) => row.equal).map(({ metric }) => metric);
    assert.deepEqual(equal(built()), ['r2']);
    assert.deepEqual(equal(built({ baseline: null })), []);
    const lacking = built({ candidates: [better(), facts(5, measured({ rmse: 12.3 }))] });
    assert.deepEqual(equal(lacking), []);
  });

  it('of another tool are shown and not judged', () => {
    const made = built({ candidates: [facts(3, measured({ profit: 4 }, { profit: 3 }))] });
    const { reading, unit } = made.metrics.find(({ metric }) => metric === 'profit') ?? assert.fail();
    assert.deepEqual([reading, unit, cell(made, 'profit').difference?.verdict], [null, null, 'unknown']);
    assert.equal(decision(made).verdict, 'unknown');
  });

  it('of which none was measured leave the first one to the history, by the wishes of the project', () => {
    const bare = { baseline: null, candidates: [facts(5, null)] };
    const made = built({ ...bare, history: [evaluated(null, { mae: 1, rmse: 2 })] });
    assert.deepEqual([made.headline, made.metrics], ['rmse', []]);
    assert.deepEqual(
      [decision(made, 0).verdict, decision(made, 0).sentence],
      ['unknown', 'Nothing was measured of version 5.'],
    );
    assert.equal(built(bare).headline, null);
  });

  it('named like what every object has are metrics like any other', () => {
    const made = built({ candidates: [facts(3, measured({ rmse: 1, toString: 4 }, { rmse: 2 }))] });
    assert.equal(cell(made, 'toString').value, 4);
    assert.equal(cell(made, 'toString').difference, null);
  });
});

describe('a difference', () => {
  it('is shared, with an interval, where the candidate’s evaluation scored the baseline', () => {
    const found = cell(built(), 'rmse').difference ?? assert.fail();
    assert.deepEqual(
      [found.shared, found.low, found.high, found.interval, found.verdict],
      [true, -1.4, -0.8, 'better by 0.8–1.4 min', 'better'],
    );
    assert.equal(cell(built(), 'mae').difference?.verdict, 'uncertain');
  });

  it('is shared without an interval where both used the same test set', () => {
    const baseline = serving();
    const test = { s3Uri: 's3://x/test.csv', rows: 400, sha256: 'sha-of-test' };
    if (baseline.evaluation) baseline.evaluation.dataset.test = test;
    const made = built({ baseline, candidates: [facts(5, measured({ rmse: 11.2 }))] });
    const found = cell(made, 'rmse').difference ?? assert.fail();
    assert.deepEqual(
      [found.shared, found.against, found.interval, found.verdict],
      [true, 12.2, '', 'uncertain'],
    );
    assert.deepEqual(
      [decision(made).verdict, decision(made).sentence],
      [
        'uncertain',
        'rmse 11.2 min: better by 1 min (8.2 %) than version 2 in production (400 rows that both were measured on): no interval is known.',
      ],
    );
  });

  it('is not shared otherwise, and then nothing is certain', () => {
    for (const evaluation of [measured({ rmse: 11.2 }), null]) {
      const other = facts(5, evaluation, { version: { metrics: { rmse: 11.2 } } });
      const made = built({ candidates: [other] });
      const found = cell(made, 'rmse').difference ?? assert.fail();
      assert.deepEqual(
        [found.shared, found.against, found.low, found.verdict],
        [false, 12.2, null, 'uncertain'],
      );
      assert.equal(decision(made).verdict, 'uncertain');
      assert.match(decision(made).sentence, /but measured on other rows/);
    }
  });
});

describe('what a person decides from', () => {
  it('is one sentence with the figure, the interval, the opponent and the sample', () => {
    assert.deepEqual(
      [decision(built()).verdict, decision(built()).sentence],
      [
        'better',
        'rmse 11.2 min: better by 0.8–1.4 min than version 2 in production (95 %, 12,345 rows that both were measured on).',
      ],
    );
    const mae = built({ model: model({ metrics: ['mae'] }) });
    assert.equal(mae.headline, 'mae');
    assert.equal(
      decision(mae).sentence,
      'mae 4.08 min: between 0.2 min worse and 0.6 min better than version 2 in production (95 %, 12,345 rows that both were measured on): the difference may be chance.',
    );
    const r2 = built({ model: model({ metrics: ['r2'] }) });
    assert.equal(
      decision(r2).sentence,
      'r2 0.5: the same as version 2 in production (12,345 rows that both were measured on).',
    );
    const bias = built({ model: model({ metrics: ['bias'] }) });
    assert.match(decision(bias).sentence, /^bias 0\.1 min: closer to zero by 0\.3 min than version 2/);
    const alone = built({ baseline: null });
    assert.equal(
      decision(alone, 0).sentence,
      'rmse 11.2 min on 12,345 rows: there is nothing to compare it with.',
    );
    const nothing = built({ candidates: [facts(5, null)] });
    assert.equal(decision(nothing).sentence, 'Nothing was measured of version 5.');
  });

  it('holds each gate with its reason', () => {
    const gates = [
      {
        gate: { metric: 'rmse', max: 9 },
        passed: false,
        candidate: 11.2,
        champion: null,
        reason: 'Too much.',
      },
    ];
    assert.deepEqual(decision(built({ candidates: [better({ gates })] })).gates, [
      { metric: 'rmse', passed: false, reason: 'Too much.' },
    ]);
  });

  it('warns, the gravest first, and of each thing once', () => {
    const run = 'This is a testing run: it can never be released to a protected environment.';
    const made = better({ warnings: ['The test set has only 12 rows.', run] });
    made.version.testing = true;
    const { warnings } = decision(
      built({ candidates: [made], endpoint: { environment: 'production', image: 'repo/image:3.0-5' } }),
    );
    assert.deepEqual(warnings, [
      run,
      `It was trained with ${image}, but the endpoint in production runs repo/image:3.0-5: releasing it changes the container of every model there.`,
      'The test set has only 12 rows.',
    ]);
  });

  it('warns of different test sets, of drift from another baseline, and names the champion of the time', () => {
    const made = facts(5, measured({ rmse: 11 }, { rmse: 12 }, { warnings: ['The champion is old.'] }));
    made.dataset = dataset(['delay', 'distance'], {
      columns: [
        profile('delay', [
          [0, 10],
          [1, 990],
        ]),
      ],
    });
    const baseline = serving();
    baseline.version.arn = arnOf(1);
    baseline.version.version = 1;
    const { warnings } = decision(built({ baseline, candidates: [made] }));
    assert.deepEqual(warnings, [
      'It was measured on 400 rows and version 1 in production on 300 rows of another test set: no difference here is certain.',
      'When it was evaluated, against version 2 in production: The champion is old.',
      'The data has moved since version 1 in production was trained: delay (PSI 2.3).',
    ]);
  });
});
