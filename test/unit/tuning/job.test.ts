import assert from 'node:assert/strict';
import { WarmstartError } from '../../../src/errors';
import type { Progress } from '../../../src/task';
import { quietTask } from '../../../src/task';
import { describeCandidates, rowsOf } from '../../../src/tuning/candidates';
import { childOf, tuningRequest } from '../../../src/tuning/definition';
import { startTuning, stopTuning, type TuningJob, watchTuning } from '../../../src/tuning/job';
import { bestTrainingJob, historyRowOf } from '../../../src/tuning/result';
import { awsError, clientOf } from './client';
import { described, historyRow, plan } from './fixtures';

const best = (over: object = {}) => ({
  TrainingJobName: 'ws-1-003-0a1b2c3d',
  TrainingJobArn: 'arn',
  TuningJobName: 'ws-1',
  CreationTime: new Date(0),
  TrainingJobStatus: 'Completed' as const,
  TunedHyperParameters: { eta: '0.2' },
  FinalHyperParameterTuningJobObjectiveMetric: { MetricName: 'validation:rmse', Value: 11.5 },
  ...over,
});
const ended = (over: Partial<TuningJob> = {}): TuningJob => ({
  ...described('ws-1'),
  BestTrainingJob: best(),
  ...over,
});
const trained = {
  DescribeTrainingJob: () => ({
    ModelArtifacts: { S3ModelArtifacts: 's3://b/elsewhere/model.tar.gz' },
    AlgorithmSpecification: { TrainingImage: 'image:1' },
    BillableTimeInSeconds: 77,
  }),
};

describe('starting a tuning job', () => {
  const request = tuningRequest(plan());

  it('answers its ARN', async () => {
    const { client, sent } = clientOf({
      CreateHyperParameterTuningJob: () => ({ HyperParameterTuningJobArn: 'arn' }),
    });
    assert.deepEqual(await startTuning(client, request), { arn: 'arn', existed: false });
    assert.deepEqual(sent[0]?.input, request);
  });

  const taken = {
    CreateHyperParameterTuningJob: () => {
      throw awsError('ResourceInUse', 'name in use');
    },
  };

  it('finds the job that an earlier attempt started', async () => {
    const { client } = clientOf({
      ...taken,
      DescribeHyperParameterTuningJob: () => ({ ...request, HyperParameterTuningJobArn: 'arn' }),
    });
    assert.deepEqual(await startTuning(client, request), { arn: 'arn', existed: true });
  });

  it('never takes another job of that name for its own', async () => {
    const { client } = clientOf({ ...taken, DescribeHyperParameterTuningJob: () => described('ws-1') });
    await assert.rejects(
      startTuning(client, request),
      (e) => e instanceof WarmstartError && e.code === 'tuning.name-taken',
    );
  });

  it('passes on every other error', async () => {
    const { client } = clientOf({
      CreateHyperParameterTuningJob: () => {
        throw awsError('ValidationException', 'no');
      },
    });
    await assert.rejects(startTuning(client, request), /no/);
  });
});

