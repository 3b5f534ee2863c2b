import assert from 'node:assert/strict';
import type { ModelComparison } from '../../../src/comparison/comparison';
import { dataset, evaluation, profile } from '../evaluation/examples';
import { arnOf } from '../registry/fixtures';
import { described } from '../tuning/fixtures';
import { better, built, evaluated, facts, serving } from './examples';

const fact = (model: ModelComparison, name: string) =>
  model.changes.find((change) => change.name === name) ?? assert.fail(name);

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
    assert.deepEqual(values('parents'), ['none', 'tuning-2']);
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
    const { history } = built({
      history: [
        evaluated(arnOf(2), { rmse: 2 }),
        evaluated(arnOf(2).replace('flights-delay-ord', 'other'), { rmse: 3, mae: 1 }),
        evaluated('arn:aws:junk/flights-delay-ord/x', {}),
        evaluated(null, { rmse: 4 }),
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
