import type { ParameterRanges } from '@aws-sdk/client-sagemaker';
import { show } from '../evaluation/words';
import type { Version } from '../registry/versions';
import { progressOf, type TuningJob } from '../tuning/job';
import type { Dataset } from '../warehouse/dataset';
import type { Facts } from './changes';
import type { VersionFacts } from './facts';

/** `0.05 – 0.5, Logarithmic`; the values of a categorical one. */
export function rangeFacts(tuning: TuningJob): Facts {
  const ranges: ParameterRanges =
    tuning.HyperParameterTuningJobConfig?.ParameterRanges ??
    tuning.TrainingJobDefinition?.HyperParameterRanges ??
    {};
  const numeric = [...(ranges.IntegerParameterRanges ?? []), ...(ranges.ContinuousParameterRanges ?? [])];
  return Object.fromEntries(
    [
      ...numeric.map(({ Name, MinValue, MaxValue, ScalingType }) => [
        Name ?? '',
        `${MinValue} – ${MaxValue}, ${ScalingType ?? 'Auto'}`,
      ]),
      ...(ranges.CategoricalParameterRanges ?? []).map(({ Name, Values }) => [
        Name ?? '',
        (Values ?? []).join(', '),
      ]),
    ].sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
}

export function tuningFacts(version: Version, tuning: TuningJob | null): Facts {
  const config = tuning?.HyperParameterTuningJobConfig;
  const parents = tuning?.WarmStartConfig?.ParentHyperParameterTuningJobs ?? [];
  const progress = tuning ? progressOf(tuning) : undefined;
  return known({
    'tuning job': version.tuningJob,
    strategy: config?.Strategy,
    objective: config?.HyperParameterTuningJobObjective?.MetricName,
    'best value': progress?.best && `${progress.best.metric} ${show(progress.best.value, 6)}`,
    'training jobs': progress && jobsOf(progress),
    'in parallel': config?.ResourceLimits?.MaxParallelTrainingJobs,
    'early stopping': config?.TrainingJobEarlyStoppingType,
    'warm start': tuning && (tuning.WarmStartConfig?.WarmStartType ?? 'none'),
    parents:
      tuning && (parents.flatMap((parent) => parent.HyperParameterTuningJobName ?? []).join(', ') || 'none'),
    'random seed': config?.RandomSeed,
  });
}

function jobsOf({ done, failed, total }: ReturnType<typeof progressOf>): string {
  return `${done}${total === undefined ? '' : ` of ${total}`}${failed > 0 ? `, ${failed} failed` : ''}`;
}

export function dataFacts({ window, query, columns, split, parts, engine }: Dataset): Facts {
  const [label, ...features] = columns;
  const parameters = Object.entries(query.parameters).map(([name, value]) => [
    `parameter ${name}`,
    String(value),
  ]);
  return known({
    window: `${window.from} – ${window.until}`,
    'rows to train': count(parts.train.rows),
    'rows to validate': count(parts.validation.rows),
    'rows to test': count(parts.test.rows),
    split: `by ${split.by}${split.column === undefined ? '' : ` of ${split.column}`}, ${percent(split.test)} test, ${percent(split.validation)} validation`,
    label: label?.name,
    features: count(features.length),
    query: query.file,
    ...Object.fromEntries(parameters),
    'query SHA-256': query.sha256,
    'test set SHA-256': parts.test.sha256,
    'exported by': engine,
  });
}

export function codeFacts(version: Version, dataset: Dataset | null): Facts {
  const git = dataset?.git;
  return known({
    commit: git?.commit ?? version.commit,
    'uncommitted changes': git && (git.dirty ? 'yes' : 'no'),
    repository: git?.remote,
  });
}

export function artifactFacts({ version, training }: VersionFacts): Facts {
  const resources = training?.ResourceConfig;
  return known({
    container: version.imageVersion,
    image: version.image ?? training?.AlgorithmSpecification?.TrainingImage,
    'trained on': resources?.InstanceType && `${resources.InstanceCount ?? 1} × ${resources.InstanceType}`,
    artifact: version.artifact.s3Uri,
    'artifact SHA-256': version.artifact.sha256,
  });
}

/** What AWS says of time: `BillableTimeInSeconds` of the best training job, the wall clock of the whole tuning job. */
export function costFacts({ training, tuning }: VersionFacts): Facts {
  return known({
    'best training job, billable': seconds(training?.BillableTimeInSeconds),
    'best training job, run time': seconds(training?.TrainingTimeInSeconds),
    'whole tuning job, run time': seconds(tuning?.ConsumedResources?.RuntimeInSeconds),
  });
}

function seconds(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${count(value)} s`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function percent(share: number): string {
  return `${show(100 * share, 3)} %`;
}

function known(facts: Record<string, string | number | null | undefined>): Facts {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]): [string, string][] =>
      value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
    ),
  );
}
