import type {
  CreateHyperParameterTuningJobCommandInput,
  DescribeHyperParameterTuningJobCommandOutput,
} from '@aws-sdk/client-sagemaker';
import {
  CreateHyperParameterTuningJobCommand,
  DescribeHyperParameterTuningJobCommand,
  ListTrainingJobsForHyperParameterTuningJobCommand,
  StopHyperParameterTuningJobCommand,
} from '@aws-sdk/client-sagemaker';
import { isAlreadyExists } from '../aws/errors';
import { collect, pages } from '../aws/pages';
import type { Session } from '../aws/session';
import { waitFor } from '../aws/wait';
import { WarmstartError } from '../errors';
import type { Task } from '../task';
import { dataOf } from './candidates';

/** A tuning job as DescribeHyperParameterTuningJob answers it. */
export type TuningJob = Omit<DescribeHyperParameterTuningJobCommandOutput, '$metadata'>;
type Client = Pick<Session, 'sagemaker'>;

/** States that a tuning job does not leave by itself, other than by being deleted. */
const terminal = new Set(['Completed', 'Failed', 'Stopped', 'Deleting', 'DeleteFailed']);

export function hasEnded(job: TuningJob): boolean {
  return terminal.has(job.HyperParameterTuningJobStatus ?? '');
}

export async function describeTuning(session: Client, name: string): Promise<TuningJob> {
  return session
    .sagemaker()
    .send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name }));
}

/**
 * Starts the tuning job, or finds it started by an earlier attempt: a job of that name on the same data is ours.
 * @throws WarmstartError `tuning.name-taken` when the name belongs to another job
 */
export async function startTuning(
  session: Client,
  request: CreateHyperParameterTuningJobCommandInput,
): Promise<{ arn: string; existed: boolean }> {
  const name = request.HyperParameterTuningJobName ?? '';
  try {
    const answer = await session.sagemaker().send(new CreateHyperParameterTuningJobCommand(request));
    return { arn: answer.HyperParameterTuningJobArn ?? '', existed: false };
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const job = await describeTuning(session, name);
    if (!isSameWork(job, request)) {
      throw new WarmstartError('tuning.name-taken', `There is another tuning job named ${name}.`, {
        remedy: 'Start a new run; its job gets another name.',
        cause: error,
      });
    }
    return { arn: job.HyperParameterTuningJobArn ?? '', existed: true };
  }
}

/** The URIs of a run's data hold its id, so that the same data and metric mean the same run. */
function isSameWork(job: TuningJob, request: CreateHyperParameterTuningJobCommandInput): boolean {
  const asked = dataOf(request.TrainingJobDefinition);
  const there = dataOf(job.TrainingJobDefinition);
  const metricOf = (config: TuningJob['HyperParameterTuningJobConfig']) =>
    config?.HyperParameterTuningJobObjective?.MetricName;
  return (
    Object.keys(asked).every((channel) => asked[channel] === there[channel]) &&
    metricOf(request.HyperParameterTuningJobConfig) === metricOf(job.HyperParameterTuningJobConfig)
  );
}

/** How far a tuning job is, from its description alone. */
export interface TuningProgress {
  /** Training jobs that ended, well or not. */
  done: number;
  running: number;
  failed: number;
  /** Undefined for Grid, which counts for itself. */
  total: number | undefined;
  best: { trainingJob: string; metric: string; value: number } | undefined;
}

export function progressOf(job: TuningJob): TuningProgress {
  const {
    Completed = 0,
    Stopped = 0,
    NonRetryableError = 0,
    InProgress = 0,
    RetryableError = 0,
  } = job.TrainingJobStatusCounters ?? {};
  const best = job.BestTrainingJob;
  const final = best?.FinalHyperParameterTuningJobObjectiveMetric;
  return {
    done: Completed + Stopped + NonRetryableError,
    running: InProgress + RetryableError,
    failed: NonRetryableError,
    total: job.HyperParameterTuningJobConfig?.ResourceLimits?.MaxNumberOfTrainingJobs,
    best:
      best?.TrainingJobName && final?.Value !== undefined
        ? { trainingJob: best.TrainingJobName, metric: final.MetricName ?? '', value: final.Value }
        : undefined,
  };
}

/** AWS's own limit for a tuning job is thirty days. */
const defaultDeadlineSeconds = 30 * 86_400;

/**
 * Waits until a tuning job ends, and reports when its counts or its best value change: one Describe a look.
 * Cancelling stops the waiting, not the job.
 */
export function watchTuning(
  session: Client,
  name: string,
  task: Task,
  options: { subject?: string; deadlineSeconds?: number } = {},
): Promise<TuningJob> {
  let reported = '';
  return waitFor(
    task,
    async () => {
      const job = await describeTuning(session, name);
      const progress = progressOf(job);
      const message = sentenceOf(progress);
      if (message !== reported) {
        reported = message;
        task.report({
          step: 'tune',
          message,
          done: progress.done,
          ...(options.subject === undefined ? {} : { subject: options.subject }),
          ...(progress.total === undefined ? {} : { total: progress.total }),
          detail: { tuningJob: name, ...progress },
        });
      }
      return job;
    },
    hasEnded,
    {
      what: `tuning job ${name}`,
      deadlineSeconds: options.deadlineSeconds ?? defaultDeadlineSeconds,
      step: 'tune',
      maxSeconds: 60,
    },
  );
}

function sentenceOf({ done, running, failed, total, best }: TuningProgress): string {
  const parts = [
    `${done}${total === undefined ? '' : ` of ${total}`} training jobs done`,
    ...(running > 0 ? [`${running} running`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(best ? [`best ${best.metric} ${Number(best.value.toPrecision(6))}`] : []),
  ];
  return parts.join(', ');
}

/** Asks a tuning job to stop; one that has ended is left as it is. What it found so far stays usable. */
export async function stopTuning(session: Client, name: string): Promise<void> {
  const job = await describeTuning(session, name);
  if (hasEnded(job) || job.HyperParameterTuningJobStatus === 'Stopping') return;
  await session
    .sagemaker()
    .send(new StopHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name }));
}

/** Why the training jobs of a tuning job failed: each reason once, the most frequent first, at most five. */
export async function failureReasons(
  session: Client,
  name: string,
): Promise<{ reason: string; jobs: number }[]> {
  const jobs = await collect(
    pages(async (token) => {
      // Sorting by the objective's value would drop exactly the jobs that have none.
      const page = await session.sagemaker().send(
        new ListTrainingJobsForHyperParameterTuningJobCommand({
          HyperParameterTuningJobName: name,
          SortBy: 'CreationTime',
          SortOrder: 'Descending',
          MaxResults: 100,
          NextToken: token,
        }),
      );
      return { items: page.TrainingJobSummaries ?? [], next: page.NextToken };
    }),
    500,
  );
  const counts = new Map<string, number>();
  for (const { FailureReason } of jobs) {
    if (FailureReason) counts.set(FailureReason, (counts.get(FailureReason) ?? 0) + 1);
  }
  return [...counts]
    .map(([reason, jobs]) => ({ reason, jobs }))
    .sort((a, b) => b.jobs - a.jobs)
    .slice(0, 5);
}
