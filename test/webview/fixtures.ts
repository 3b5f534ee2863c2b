// Comparisons as the host pushes them, made of plain numbers that are the same each time.
import type {
  Change,
  Column,
  Comparison,
  History,
  MetricCell,
  MetricRow,
  ModelComparison,
  QueryDiff,
  Verdict,
} from '../../src/comparison/comparison';
import type { PanelState } from '../../src/comparison/panel';
import { binaryCard, driftOf, multiclassCard, regressionCard } from './scorecards';

export const hostile = {
  html: '<img src=x onerror="document.title=1"><script>document.title=2</script>',
  closing: '</script><script>document.title=3</script>',
  rightToLeft: '\u202Egnp.exe\u202C ⁦abc⁩ שלום',
  long: 'very long text '.repeat(700),
};

const day = 24 * 3600_000;
const start = Date.UTC(2025, 0, 6, 4, 30);

export function arnOf(group: string, version: number): string {
  return `arn:aws:sagemaker:us-east-1:111111111111:model-package/${group}/${version}`;
}

export function column(group: string, version: number, extra: Partial<Column> = {}): Column {
  return {
    arn: arnOf(group, version),
    role: 'candidate',
    version,
    approval: 'PendingManualApproval',
    status: 'Completed',
    testing: false,
    createdAt: new Date(start + version * 7 * day).toISOString(),
    lastModified: new Date(start + version * 7 * day).toISOString(),
    approvedBy: null,
    comment: null,
    description: `Retrained on the window up to ${new Date(start + version * 7 * day).toISOString().slice(0, 10)}.`,
    trainingJob: `${group}-${version}-0007-4f1d2a90`,
    tuningJob: `${group}-${version}`,
    runId: `20250106T0430-${version}`,
    evaluationUri: `s3://acme-ds-ml/evaluations/flights/${group}/${version}/evaluation.json`,
    test: {
      rows: 12_345,
      sha256: 'a'.repeat(64),
      s3Uri: `s3://acme-ds-ml/datasets/flights/${group}/test.csv`,
    },
    scorecard: null,
    decision: null,
    refusals: { approve: null, reject: null },
    reasonNeeded: false,
    ...extra,
  };
}

/** `values`: the baseline's first where there is one. */
export function metric(
  name: string,
  reading: MetricRow['reading'],
  values: (number | null)[],
  extra: Partial<MetricRow> & { baseline?: boolean; shared?: boolean; half?: number } = {},
): MetricRow {
  const { baseline = true, shared = true, half, ...row } = extra;
  const against = baseline ? values[0]! : null;
  const cells = values.map((value, index): MetricCell => {
    if (value === null || against === null || (baseline && index === 0)) return { value, difference: null };
    return { value, difference: difference(value, against, reading, shared, half) };
  });
  return {
    metric: name,
    reading,
    unit: null,
    wanted: false,
    cells,
    equal: values.every((value) => value !== null && value === values[0]),
    ...row,
  };
}

function difference(
  value: number,
  against: number,
  reading: MetricRow['reading'],
  shared: boolean,
  half?: number,
): MetricCell['difference'] {
  const delta = value - against;
  const gain =
    reading === 'higher' ? delta : reading === 'zero' ? Math.abs(against) - Math.abs(value) : -delta;
  const unsure = half === undefined ? delta !== 0 || !shared : Math.abs(delta) < half;
  const verdict: Verdict =
    reading === null ? 'unknown' : unsure ? 'uncertain' : gain === 0 ? 'same' : gain > 0 ? 'better' : 'worse';
  const size = Number(Math.abs(delta).toPrecision(3));
  const percent = against === 0 ? null : Number((Math.abs(delta / against) * 100).toPrecision(2));
  const way = reading === null ? (delta > 0 ? 'higher' : 'lower') : gain > 0 ? 'better' : 'worse';
  return {
    against,
    delta,
    percent,
    verdict,
    words: delta === 0 ? 'the same' : `${way} by ${size}${percent === null ? '' : ` (${percent} %)`}`,
    low: half === undefined ? null : delta - half,
    high: half === undefined ? null : delta + half,
    interval:
      half === undefined
        ? ''
        : unsure
          ? `between ${Number((half - Math.abs(delta)).toPrecision(2))} worse and ${Number((half + Math.abs(delta)).toPrecision(2))} better`
          : `${way} by ${Number((Math.abs(delta) - half).toPrecision(2))}–${Number((Math.abs(delta) + half).toPrecision(2))}`,
    shared,
  };
}

