import type { HyperParameterTrainingJobSummary } from '@aws-sdk/client-sagemaker';
import { ListTrainingJobsForHyperParameterTuningJobCommand } from '@aws-sdk/client-sagemaker';
import { collect, pages } from '../aws/pages';
import type { Session } from '../aws/session';

/** One training job of a tuning job. */
export interface RankedTrainingJob {
  name: string;
  arn: string | null;
  /** Completed | InProgress | Stopping | Stopped | Failed. */
  status: string;
  metric: string | null;
  /** Of the objective; null while there is none, and for jobs that failed. */
  value: number | null;
  hyperparameters: Record<string, string>;
  failureReason: string | null;
  /** ISO-8601, UTC. */
  createdAt: string | null;
  endedAt: string | null;
}

/** AWS starts at most 750 training jobs for one tuning job. */
const maxTrainingJobs = 750;

/**
 * The training jobs of a tuning job, best first, then those without a value, the newest first. Sorted here:
 * `SortBy: FinalObjectiveMetricValue` leaves out every job that has no value (SageMaker API).
 * @param type which way is better, where AWS does not say so itself
 */
export async function rankedTrainingJobs(
  session: Pick<Session, 'sagemaker'>,
  tuningJob: string,
  type: 'Minimize' | 'Maximize',
): Promise<RankedTrainingJob[]> {
  const summaries = await collect(
    pages(async (token) => {
      const page = await session.sagemaker().send(
        new ListTrainingJobsForHyperParameterTuningJobCommand({
          HyperParameterTuningJobName: tuningJob,
          SortBy: 'CreationTime',
          SortOrder: 'Descending',
          MaxResults: 100,
          NextToken: token,
        }),
      );
      return { items: page.TrainingJobSummaries ?? [], next: page.NextToken };
    }),
    maxTrainingJobs,
  );
  return rank(summaries, type);
}

/** Best first; the order of jobs that cannot be compared stays. Pure. */
export function rank(
  summaries: readonly HyperParameterTrainingJobSummary[],
  type: 'Minimize' | 'Maximize',
): RankedTrainingJob[] {
  const told = summaries.find((s) => s.FinalHyperParameterTuningJobObjectiveMetric?.Type);
  const sign = (told?.FinalHyperParameterTuningJobObjectiveMetric?.Type ?? type) === 'Minimize' ? 1 : -1;
  return summaries.map(rankedOf).sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    return sign * (a.value - b.value);
  });
}

function rankedOf(summary: HyperParameterTrainingJobSummary): RankedTrainingJob {
  const final = summary.FinalHyperParameterTuningJobObjectiveMetric;
  return {
    name: summary.TrainingJobName ?? '',
    arn: summary.TrainingJobArn ?? null,
    status: summary.TrainingJobStatus ?? 'Unknown',
    metric: final?.MetricName ?? null,
    value: final?.Value !== undefined && Number.isFinite(final.Value) ? final.Value : null,
    hyperparameters: summary.TunedHyperParameters ?? {},
    failureReason: summary.FailureReason ?? null,
    createdAt: summary.CreationTime?.toISOString() ?? null,
    endedAt: summary.TrainingEndTime?.toISOString() ?? null,
  };
}
