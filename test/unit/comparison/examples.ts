import { buildModel } from '../../../src/comparison/build';
import type { Comparison, ModelComparison } from '../../../src/comparison/comparison';
import type { BaselineFacts, ModelFacts, VersionFacts } from '../../../src/comparison/facts';
import { plain } from '../../../src/comparison/plain';
import type { EvaluationRow } from '../../../src/evaluation/history';
import type { Evaluation, Metrics } from '../../../src/evaluation/report';
import type { Model } from '../../../src/project/project';
import type { Version } from '../../../src/registry/versions';
import { dataset, evaluation, origin } from '../evaluation/examples';
import { arnOf, version } from '../registry/fixtures';
import { described, modelWith } from '../tuning/fixtures';

export const image = 'repo/image:1.7-1';

export function model(changes: Partial<Model['evaluation']> = {}): Model {
  const { model } = modelWith();
  return { ...model, evaluation: { ...model.evaluation, unit: 'min', ...changes } };
}

/** An evaluation of version 3 with these metrics, scored beside version 2 where it has some, too. */
export function measured(
  candidate: Metrics,
  champion: Metrics | null = null,
  changes: Partial<Evaluation> = {},
): Evaluation {
  const made = evaluation({ metrics: candidate }, champion && { metrics: champion }, changes);
  return {
    ...made,
    champion: champion && {
      ...origin('job-2'),
      packageArn: arnOf(2),
      version: 2,
      scorecard: { metrics: champion },
    },
  };
}

/** A row of the history. */
export function evaluated(packageArn: string | null, metrics: Metrics): EvaluationRow {
  return {
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
  };
}

export function facts(
  number: number,
  made: Evaluation | null,
  { version: over, ...changes }: Partial<Omit<VersionFacts, 'version'>> & { version?: Partial<Version> } = {},
): VersionFacts {
  return {
    version: version(number, {
      approval: 'PendingManualApproval',
      metrics: made?.candidate.scorecard.metrics ?? {},
      image,
      tuningJob: `tuning-${number}`,
      ...over,
    }),
    evaluation: made,
    dataset: dataset(['delay', 'distance']),
    tuning: described(`tuning-${number}`),
    training: {
      TrainingJobName: `job-${number}`,
      TrainingJobArn: `arn:aws:sagemaker:us-east-1:111111111111:training-job/job-${number}`,
      ModelArtifacts: { S3ModelArtifacts: 's3://acme-ml/output/model.tar.gz' },
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File' },
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 },
      StoppingCondition: { MaxRuntimeInSeconds: 86_400 },
      CreationTime: new Date('2026-01-01'),
      HyperParameters: { eta: '0.3', _tuning_objective_metric: 'validation:rmse' },
      BillableTimeInSeconds: 1234,
    },
    ...changes,
  };
}

/** Version 2, which serves in production, by its own evaluation on a test set of its own. */
export function serving(changes: Partial<BaselineFacts> = {}): BaselineFacts {
  const made = measured({ mae: 4.6, rmse: 12.2 });
  made.dataset.test = { s3Uri: 's3://acme-ds-ml/r0/test.csv', rows: 300, sha256: 'sha-of-another' };
  return { ...facts(2, made, { version: { approval: 'Approved' } }), environment: 'production', ...changes };
}

/** Version 3, scored beside version 2 on 12,345 rows. */
export function better(changes: Partial<Evaluation> = {}): VersionFacts {
  const made = measured(
    { mae: 4.08, rmse: 11.2, r2: 0.5, bias: 0.1 },
    { mae: 4.5, rmse: 12.3, r2: 0.5, bias: -0.4 },
    {
      differences: [
        { metric: 'rmse', estimate: -1.1, low: -1.4, high: -0.8, resamples: 1000 },
        { metric: 'mae', estimate: -0.42, low: -0.6, high: 0.2, resamples: 1000 },
      ],
      ...changes,
    },
  );
  made.dataset.test.rows = 12_345;
  return facts(3, made);
}

export function modelFacts(changes: Partial<ModelFacts> = {}): ModelFacts {
  return {
    model: model({ gates: [{ metric: 'rmse', maxRegressionPercent: 2 }] }),
    group: 'flights-delay-ord',
    baseline: serving(),
    candidates: [better()],
    endpoint: { environment: 'production', image },
    history: [],
    notes: [],
    ...changes,
  };
}

export function built(changes: Partial<ModelFacts> = {}): ModelComparison {
  return plain(buildModel(modelFacts(changes)));
}

export function comparison(changes: Partial<ModelFacts> = {}): Comparison {
  return {
    formatVersion: 1,
    createdAt: '2026-11-22T12:34:56.789Z',
    registry: { name: 'training', accountId: '111111111111', region: 'us-east-1' },
    environments: ['training', 'qa', 'production'],
    baseline: null,
    models: [built(changes)],
  };
}