export function history(count: number, metrics: Record<string, number>, known = 40): History {
  const wave = (index: number, seed: number) =>
    Math.sin(index * 0.7 + seed) + Math.sin(index * 0.13 + seed * 3);
  const indices = Array.from({ length: count }, (_, index) => index);
  return {
    times: indices.map((index) => start + (index * 400 * day) / count),
    versions: indices.map((index) => (index < count - known ? null : index - (count - known) + 1)),
    trainingJobs: indices.map((index) => `job-${index}`),
    testing: indices.map((index) => index % 29 === 7),
    gatesPassed: indices.map((index) => (index % 17 === 3 ? false : index % 23 === 5 ? null : true)),
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([name, level], seed) => [
        name,
        indices.map((index) =>
          index % 31 === 11 ? null : level * (1.2 - (0.2 * index) / count + 0.03 * wave(index, seed)),
        ),
      ]),
    ),
  };
}

const change = (section: Change['section'], name: string, values: (string | null)[]): Change => ({
  section,
  name,
  values,
  equal: values.every((value) => value === values[0]),
});

const changesOfThree: Change[] = [
  change('hyperparameters', 'eta', ['0.21', '0.18', '0.18']),
  change('hyperparameters', 'max_depth', ['6', '8', '6']),
  change('hyperparameters', 'num_round', ['210', '340', '210']),
  change('hyperparameters', 'objective', ['reg:squarederror', 'reg:squarederror', 'reg:squarederror']),
  change('hyperparameters', 'subsample', ['0.8', '0.8', '0.8']),
  change('ranges', 'eta', ['0.1 … 0.5, logarithmic', '0.05 … 0.5, logarithmic', '0.1 … 0.5, logarithmic']),
  change('ranges', 'max_depth', ['2 … 10', '2 … 10', '2 … 10']),
  change('tuning', 'parents', ['delay-ord-29', 'delay-ord-30', null]),
  change('data', 'window', ['2000-01-01 – 2025-07-14', '2000-01-01 – 2025-08-11', '2000-01-01 – 2025-08-11']),
  change('data', 'training rows', ['1,204,331', '1,251,090', '1,251,090']),
  change('data', 'features', ['42', '43', '43']),
  change('code', 'Git commit', ['4f1d2a9 Take holidays in', '9b03c71 Take wind in', '9b03c71 Take wind in']),
  change('artifact', 'image', [
    'sagemaker-xgboost:1.7-1',
    'sagemaker-xgboost:1.7-1',
    'sagemaker-xgboost:1.7-1',
  ]),
  change('artifact', 'sha256', ['1'.repeat(64), '2'.repeat(64), '3'.repeat(64)]),
  change('cost', 'billable seconds', ['1,840', '2,615', '1,790']),
];

const query = (arn: string): QueryDiff => ({
  arn,
  file: 'sql/delay.sql',
  lines: [
    { kind: 'same', text: 'select' },
    { kind: 'same', text: '  f.delay,' },
    { kind: 'removed', text: '  f.distance' },
    { kind: 'added', text: '  f.distance,' },
    { kind: 'added', text: '  w.wind_knots' },
    { kind: 'same', text: 'from flights f' },
    { kind: 'added', text: 'join weather w on w.airport = f.origin and w.hour = f.hour' },
    { kind: 'same', text: 'where f.origin = :hub' },
  ],
});

