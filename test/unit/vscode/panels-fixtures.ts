import type { Column, ModelComparison } from '../../../src/comparison/comparison';
import type { Shown } from '../../../src/vscode/panels/messages';

export function arnOf(version: number, group = 'flights-delay-ord'): string {
  return `arn:aws:sagemaker:us-east-1:111111111111:model-package/${group}/${version}`;
}

/** Versions 3 and 4 beside version 2, which serves; five evaluations are known. */
export function shown(): Shown {
  return {
    request: { arns: [arnOf(3), arnOf(4)], baseline: null },
    comparison: {
      formatVersion: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
      registry: { name: 'training', accountId: '111111111111', region: 'us-east-1' },
      environments: ['training', 'qa', 'production'],
      baseline: null,
      models: [model()],
    },
  };
}

function model(): ModelComparison {
  return {
    model: 'delay-ord',
    group: 'flights-delay-ord',
    description: null,
    endpoint: 'flights',
    kind: 'regression',
    objective: 'reg:squarederror',
    unit: 'min',
    environment: 'production',
    columns: [column(2, 'baseline'), column(3, 'candidate'), column(4, 'candidate')],
    headline: 'rmse',
    metrics: [],
    changes: [],
    queries: [],
    drift: [],
    history: {
      times: [0, 1, 2, 3, 4],
      versions: [null, 1, 2, 3, 4],
      trainingJobs: ['a', 'b', 'c', 'd', 'e'],
      testing: [false, false, false, false, false],
      gatesPassed: [null, true, true, true, true],
      metrics: {},
    },
    notes: [],
  };
}

function column(version: number, role: Column['role']): Column {
  return {
    arn: arnOf(version),
    role,
    version,
    approval: role === 'baseline' ? 'Approved' : 'PendingManualApproval',
    status: 'Completed',
    testing: false,
    createdAt: '2026-01-01T00:00:00.000Z',
    lastModified: '2026-01-01T00:00:00.000Z',
    approvedBy: null,
    comment: null,
    description: null,
    trainingJob: null,
    tuningJob: null,
    runId: null,
    evaluationUri: null,
    test: null,
    scorecard: null,
    decision: null,
    refusals: { approve: null, reject: null },
    reasonNeeded: false,
  };
}