describe('watching a tuning job', () => {
  it('reports when something changes and ends with the last description', async () => {
    const looks: Partial<TuningJob>[] = [
      { HyperParameterTuningJobStatus: 'InProgress', TrainingJobStatusCounters: { InProgress: 3 } },
      { HyperParameterTuningJobStatus: 'InProgress', TrainingJobStatusCounters: { InProgress: 3 } },
      {
        HyperParameterTuningJobStatus: 'InProgress',
        TrainingJobStatusCounters: { InProgress: 2, Completed: 1, NonRetryableError: 1 },
        BestTrainingJob: best(),
      },
      { BestTrainingJob: best() },
    ];
    const { client, sent } = clientOf({
      DescribeHyperParameterTuningJob: () => ({ ...described('ws-1'), ...looks.shift() }),
    });
    const news: Progress[] = [];
    const final = await watchTuning(
      client,
      'ws-1',
      { ...quietTask(), report: (p) => news.push(p) },
      { subject: 'delay-ord' },
    );
    assert.equal(final.HyperParameterTuningJobStatus, 'Completed');
    assert.deepEqual(
      news.map((n) => [n.message, n.done, n.total, n.subject]),
      [
        ['0 of 10 training jobs done, 3 running', 0, 10, 'delay-ord'],
        ['2 of 10 training jobs done, 2 running, 1 failed, best validation:rmse 11.5', 2, 10, 'delay-ord'],
        ['10 of 10 training jobs done, best validation:rmse 11.5', 10, 10, 'delay-ord'],
      ],
    );
    assert.equal(sent.length, 4, 'one Describe a look');
  });

  it('stops one that runs and leaves one that has ended', async () => {
    for (const [status, operations] of [
      ['InProgress', ['DescribeHyperParameterTuningJob', 'StopHyperParameterTuningJob']],
      ['Stopping', ['DescribeHyperParameterTuningJob']],
      ['Completed', ['DescribeHyperParameterTuningJob']],
    ] as const) {
      const { client, sent } = clientOf({
        DescribeHyperParameterTuningJob: () => ({
          ...described('ws-1'),
          HyperParameterTuningJobStatus: status,
        }),
        StopHyperParameterTuningJob: () => ({}),
      });
      await stopTuning(client, 'ws-1');
      assert.deepEqual(
        sent.map((s) => s.operation),
        operations,
      );
    }
  });
});

describe('result of a tuning job', () => {
  it('takes the artifact from where the training job says it is', async () => {
    const { client } = clientOf(trained);
    assert.deepEqual(await bestTrainingJob(client, ended(), 'Minimize'), {
      kind: 'own',
      best: {
        tuningJob: 'ws-1',
        trainingJob: 'ws-1-003-0a1b2c3d',
        metric: 'validation:rmse',
        value: 11.5,
        tuned: { eta: '0.2' },
        artifactUri: 's3://b/elsewhere/model.tar.gz',
        image: 'image:1',
        billableSeconds: 77,
      },
    });
  });

  it("says that a parent's training job is better, by the metric's direction", async () => {
    const { client } = clientOf(trained);
    const overall = (value: number, tuningJob: string) =>
      ended({
        OverallBestTrainingJob: best({
          TrainingJobName: 'p-001',
          TuningJobName: tuningJob,
          FinalHyperParameterTuningJobObjectiveMetric: { MetricName: 'validation:rmse', Value: value },
        }),
      });
    const kinds = await Promise.all(
      [
        [overall(11, 'parent'), 'Minimize'],
        [overall(12, 'parent'), 'Minimize'],
        [overall(12, 'parent'), 'Maximize'],
        [overall(11, 'WS-1'), 'Minimize'],
        [ended(), 'Minimize'],
      ].map(
        async ([job, type]) => (await bestTrainingJob(client, job as TuningJob, type as 'Minimize')).kind,
      ),
    );
    assert.deepEqual(kinds, ['parent-wins', 'own', 'parent-wins', 'own', 'own']);
  });

  it('gives the reasons of the training jobs when none had a result', async () => {
    const { client, sent } = clientOf({
      ListTrainingJobsForHyperParameterTuningJob: ({ NextToken }) =>
        NextToken
          ? { TrainingJobSummaries: [{ FailureReason: 'ClientError: no header' }, {}] }
          : {
              TrainingJobSummaries: [
                { FailureReason: 'AlgorithmError: x' },
                { FailureReason: 'ClientError: no header' },
              ],
              NextToken: 'n',
            },
    });
    const job = {
      ...described('ws-1'),
      HyperParameterTuningJobStatus: 'Failed' as const,
      FailureReason: 'All training jobs failed.',
    };
    await assert.rejects(bestTrainingJob(client, job, 'Minimize'), (e) => {
      assert.ok(e instanceof WarmstartError && e.code === 'tuning.no-result');
      assert.equal(
        e.message,
        'Tuning job ws-1 is Failed without a result: All training jobs failed. · 2 × ClientError: no header · 1 × AlgorithmError: x',
      );
      return true;
    });
    assert.equal(
      sent[0]?.input.SortBy,
      'CreationTime',
      'sorting by the metric would drop the jobs without one',
    );
  });

  it('says when the best training job left no artifact', async () => {
    const { client } = clientOf({ DescribeTrainingJob: () => ({}) });
    await assert.rejects(bestTrainingJob(client, ended(), 'Minimize'), /left no artifact/);
  });

  it('is remembered as a row of the history', () => {
    const job = ended({
      WarmStartConfig: {
        WarmStartType: 'TransferLearning',
        ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'p' }],
      },
    });
    const row = historyRowOf(job, childOf(plan()), {
      at: new Date('2026-11-22T15:30:01.987Z'),
      runId: 'run-1',
      testing: false,
      dataset: 's3://b/dataset.json',
      packageArn: 'arn:v',
    });
    assert.equal(row.datetime, '2026-11-22T15:30:01.000Z');
    assert.deepEqual(row.hyperparameters, ['eta', 'num_round', 'objective']);
    assert.deepEqual(
      [
        row.evalMetric,
        row.evalMetricValue,
        row.trainingJobCount,
        row.succeeded,
        row.status,
        row.type,
        row.parents,
        row.warmStart,
      ],
      ['validation:rmse', 11.5, 10, 10, 'Completed', 'Minimize', ['p'], 'TransferLearning'],
    );
  });
});

