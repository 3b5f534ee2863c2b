import type { HyperParameterTrainingJobSummary } from '@aws-sdk/client-sagemaker';
import { DescribeTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import type { Session } from '../aws/session';
import { WarmstartError } from '../errors';
import { fixedOf, kindsOf } from './candidates';
import type { HistoryRow } from './history';
import { failureReasons, progressOf, type TuningJob } from './job';
import type { Child } from './parents';

/** The training job that a tuning job ends with. */
export interface BestJob {
  tuningJob: string;
  trainingJob: string;
  metric: string;
  value: number;
  /** As SageMaker chose them. */
  tuned: Record<string, string>;
  artifactUri: string;
  image: string;
  /** Of this training job; null where AWS does not say. */
  billableSeconds: number | null;
}

/**
 * `own`: this tuning job found the best. `parent-wins`: with IdenticalDataAndAlgorithm a parent's training job is
 * still better, so that there is nothing new to register; `best` is the best of this job all the same.
 */
export type TuningResult =
  | { kind: 'own'; best: BestJob }
  | { kind: 'parent-wins'; best: BestJob; parent: { tuningJob: string; trainingJob: string; value: number } };

/**
 * What a tuning job that has ended brought.
 * @throws WarmstartError `tuning.no-result` with the reasons of its training jobs when none reported the metric
 */
export async function bestTrainingJob(
  session: Pick<Session, 'sagemaker'>,
  job: TuningJob,
  type: 'Minimize' | 'Maximize',
): Promise<TuningResult> {
  const name = job.HyperParameterTuningJobName ?? '';
  const own = job.BestTrainingJob;
  const value = finalValue(own);
  if (!own?.TrainingJobName || value === undefined) throw await noResult(session, job, name);
  const described = await session
    .sagemaker()
    .send(new DescribeTrainingJobCommand({ TrainingJobName: own.TrainingJobName }));
  const artifactUri = described.ModelArtifacts?.S3ModelArtifacts;
  if (!artifactUri) {
    throw new WarmstartError('tuning.no-artifact', `Training job ${own.TrainingJobName} left no artifact.`, {
      remedy: described.FailureReason ?? 'Look at its log in CloudWatch, /aws/sagemaker/TrainingJobs.',
    });
  }
  const best: BestJob = {
    tuningJob: name,
    trainingJob: own.TrainingJobName,
    metric: own.FinalHyperParameterTuningJobObjectiveMetric?.MetricName ?? '',
    value,
    tuned: own.TunedHyperParameters ?? {},
    artifactUri,
    image: described.AlgorithmSpecification?.TrainingImage ?? '',
    billableSeconds: described.BillableTimeInSeconds ?? null,
  };
  const parent = betterParent(job, value, type);
  return parent ? { kind: 'parent-wins', best, parent } : { kind: 'own', best };
}

/** The overall best training job, if it belongs to a parent and beats `value`. Pure. */
export function betterParent(
  job: TuningJob,
  value: number,
  type: 'Minimize' | 'Maximize',
): { tuningJob: string; trainingJob: string; value: number } | undefined {
  const name = job.HyperParameterTuningJobName?.toLowerCase();
  const overall = job.OverallBestTrainingJob;
  const theirs = finalValue(overall);
  if (!overall?.TrainingJobName || !overall.TuningJobName || theirs === undefined) return undefined;
  if (overall.TuningJobName.toLowerCase() === name) return undefined;
  const better = type === 'Minimize' ? theirs < value : theirs > value;
  return better
    ? { tuningJob: overall.TuningJobName, trainingJob: overall.TrainingJobName, value: theirs }
    : undefined;
}

/** The row by which the history remembers a tuning job that has ended. Pure. */
export function historyRowOf(
  job: TuningJob,
  child: Pick<Child, 'model' | 'layer' | 'objective' | 'account' | 'region'>,
  run: { at: Date; runId: string; testing: boolean; dataset: string; packageArn: string | null },
): HistoryRow {
  const config = job.HyperParameterTuningJobConfig;
  const objective = config?.HyperParameterTuningJobObjective;
  const definition = job.TrainingJobDefinition;
  const { total, done } = progressOf(job);
  const at = new Date(run.at);
  at.setUTCMilliseconds(0);
  return {
    datetime: at.toISOString(),
    tuningJob: job.HyperParameterTuningJobName ?? '',
    model: child.model,
    layer: child.layer,
    objective: child.objective,
    evalMetric: objective?.MetricName ?? '',
    evalMetricValue: finalValue(job.BestTrainingJob) ?? null,
    trainingJobCount: total ?? done,
    testing: run.testing,
    succeeded: job.ObjectiveStatusCounters?.Succeeded ?? 0,
    status: job.HyperParameterTuningJobStatus ?? null,
    type: objective?.Type ?? null,
    packageArn: run.packageArn,
    runId: run.runId,
    image: definition?.AlgorithmSpecification?.TrainingImage ?? null,
    region: child.region,
    account: child.account,
    hyperparameters: [
      ...Object.keys(kindsOf(config?.ParameterRanges)),
      ...Object.keys(fixedOf(definition?.StaticHyperParameters)),
    ].sort(),
    parents: (job.WarmStartConfig?.ParentHyperParameterTuningJobs ?? []).flatMap(
      (parent) => parent.HyperParameterTuningJobName ?? [],
    ),
    dataset: run.dataset,
    warmStart: job.WarmStartConfig?.WarmStartType ?? null,
  };
}

function finalValue(summary: HyperParameterTrainingJobSummary | undefined): number | undefined {
  const value = summary?.FinalHyperParameterTuningJobObjectiveMetric?.Value;
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}

async function noResult(
  session: Pick<Session, 'sagemaker'>,
  job: TuningJob,
  name: string,
): Promise<WarmstartError> {
  const reasons = await failureReasons(session, name);
  const lines = reasons.map(({ reason, jobs }) => `${jobs} × ${reason}`);
  const why = [job.FailureReason, ...lines].filter(Boolean).join(' · ');
  return new WarmstartError(
    'tuning.no-result',
    `Tuning job ${name} is ${job.HyperParameterTuningJobStatus} without a result${why ? `: ${why}` : '.'}`,
    {
      remedy:
        job.HyperParameterTuningJobStatus === 'Stopped'
          ? 'It was stopped before a training job ended; retrain the model.'
          : 'Look at the logs of its training jobs in CloudWatch, /aws/sagemaker/TrainingJobs.',
    },
  );
}
