import type { Steps } from '../../../src/runs/record';
import type { TreeNode } from '../../../src/vscode/trees/node';
import { activity, now, packageArn, release, run } from './trees-fixtures';
import { base, looksLike, step } from './trees-lines';

describe('the lines of Activity', () => {
  const tuning: Steps = {
    tune: {
      status: 'running',
      startedAt: now.toISOString(),
      result: { tuningJob: 'a', warmStart: null, parents: [], refused: [], coldStartReason: null },
    },
  };
  const failedTune: Steps = {
    tune: {
      status: 'failed',
      startedAt: now.toISOString(),
      error: { code: 'x', message: 'no capacity', remedy: 'Wait.' },
    },
  };
  const registered = { register: { ...step, result: { packageArn: packageArn(7), version: 7 } } };
  looksLike([
    [
      'a run of this window',
      run(
        { status: 'running', steps: tuning },
        { standing: 'live', here: true, activityId: 'activity-1', done: 4, total: 10 },
      ),
      '(loading~spin) Retrain delay-ord — Tune 4/10 · 3 h 0 min',
      'cancellable hasLogs hasName stoppable',
    ],
    [
      'a run of another machine',
      run({ status: 'running', steps: tuning }, { standing: 'live' }),
      '(loading~spin) Retrain delay-ord — Tune · 3 h 0 min · on build-7',
      'hasLogs hasName stoppable',
    ],
    [
      'a run that nobody drives any more',
      run({ status: 'running', steps: tuning }, { standing: 'interrupted' }),
      '(warning) Retrain delay-ord — interrupted · 10 min 30 s · 3 h ago',
      'hasLogs hasName resumable stoppable',
    ],
    [
      'a failed run',
      run({ status: 'failed', steps: failedTune }, { standing: 'failed' }),
      '(error) Retrain delay-ord — failed · 10 min 30 s · 3 h ago',
      'hasLogs hasName resumable stoppable',
    ],
    [
      'a completed run',
      run({ steps: registered }),
      '(pass) Retrain delay-ord — v7 · 10 min 30 s · 3 h ago',
      'comparable hasName',
    ],
    [
      'a stopped run',
      run({ status: 'stopped' }, { standing: 'stopped' }),
      '(circle-slash) Retrain delay-ord — stopped · 10 min 30 s · 3 h ago',
      'hasName',
    ],
    [
      'a testing run',
      run({ testing: true }),
      '(pass) Retrain delay-ord — testing · 10 min 30 s · 3 h ago',
      'hasName',
    ],
    [
      'a release of this window',
      release({ status: 'in-progress' }, { place: 'activity', standing: 'live', activityId: 'activity-2' }),
      '(loading~spin) Release flights to qa — in progress · 1 model · took 3 h 0 min · 3 h ago',
      'cancellable hasName',
    ],
    [
      'a finished release',
      release({}, { place: 'activity' }),
      '(pass) Release flights to qa — released · 1 model · took 1 min 0 s · 3 h ago',
      'hasName',
    ],
    [
      'work of this window that leaves no record',
      activity(),
      '(loading~spin) Start Local Sandbox — loading flights · 12 s',
      'cancellable',
    ],
    [
      'work that a person cancelled',
      activity({ status: 'cancelled', message: 'Cancelled.', finishedAt: now.toISOString() }),
      '(circle-slash) Start Local Sandbox — cancelled · 12 s',
      '',
    ],
    [
      'work that failed',
      activity({ status: 'failed', message: 'No port.', finishedAt: now.toISOString() }),
      '(error) Start Local Sandbox — No port. · 12 s',
      '',
    ],
  ]);
  const stepOf = (
    name: 'export' | 'tune' | 'evaluate',
    steps: NonNullable<Parameters<typeof run>[0]>['steps'],
    message: string | null = null,
  ): TreeNode => ({
    ...base,
    kind: 'runStep',
    run: run({ status: 'running', steps: steps ?? {} }).run,
    step: name,
    message,
  });
  const exported = {
    export: {
      ...step,
      finishedAt: '2026-11-22T12:00:00.400Z',
      result: { datasetUri: 's3://b/d', rows: { train: 80, validation: 10, test: 10 } },
    },
  };
  const evaluated = {
    evaluate: {
      ...step,
      finishedAt: '2026-11-22T12:00:12.000Z',
      result: {
        evaluationUri: 's3://b/e',
        probes: { s3Uri: 's3://b/p', sha256: 'f' },
        gatesPassed: false,
        metrics: {},
        championMetrics: null,
      },
    },
  };
  looksLike([
    ['a finished step', stepOf('export', exported), '(pass) Export — 0.4 s · 100 rows', ''],
    [
      'a step in progress',
      stepOf('tune', tuning, '4 of 10 training jobs done'),
      '(loading~spin) Tune — 0.0 s · 4 of 10 training jobs done',
      'hasLogs',
    ],
    ['a failed step', stepOf('tune', failedTune), '(error) Tune — 0.0 s · no capacity', ''],
    [
      'an evaluation with a failed gate',
      stepOf('evaluate', evaluated),
      '(pass) Evaluate — 12 s · a gate failed',
      '',
    ],
  ]);
});