describe('candidates', () => {
  it('are the rows of the model, newest first, as SageMaker describes them now', async () => {
    const history = [
      historyRow('a', { packageArn: 'arn:1' }),
      historyRow('other', { model: 'delay-jfk' }),
      historyRow('b', { packageArn: 'arn:2' }),
      historyRow('c'),
    ];
    const rows = rowsOf(history, { name: 'delay-ord', layer: 'flights' });
    assert.deepEqual(
      rows.map((r) => r.tuningJob),
      ['c', 'b', 'a'],
    );
    const { client } = clientOf({
      DescribeHyperParameterTuningJob: ({ HyperParameterTuningJobName: name }) => {
        if (name === 'c') throw awsError('ResourceNotFound', "Amazon SageMaker can't find a tuning job");
        return described(String(name));
      },
    });
    const { candidates, refused } = await describeCandidates(client, rows, new Map([['arn:2', 'Rejected']]));
    assert.deepEqual(refused, [{ name: 'c', reason: 'c no longer exists in SageMaker.' }]);
    assert.deepEqual(
      new Map(candidates.map((c) => [c.name, c.approval])),
      new Map([
        ['b', 'Rejected'],
        ['a', 'Deleted'],
      ]),
    );
    const [one] = candidates;
    assert.deepEqual(
      [one?.account, one?.region, one?.trainingJobs, one?.succeeded, one?.tuned, one?.fixed],
      [
        '111111111111',
        'us-east-1',
        10,
        10,
        { eta: 'Continuous', num_round: 'Integer' },
        { objective: 'reg:squarederror' },
      ],
    );
  });

  it('are bounded to the newest twenty, and a failure to describe is no missing job', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => historyRow(`j${i}`));
    const { client, sent } = clientOf({
      DescribeHyperParameterTuningJob: (i) => described(String(i.HyperParameterTuningJobName)),
    });
    await describeCandidates(client, rows, new Map());
    assert.equal(sent.length, 20);
    const denied = clientOf({
      DescribeHyperParameterTuningJob: () => {
        throw awsError('AccessDeniedException', 'not authorized');
      },
    });
    await assert.rejects(describeCandidates(denied.client, rows, new Map()), /not authorized/);
  });
});