export function regression(extra: Partial<ModelComparison> = {}): ModelComparison {
  const group = 'flights-delay-ord';
  const columns = [
    column(group, 30, {
      role: 'baseline',
      approval: 'Approved',
      approvedBy: 'Ada Lovelace',
      comment: 'Serves well in QA for a week.',
      scorecard: regressionCard(3, 12.4),
    }),
    column(group, 38, {
      scorecard: regressionCard(1, 11.2),
      decision: {
        verdict: 'better',
        sentence:
          'rmse 11.2 min: better by 0.8–1.4 min than version 30 in production (95 %, 12,345 rows that both were measured on).',
        rows: 12_345,
        gates: [
          {
            metric: 'rmse',
            passed: true,
            reason: 'rmse may be at most 2 % worse than the champion’s; it is 9.0 % better.',
          },
          { metric: 'bias', passed: true, reason: 'bias may be at most 0.5; it is 0.11.' },
        ],
        warnings: ['The data moved strongly since the champion was trained: wind_knots (PSI 0.41).'],
      },
    }),
    column(group, 37, {
      approval: 'Rejected',
      approvedBy: 'Grace Hopper',
      comment: 'Worse at night.',
      scorecard: regressionCard(2, 12.9),
      test: { rows: 9_800, sha256: 'b'.repeat(64), s3Uri: 's3://acme-ds-ml/datasets/flights/older/test.csv' },
      refusals: {
        approve: 'A testing run can never be approved for a protected environment.',
        reject: 'It is rejected already.',
      },
      testing: true,
      reasonNeeded: true,
      decision: {
        verdict: 'uncertain',
        sentence:
          'rmse 12.9 min: no clear difference from version 30 in production, between 0.6 worse and 0.2 better (95 %).',
        rows: 9_800,
        gates: [
          {
            metric: 'rmse',
            passed: false,
            reason: 'rmse may be at most 2 % worse than the champion’s; it is 4.1 % worse.',
          },
        ],
        warnings: [
          'It was measured on another test set than version 38.',
          'It is of a testing run, on a sample of the data.',
        ],
      },
    }),
  ];
  return {
    model: 'delay-ord',
    group,
    description: 'Delay of departures from O’Hare.',
    endpoint: 'flights',
    kind: 'regression',
    objective: 'reg:squarederror',
    unit: 'min',
    environment: 'production',
    columns,
    headline: 'rmse',
    metrics: [
      metric('rmse', 'lower', [12.3, 11.2, 12.9], { unit: 'min', wanted: true, half: 0.3 }),
      metric('mae', 'lower', [8.114, 7.6021, 8.3], { unit: 'min', wanted: true, half: 0.25 }),
      metric('bias', 'zero', [-0.42, 0.11, -0.7], { unit: 'min', wanted: true }),
      metric('stdev_error', 'lower', [12.1, 11.1, null], { unit: 'min' }),
      metric('r2', 'higher', [0.612, 0.655, 0.59], { shared: false }),
      metric('mape', 'lower', [0.35, 0.35, 0.35]),
      metric('rows_scored', null, [12_345, 12_345, 12_345]),
    ],
    changes: changesOfThree,
    queries: [query(columns[1]!.arn)],
    drift: [driftOf(columns[1]!.arn, 24, 1), driftOf(columns[2]!.arn, 3, 4)],
    history: history(120, { rmse: 11.5, mae: 7.8, r2: 0.6 }),
    notes: [],
    ...extra,
  };
}

export function binary(): ModelComparison {
  const group = 'flights-cancelled';
  const columns = [
    column(group, 4, { role: 'baseline', approval: 'Approved', scorecard: binaryCard(1) }),
    column(group, 9, {
      scorecard: binaryCard(2),
      decision: {
        verdict: 'worse',
        sentence:
          'auc 0.871: worse by 0.004–0.011 than version 4 in qa (95 %, 12,345 rows that both were measured on).',
        rows: 12_345,
        gates: [{ metric: 'auc', passed: false, reason: 'auc must be at least 0.875; it is 0.871.' }],
        warnings: [],
      },
      reasonNeeded: true,
    }),
  ];
  return {
    ...regression(),
    model: 'cancelled',
    group,
    kind: 'binary',
    objective: 'binary:logistic',
    unit: null,
    environment: 'qa',
    columns,
    headline: 'auc',
    metrics: [
      metric('auc', 'higher', [0.879, 0.871], { wanted: true, half: 0.0035 }),
      metric('logloss', 'lower', [0.301, 0.309], { wanted: true }),
      metric('brier', 'lower', [0.093, 0.095]),
      metric('accuracy', 'higher', [0.91, 0.91]),
    ],
    changes: [change('hyperparameters', 'scale_pos_weight', ['4', '6'])],
    queries: [],
    drift: [],
    history: history(30, { auc: 0.88 }),
  };
}

