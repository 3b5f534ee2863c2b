import type {
  HyperParameterTrainingJobSummary,
  HyperParameterTuningJobObjectiveType,
  ObjectiveStatus,
  ObjectiveStatusCounters,
  TrainingJobStatusCounters,
} from '@aws-sdk/client-sagemaker';
import type { Stored } from '../protocol/types';
import type { Trial } from '../training/contract';
import type { TrainingJobRecord } from './records';
import { isOver } from './training-course';

export type Summary = Stored<HyperParameterTrainingJobSummary>;

/** The objective a training job ended with: the last value that it emitted. */
export function objectiveOf({ described, tuning }: TrainingJobRecord): number | undefined {
  const name = tuning?.objective.MetricName;
  return described.FinalMetricDataList?.find((each) => each.MetricName === name)?.Value;
}

export function objectiveStatusOf(record: TrainingJobRecord): ObjectiveStatus {
  if (!isOver(record)) return 'Pending';
  const { TrainingJobStatus: status } = record.described;
  const succeeded = objectiveOf(record) !== undefined && status !== 'Failed';
  return succeeded ? 'Succeeded' : 'Failed';
}

export function summaryOf(record: TrainingJobRecord): Summary {
  const { described, tuning } = record;
  const value = objectiveOf(record);
  return {
    TrainingJobName: described.TrainingJobName,
    TrainingJobArn: described.TrainingJobArn,
    CreationTime: described.CreationTime,
    TrainingStartTime: described.TrainingStartTime,
    TrainingEndTime: described.TrainingEndTime,
    TrainingJobStatus: described.TrainingJobStatus,
    TunedHyperParameters: tuning?.tuned ?? {},
    FailureReason: described.FailureReason,
    ObjectiveStatus: objectiveStatusOf(record),
    ...(value === undefined || !tuning || !isOver(record)
      ? {}
      : {
          FinalHyperParameterTuningJobObjectiveMetric: {
            MetricName: tuning.objective.MetricName,
            Value: value,
          },
        }),
  };
}

/** The counters of DescribeHyperParameterTuningJob. */
export function countersOf(records: TrainingJobRecord[]): {
  TrainingJobStatusCounters: TrainingJobStatusCounters;
  ObjectiveStatusCounters: ObjectiveStatusCounters;
} {
  const status = (...wanted: string[]) =>
    records.filter((each) => wanted.includes(each.described.TrainingJobStatus)).length;
  const objective = (wanted: ObjectiveStatus) =>
    records.filter((each) => objectiveStatusOf(each) === wanted).length;
  return {
    TrainingJobStatusCounters: {
      Completed: status('Completed'),
      InProgress: status('InProgress', 'Stopping'),
      RetryableError: 0,
      NonRetryableError: status('Failed'),
      Stopped: status('Stopped'),
    },
    ObjectiveStatusCounters: {
      Succeeded: objective('Succeeded'),
      Pending: objective('Pending'),
      Failed: objective('Failed'),
    },
  };
}

/** The best of the jobs that reported the objective; stopped ones count too. */
export function bestOf(
  records: TrainingJobRecord[],
  type: HyperParameterTuningJobObjectiveType,
): TrainingJobRecord | undefined {
  const sign = type === 'Minimize' ? 1 : -1;
  return records
    .filter((each) => objectiveStatusOf(each) === 'Succeeded')
    .reduce<TrainingJobRecord | undefined>((best, each) => {
      const worse = best && sign * (objectiveOf(each) ?? 0) >= sign * (objectiveOf(best) ?? 0);
      return worse ? best : each;
    }, undefined);
}

/** Finished jobs as the search sees them. */
export function trialsOf(records: TrainingJobRecord[]): Trial[] {
  return records.flatMap((record) => {
    const objective = objectiveOf(record);
    if (objective === undefined || objectiveStatusOf(record) !== 'Succeeded') return [];
    return [{ hyperparameters: record.described.HyperParameters ?? {}, objective }];
  });
}
