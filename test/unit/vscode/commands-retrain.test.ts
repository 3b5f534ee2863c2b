import assert from 'node:assert/strict';
import type { RetrainPreview } from '../../../src/runs/preview';
import {
  failureText,
  type ModelOutcome,
  outcomeTexts,
  runText,
  stoppedWaiting,
} from '../../../src/vscode/commands/outcome-texts';
import {
  isBlocked,
  previewLines,
  retrainMarkdown,
  warningsOf,
} from '../../../src/vscode/commands/retrain-texts';
import { plainL10n } from '../../../src/vscode/trees/l10n';
import { packageArn, run } from './trees-fixtures';

const preview = (own: Partial<RetrainPreview> = {}): RetrainPreview => ({
  model: 'delay-ord',
  packageGroup: 'flights-delay-ord',
  testing: false,
  window: { from: '2000-01-01', until: '2026-10-23' },
  warmStart: 'TransferLearning',
  parents: [
    {
      name: 'ws-delay-ord-1',
      createdAt: '2026-10-01T10:00:00.000Z',
      metric: 'validation:rmse',
      value: 31.123456789,
      approval: 'Approved',
    },
  ],
  refused: [],
  coldStartReason: null,
  notes: [],
  jobs: { total: 10, parallel: 3, strategy: 'Bayesian', maxRuntimeSeconds: null },
  instance: { type: 'ml.m5.xlarge', count: 1, volumeSizeGB: 30, spot: false },
  holder: null,
  unfinished: null,
  pending: [],
  ...own,
});
const holder = { host: 'build-7', pid: 1, work: 'run r1', expiresAt: '2026-11-22T12:00:00.000Z' };
const unfinished = { runId: 'r0', status: 'running', startedAt: '2026-11-21T12:00:00.000Z' };

