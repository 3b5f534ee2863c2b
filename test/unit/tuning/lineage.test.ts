import assert from 'node:assert/strict';
import fc from 'fast-check';
import { appendRow } from '../../../src/tuning/history';
import { buildLineage, lineageText, readLineage } from '../../../src/tuning/lineage';
import { clientOf } from './client';
import { described, historyRow } from './fixtures';

const at = (day: number) => `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
const row = (name: string, day: number, parents: string[] = [], over = {}) =>
  historyRow(name, { datetime: at(day), parents, ...over });

describe('lineage of tuning jobs', () => {
  it('is a forest of warm starts, drawn for a terminal', () => {
    const nodes = buildLineage([
      row('a', 1),
      row('b', 2, ['a'], {
        evalMetricValue: 11.5,
        packageArn: 'arn:aws:sagemaker:us-east-1:111111111111:model-package/g/7',
      }),
      row('c', 3, ['a'], { testing: true }),
      row('d', 4, ['b', 'a']),
      row('e', 5, [], { status: 'Stopped', succeeded: 4, evalMetricValue: null }),
    ]);
    assert.deepEqual(
      nodes.map((n) => [n.name, n.parents, n.children]),
      [
        ['a', [], ['b', 'c', 'd']],
        ['b', ['a'], ['d']],
        ['c', ['a'], []],
        ['d', ['b', 'a'], []],
        ['e', [], []],
      ],
    );
    assert.equal(
      lineageText(nodes),
      [
        'a  2026-01-01  Completed  10/10 jobs  validation:rmse 12',
        '├─ b  2026-01-02  Completed  10/10 jobs  validation:rmse 11.5  version 7',
        '│  └─ d  2026-01-04  Completed  10/10 jobs  validation:rmse 12  also from a',
        '└─ c  2026-01-03  Completed  10/10 jobs  validation:rmse 12  testing',
        'e  2026-01-05  Stopped  4/10 jobs',
        '',
      ].join('\n'),
    );
  });

  it('keeps a parent of which only the name is left', () => {
    const [gone, child] = buildLineage([row('b', 2, ['a'])]);
    assert.deepEqual([gone?.name, gone?.status, gone?.children], ['a', 'Unknown', ['b']]);
    assert.deepEqual(child?.parents, ['a']);
  });

  it('survives cycles of a damaged history and draws every job once', () => {
    const any = fc.array(
      fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'x'))),
    );
    fc.assert(
      fc.property(any, (links) => {
        const nodes = buildLineage(links.map(([name, parents], i) => row(name, i + 1, parents)));
        const lines = lineageText(nodes).trimEnd().split('\n').filter(Boolean);
        assert.equal(lines.length, nodes.length);
        for (const node of nodes) {
          assert.ok(lines.some((line) => line.replace(/^[│├└─ ]*/, '').split('  ')[0] === node.name));
          assert.ok(!node.parents.includes(node.name));
        }
      }),
    );
  });

  it('reads one list, and describes only what no history tells of', async () => {
    const history = appendRow(
      appendRow(appendRow(null, row('ws-delay-ord-1', 1)), row('old-job', 2)),
      row('ws-delay-ord-9', 3, [], { model: 'delay-ord-2' }),
    );
    const running = {
      ...described('ws-delay-ord-2', at(5)),
      HyperParameterTuningJobStatus: 'InProgress',
      WarmStartConfig: {
        WarmStartType: 'TransferLearning',
        ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'ws-delay-ord-1' }],
      },
      TrainingJobDefinition: {
        InputDataConfig: [
          { DataSource: { S3DataSource: { S3Uri: 's3://b/datasets/flights/delay-ord/r/train.csv' } } },
        ],
      },
    };
    const stranger = { ...described('ws-delay-ord-3', at(6)) };
    const { client, sent } = clientOf({
      ListHyperParameterTuningJobs: ({ NextToken }) =>
        NextToken
          ? { HyperParameterTuningJobSummaries: [summary('ws-delay-ord-9', 3), summary('ws-delay-ord-1', 1)] }
          : {
              HyperParameterTuningJobSummaries: [summary('ws-delay-ord-3', 6), summary('ws-delay-ord-2', 5)],
              NextToken: '2',
            },
      DescribeHyperParameterTuningJob: ({ HyperParameterTuningJobName: name }) =>
        name === 'ws-delay-ord-2' ? running : stranger,
    });
    const nodes = await readLineage(
      client,
      { getText: async () => history },
      { name: 'delay-ord', layer: 'flights' },
    );
    assert.deepEqual(
      nodes.map((n) => [n.name, n.status, n.parents]),
      [
        ['ws-delay-ord-1', 'Completed', []],
        ['old-job', 'Completed', []],
        ['ws-delay-ord-2', 'InProgress', ['ws-delay-ord-1']],
      ],
    );
    assert.equal(nodes[2]?.warmStart, 'TransferLearning');
    assert.deepEqual(sent.map((s) => s.operation).sort(), [
      'DescribeHyperParameterTuningJob',
      'DescribeHyperParameterTuningJob',
      'ListHyperParameterTuningJobs',
      'ListHyperParameterTuningJobs',
    ]);
  });
});

const summary = (name: string, day: number) => ({
  HyperParameterTuningJobName: name,
  HyperParameterTuningJobStatus: 'Completed',
  CreationTime: new Date(at(day)),
  TrainingJobStatusCounters: { Completed: 10 },
  ResourceLimits: { MaxNumberOfTrainingJobs: 10, MaxParallelTrainingJobs: 3 },
});