export function multiclass(): ModelComparison {
  const group = 'flights-cause';
  const columns = [
    column(group, 2, { role: 'baseline', approval: 'Approved', scorecard: multiclassCard(1) }),
    column(group, 3, {
      scorecard: multiclassCard(2),
      decision: {
        verdict: 'same',
        sentence: 'accuracy 0.81: the same as version 2 in production.',
        rows: 12_345,
        gates: [],
        warnings: [],
      },
    }),
  ];
  return {
    ...regression(),
    model: 'cause',
    group,
    kind: 'multiclass',
    objective: 'multi:softprob',
    unit: null,
    columns,
    headline: 'accuracy',
    metrics: [
      metric('accuracy', 'higher', [0.81, 0.81], { wanted: true }),
      metric('mlogloss', 'lower', [0.61, 0.6]),
    ],
    changes: [],
    queries: [],
    drift: [],
    history: history(2, { accuracy: 0.8 }),
  };
}

export function withoutBaseline(): ModelComparison {
  const whole = regression();
  const columns = whole.columns.slice(1, 2).map((column) => ({
    ...column,
    decision: {
      ...column.decision!,
      verdict: 'unknown' as const,
      sentence: 'rmse 11.2 min; nothing to hold it against.',
      gates: [],
      warnings: [],
    },
  }));
  return {
    ...whole,
    columns,
    environment: null,
    metrics: [metric('rmse', 'lower', [11.2], { unit: 'min', wanted: true, baseline: false, equal: false })],
    changes: [],
    queries: [],
    drift: [],
    history: history(1, { rmse: 11.2 }, 1),
    notes: ['Nothing serves delay-ord in production yet, so there is no baseline.'],
  };
}

export function comparison(models: ModelComparison[]): Comparison {
  return {
    formatVersion: 1,
    createdAt: '2026-02-03T08:15:30.000Z',
    registry: { name: 'training', accountId: '111111111111', region: 'us-east-1' },
    environments: ['training', 'qa', 'production'],
    baseline: 'production',
    models,
  };
}

export type Shown = PanelState & { kind: 'shown' };

export function shown(models: ModelComparison[] = [regression()], extra: Partial<Shown> = {}): Shown {
  return {
    kind: 'shown',
    request: { arns: models.flatMap(({ columns }) => columns.map(({ arn }) => arn)), baseline: 'production' },
    comparison: comparison(models),
    busy: null,
    notice: null,
    actions: true,
    ...extra,
  };
}

export const problem: PanelState = {
  kind: 'problem',
  code: 'registry.unknown-version',
  message: 'There is no version 99 of flights-delay-ord.',
  remedy: 'Choose one that the registry lists.',
};

/** Everything that a stranger can write, written by one who means harm. */
export function hostileModel(): ModelComparison {
  const whole = regression();
  const { html, closing, rightToLeft, long } = hostile;
  const columns = whole.columns.map((column) => ({
    ...column,
    description: html + closing + rightToLeft + long,
    comment: closing,
    approvedBy: rightToLeft,
    refusals: { approve: html, reject: closing },
    decision: column.decision && {
      ...column.decision,
      sentence: html,
      gates: [{ metric: closing, passed: false, reason: html }],
      warnings: [html, rightToLeft],
    },
  }));
  return {
    ...whole,
    model: `${html}model`,
    description: closing,
    columns,
    metrics: [...whole.metrics, metric(html, null, [1, 2, 3], { unit: closing })],
    changes: [...whole.changes, change('data', html, [closing, long, rightToLeft])],
    queries: [{ arn: columns[1]!.arn, file: html, lines: [{ kind: 'added', text: closing }] }],
    drift: whole.drift.map((drift) => ({
      ...drift,
      features: drift.features.map((feature, index) =>
        index === 0 ? { ...feature, feature: html } : feature,
      ),
    })),
    notes: [html],
  };
}