describe('what retraining would do', () => {
  it('is told on two lines: window, parents, jobs, instances', () => {
    assert.deepEqual(previewLines(plainL10n, preview()), {
      label: 'delay-ord',
      description: '2000-01-01 … 2026-10-23 · warm start from ws-delay-ord-1',
      detail: '10 jobs, 3 at a time, on ml.m5.xlarge',
    });
    const [parent] = preview().parents;
    const many = preview({
      parents: [parent!, parent!, parent!],
      refused: [{ name: 'x', reason: 'X was a testing run.' }],
      instance: { type: 'ml.m5.xlarge', count: 2, volumeSizeGB: 30, spot: true },
    });
    assert.match(previewLines(plainL10n, many).description, /warm start from ws-delay-ord-1 and 2 more$/);
    assert.equal(
      previewLines(plainL10n, many).detail,
      '10 jobs, 3 at a time, on 2 × ml.m5.xlarge (spot) · 1 parents turned down',
    );
    const cold = preview({ parents: [], warmStart: null, coldStartReason: 'Cold start: none.' });
    assert.match(previewLines(plainL10n, cold).description, /cold start$/);
  });

  it('warns of a run under way, else of one to resume, and of versions that wait', () => {
    assert.deepEqual(warningsOf(plainL10n, preview()), []);
    assert.deepEqual(warningsOf(plainL10n, preview({ holder, unfinished, pending: [4] })), [
      'Being retrained already on build-7 (run r1): another run is refused.',
      'Version 4 still waits for approval.',
    ]);
    assert.deepEqual(warningsOf(plainL10n, preview({ unfinished, pending: [5, 4] })), [
      'Run r0 is unfinished; Resume would go on with it instead.',
      '2 versions still wait for approval.',
    ]);
    assert.match(
      warningsOf(plainL10n, preview({ unfinished: { ...unfinished, status: 'failed' } }))[0] ?? '',
      /^Run r0 failed;/,
    );
    assert.deepEqual(warningsOf(plainL10n, preview({ testing: true, pending: [4] })), []);
    assert.equal(isBlocked(preview({ holder })), true);
    assert.equal(isBlocked(preview({ unfinished })), false);
  });

  it('gives every reason in the details', () => {
    const text = retrainMarkdown(
      plainL10n,
      [
        preview({
          refused: [{ name: 'old', reason: 'old has the objective a, not b.' }],
          notes: ['Mind the budget.'],
        }),
        preview({
          model: 'delay-atl',
          parents: [],
          warmStart: null,
          coldStartReason: 'Cold start: no job yet.',
        }),
      ],
      { testing: false, until: undefined },
    ).replaceAll('\\', '');
    assert.match(text, /^# Retrain 2 models\n\nNothing has been started\. 20 training jobs in all\./);
    assert.match(text, /\| data \| 2000-01-01 until before 2026-10-23 \|/);
    assert.match(text, /\| search \| Bayesian: 10 jobs, 3 at a time \|/);
    assert.match(text, /- ws-delay-ord-1 2026-10-01, validation:rmse 31\.1235, approved/);
    assert.match(text, /Parents turned down:\n\n- old has the objective a, not b\./);
    assert.match(text, /- Mind the budget\./);
    assert.match(text, /\*\*Cold start: no job yet\.\*\*/);
    assert.doesNotMatch(text, /Testing/);
  });

  it('says what a testing run is', () => {
    const text = retrainMarkdown(plainL10n, [preview({ testing: true })], {
      testing: true,
      until: undefined,
    });
    assert.match(text, /never approved for release/);
  });

  it('lets no name from AWS become Markdown', () => {
    const name = '[x](command:evil) <img>';
    const text = retrainMarkdown(plainL10n, [preview({ refused: [{ name, reason: name }], notes: [name] })], {
      testing: false,
      until: undefined,
    });
    assert.doesNotMatch(text, /(?<!\\)[<[]/);
  });
});

describe('what became of runs', () => {
  const registered = (own = {}, gatesPassed = true) =>
    run({
      ...own,
      steps: {
        evaluate: {
          status: 'done',
          startedAt: '',
          result: {
            evaluationUri: '',
            probes: { s3Uri: '', sha256: '' },
            gatesPassed,
            metrics: {},
            championMetrics: null,
          },
        },
        register: { status: 'done', startedAt: '', result: { packageArn: packageArn(3), version: 3 } },
      },
    }).run;
  const failed = { code: 'aws.throttled', kind: 'failed' as const, message: 'Slow down.', remedy: undefined };
  const cancelled = {
    code: 'cancelled',
    kind: 'cancelled' as const,
    message: 'Cancelled.',
    remedy: undefined,
  };

  it('is told in a sentence each', () => {
    assert.equal(runText(plainL10n, registered()), 'delay-ord: version 3 waits for approval.');
    assert.equal(
      runText(plainL10n, registered({}, false)),
      'delay-ord: version 3 failed a gate and waits for approval.',
    );
    assert.match(runText(plainL10n, registered({ testing: true })), /comes from a testing run/);
    assert.match(runText(plainL10n, run().run), /^delay-ord: run 20261122-090000-ab12cd34 is completed\.$/);
  });

  it('says that nothing new was found', () => {
    const tune = {
      status: 'done' as const,
      startedAt: '',
      result: {
        tuningJob: 't',
        warmStart: null,
        parents: [],
        refused: [],
        coldStartReason: null,
        parentWins: { tuningJob: 'p', trainingJob: 'p-1', value: 1 },
      },
    };
    assert.equal(
      runText(plainL10n, run({ steps: { tune } }).run),
      'delay-ord: nothing new, p-1 is still the best.',
    );
  });

  it('sorts what was reached, what was cancelled and what failed', () => {
    const outcomes: ModelOutcome[] = [
      { model: 'a', run: registered({ model: 'a' }) },
      { model: 'b', error: failed },
      { model: 'c', error: cancelled },
      { model: 'd', error: { ...cancelled, code: 'run.stopped' } },
    ];
    assert.deepEqual(outcomeTexts(plainL10n, outcomes), {
      done: 'a: version 3 waits for approval.',
      cancelled: ['c'],
      failed: [{ model: 'b', error: failed }],
      pending: [packageArn(3)],
    });
    assert.deepEqual(
      outcomeTexts(plainL10n, [{ model: 'a', run: registered({ testing: true }) }]).pending,
      [],
    );
  });

  it('tells several failures as one', () => {
    const b = { model: 'b', error: failed };
    assert.equal(failureText(plainL10n, [b], 1), 'b: Slow down.');
    assert.equal(
      failureText(plainL10n, [b, { ...b, model: 'c' }], 5),
      '2 of 5 models failed. b: Slow down. Also: c.',
    );
  });

  it('says what cancelling means and how to go on', () => {
    assert.match(stoppedWaiting(plainL10n, ['a']), /^Stopped waiting for a\. .*goes on.*Resume/);
    assert.match(stoppedWaiting(plainL10n, ['a', 'b']), /^Stopped waiting for 2 models\./);
  });
});
