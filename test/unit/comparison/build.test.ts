import assert from 'node:assert/strict';
import type { ModelComparison } from '../../../src/comparison/comparison';
import { dataset, evaluation, profile } from '../evaluation/examples';
import { arnOf } from '../registry/fixtures';
import { described } from '../tuning/fixtures';
import { better, built, facts, image, measured, model, serving } from './examples';

const candidate = (model: ModelComparison, i = 1) => model.columns[i] ?? assert.fail();
const decision = (model: ModelComparison, i = 1) => candidate(model, i).decision ?? assert.fail();
const cell = (model: ModelComparison, metric: string, i = 1) =>
  model.metrics.find((row) => row.metric === metric)?.cells[i] ?? assert.fail(metric);
const fact = (model: ModelComparison, name: string) =>
  model.changes.find((change) => change.name === name) ?? assert.fail(name);

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

  it('show the baseline as the first candidate measured it, else as its own evaluation did', () => {
    const shared = built();
    assert.deepEqual(candidate(shared, 0).test, candidate(shared).test);
    assert.equal(cell(shared, 'rmse', 0).value, 12.3);
    const own = built({ candidates: [facts(5, measured({ rmse: 11 })), better()] });
    assert.equal(candidate(own, 0).test?.sha256, 'sha-of-another');
    assert.equal(cell(own, 'rmse', 0).value, 12.2);
    // The second one was scored beside it all the same: its difference is from there.
    assert.equal(cell(own, 'rmse', 2).difference?.against, 12.3);
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
    assert.deepEqual([found.shared, found.against, found.interval], [true, 12.2, '']);
    assert.equal(decision(made).verdict, 'better');
  });

  it('is not shared otherwise, and then nothing is certain', () => {
    for (const evaluation of [measured({ rmse: 11.2 }), null]) {
      const other = facts(5, evaluation, { version: { metrics: { rmse: 11.2 } } });
      const made = built({ candidates: [other] });
      const found = cell(made, 'rmse').difference ?? assert.fail();
      assert.deepEqual([found.shared, found.against, found.low], [false, 12.2, null]);
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

describe('what changed', () => {
  it('is told section by section, what is equal marked', () => {
    const made = better();
    if (made.training) made.training.HyperParameters = { eta: '0.2', lambda: '1' };
    if (made.dataset) made.dataset.git = { commit: 'c0ffee', dirty: true };
    made.tuning = {
      ...described('tuning-3'),
      WarmStartConfig: {
        WarmStartType: 'TransferLearning',
        ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'tuning-2' }],
      },
      ConsumedResources: { RuntimeInSeconds: 3600 },
    };
    const model = built({ candidates: [made] });
    const values = (name: string) => fact(model, name).values;
    assert.deepEqual(values('lambda'), [null, '1']);
    assert.deepEqual(values('num_round'), ['1 – 400, Auto', '1 – 400, Auto']);
    assert.deepEqual(values('parents'), [null, 'tuning-2']);
    assert.deepEqual(values('warm start'), ['none', 'TransferLearning']);
    assert.deepEqual(values('training jobs'), ['10 of 10', '10 of 10']);
    assert.deepEqual(values('commit'), [null, 'c0ffee']);
    assert.deepEqual(values('uncommitted changes'), [null, 'yes']);
    assert.deepEqual(values('best training job, billable'), ['1,234 s', '1,234 s']);
    assert.deepEqual(values('whole tuning job, run time'), [null, '3,600 s']);
    assert.deepEqual([fact(model, 'window').equal, fact(model, 'lambda').equal], [true, false]);
    assert.ok(!model.changes.some(({ name }) => name === '_tuning_objective_metric'));
    const eta = model.changes.filter(({ name }) => name === 'eta');
    assert.deepEqual(
      eta.map(({ section, values }) => [section, ...values]),
      [
        ['hyperparameters', '0.3', '0.2'],
        ['ranges', '0.1 – 0.5, Auto', '0.1 – 0.5, Auto'],
      ],
    );
  });

  it('shows queries line by line, whatever their ends of line', () => {
    const made = better();
    const query = { file: 'sql/delay.sql', sha256: 'q2', parameters: {} };
    const with_ = (text: string) => {
      made.dataset = dataset(['delay'], { query: { ...query, text } });
      const baseline = serving({
        dataset: dataset(['delay'], { query: { ...query, text: 'SELECT a,\n  b\nFROM f\n' } }),
      });
      return built({ baseline, candidates: [made] }).queries;
    };
    assert.deepEqual(with_('SELECT a,\r\n  b\r\nFROM f'), []);
    assert.deepEqual(with_('SELECT a,\r\n  c\r\nFROM f\r\n'), [
      {
        arn: arnOf(3),
        file: 'sql/delay.sql',
        lines: [
          { kind: 'same', text: 'SELECT a,' },
          { kind: 'removed', text: '  b' },
          { kind: 'added', text: '  c' },
          { kind: 'same', text: 'FROM f' },
        ],
      },
    ]);
  });

  it('takes no longer for texts that have nothing in common', () => {
    const lines = (word: string) => Array.from({ length: 20_000 }, (_, i) => `${word} ${i}`).join('\n');
    const made = better();
    made.dataset = dataset(['delay'], { query: { file: 'q', sha256: '', parameters: {}, text: lines('b') } });
    const baseline = serving();
    baseline.dataset = dataset(['delay'], {
      query: { file: 'q', sha256: '', parameters: {}, text: lines('a') },
    });
    const started = performance.now();
    const [query] = built({ baseline, candidates: [made] }).queries;
    assert.ok(performance.now() - started < 2000);
    assert.equal(query?.lines.length, 40_000);
  });
});

describe('the drift of a candidate’s data', () => {
  it('comes with the bins that the index is made of, the highest first', () => {
    const made = better();
    made.dataset = dataset([], {
      columns: [
        profile('delay', [
          [0, 50],
          [1, 50],
        ]),
        profile(
          'distance',
          [
            [0, 20],
            [7, 60],
          ],
          20,
        ),
      ],
    });
    const [drift] = built({ candidates: [made] }).drift;
    assert.deepEqual(
      drift?.features.map(({ feature, level }) => [feature, level]),
      [
        ['distance', 'strong'],
        ['delay', 'none'],
      ],
    );
    const bins = drift?.features[0]?.bins ?? [];
    assert.deepEqual(
      bins.map(({ label, candidate, baseline }) => [label, Number(candidate.toFixed(9)), baseline]),
      [
        ['0', 0.2, 0.5],
        ['1', 0, 0.5],
        ['new values', 0.6, 0],
        ['missing', 0.2, 0],
      ],
    );
    const psi = bins.reduce((sum, { candidate, baseline }) => {
      const [a, b] = [Math.max(candidate, 1e-4), Math.max(baseline, 1e-4)];
      return sum + (a - b) * Math.log(a / b);
    }, 0);
    assert.ok(Math.abs(psi - (drift?.features[0]?.psi ?? 0)) < 1e-12);
  });

  it('is what the evaluation remembers when a dataset is gone', () => {
    const remembered = [{ feature: 'distance', psi: 0.3, level: 'strong' as const }];
    const made = better({ drift: remembered });
    made.dataset = null;
    const [drift] = built({ candidates: [made] }).drift;
    assert.deepEqual(drift?.features, [{ ...remembered[0], bins: [] }]);
    assert.deepEqual(built({ baseline: null, candidates: [made] }).drift, []);
  });

  it('shows 200 columns and counts the others', () => {
    const names = Array.from({ length: 250 }, (_, i) => `c${i}`);
    const made = better();
    made.dataset = dataset(names);
    const baseline = serving({ dataset: dataset(names) });
    const [drift] = built({ baseline, candidates: [made] }).drift;
    assert.deepEqual([drift?.features.length, drift?.hidden], [200, 50]);
  });
});

describe('the history of a comparison', () => {
  it('is one array for each column, with the versions of this group only', () => {
    const row = (packageArn: string | null, metrics: Record<string, number>) => ({
      datetime: '2026-01-02T03:04:05Z',
      testing: false,
      trainingJob: 'job',
      objective: 'reg:squarederror',
      tuningMetric: 'validation:rmse',
      runId: null,
      packageArn,
      dataset: null,
      gitCommit: null,
      championTrainingJob: null,
      gatesPassed: null,
      kind: null,
      metrics,
    });
    const { history } = built({
      history: [
        row(arnOf(2), { rmse: 2 }),
        row(arnOf(2).replace('flights-delay-ord', 'other'), { rmse: 3, mae: 1 }),
        row('arn:aws:junk/flights-delay-ord/x', {}),
        row(null, { rmse: 4 }),
      ],
    });
    assert.deepEqual(history.versions, [2, null, null, null]);
    assert.deepEqual(history.metrics, { rmse: [2, 3, null, 4], mae: [null, 1, null, null] });
    assert.equal(history.times[0], Date.UTC(2026, 0, 2, 3, 4, 5));
  });
});

describe('a comparison of a group that no model of the project uses', () => {
  it('goes by the evaluation alone', () => {
    const made = built({ model: null, candidates: [facts(3, evaluation({ metrics: { mae: 1 } }, null))] });
    assert.deepEqual(
      [made.model, made.endpoint, made.unit, made.kind, made.objective, made.headline],
      ['flights-delay-ord', null, null, 'regression', 'reg:squarederror', 'mae'],
    );
  });
});
