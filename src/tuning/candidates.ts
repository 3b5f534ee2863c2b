import type {
  DescribeHyperParameterTuningJobCommandOutput,
  HyperParameterTrainingJobDefinition,
  ParameterRanges,
} from '@aws-sdk/client-sagemaker';
import { DescribeHyperParameterTuningJobCommand } from '@aws-sdk/client-sagemaker';
import { isNotFound } from '../aws/errors';
import type { Session } from '../aws/session';
import { mapParallel } from '../task';
import type { HistoryRow } from './history';

/** The kind of range that tunes a hyperparameter; a warm start may not change it. */
export type RangeKind = 'Integer' | 'Continuous' | 'Categorical';

/** What a tuning job searches and what it holds fixed. */
export interface Hyperparameters {
  tuned: Record<string, RangeKind>;
  fixed: Record<string, string>;
}

/** A tuning job of the history as SageMaker describes it now: a parent, perhaps. */
export interface Candidate extends Hyperparameters {
  name: string;
  row: HistoryRow;
  status: string;
  /** Training jobs with a final objective value. */
  succeeded: number;
  /** Training jobs launched, whatever became of them: they count against a child's budget. */
  trainingJobs: number;
  /** ISO-8601, UTC. */
  createdAt: string;
  strategy: string;
  metric: string;
  type: string;
  image: string;
  /** S3 URI of each channel. */
  data: Record<string, string>;
  account: string;
  region: string;
  /** Its own parents, newest first. */
  parents: string[];
  /** Of the version that came of it; `Deleted` when that version is gone, null when it never had one. */
  approval: string | null;
  /** Undefined for a job with several definitions, which cannot be a parent here. */
  definition: HyperParameterTrainingJobDefinition | undefined;
}

/** A tuning job that was turned down as a parent, and why, as a full sentence. */
export interface Refusal {
  name: string;
  reason: string;
}

/** How many of the newest jobs are looked at: five parents at most are ever taken. */
export const newestDescribed = 20;

/** The rows of one model, newest first. */
export function rowsOf(history: readonly HistoryRow[], model: { name: string; layer: string }): HistoryRow[] {
  return history.filter((row) => row.model === model.name && row.layer === model.layer).reverse();
}

/**
 * Describes the newest twenty of `rows`, four at a time.
 * @param rows newest first
 * @param approvals of every version of the model's package group, by ARN
 */
export async function describeCandidates(
  session: Pick<Session, 'sagemaker'>,
  rows: readonly HistoryRow[],
  approvals: ReadonlyMap<string, string>,
): Promise<{ candidates: Candidate[]; refused: Refusal[] }> {
  const candidates: Candidate[] = [];
  const refused: Refusal[] = [];
  await mapParallel(rows.slice(0, newestDescribed), 4, async (row) => {
    try {
      const described = await session
        .sagemaker()
        .send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: row.tuningJob }));
      candidates.push(toCandidate(row, described, approvals));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      refused.push({ name: row.tuningJob, reason: `${row.tuningJob} no longer exists in SageMaker.` });
    }
  });
  return { candidates, refused };
}

/** A row and its description as a candidate. Pure. */
export function toCandidate(
  row: HistoryRow,
  described: Omit<DescribeHyperParameterTuningJobCommandOutput, '$metadata'>,
  approvals: ReadonlyMap<string, string>,
): Candidate {
  const config = described.HyperParameterTuningJobConfig;
  const definition = described.TrainingJobDefinition;
  const [, , , region = '', account = ''] = (described.HyperParameterTuningJobArn ?? '').split(':');
  const counters = described.TrainingJobStatusCounters ?? {};
  return {
    name: described.HyperParameterTuningJobName ?? row.tuningJob,
    row,
    status: described.HyperParameterTuningJobStatus ?? 'InProgress',
    succeeded: described.ObjectiveStatusCounters?.Succeeded ?? 0,
    trainingJobs: Object.values(counters).reduce((sum: number, n) => sum + (n ?? 0), 0),
    createdAt: (described.CreationTime ?? new Date(0)).toISOString(),
    strategy: config?.Strategy ?? 'Bayesian',
    metric: config?.HyperParameterTuningJobObjective?.MetricName ?? '',
    type: config?.HyperParameterTuningJobObjective?.Type ?? '',
    image: definition?.AlgorithmSpecification?.TrainingImage ?? '',
    data: dataOf(definition),
    account,
    region,
    parents: (described.WarmStartConfig?.ParentHyperParameterTuningJobs ?? []).flatMap(
      (p) => p.HyperParameterTuningJobName ?? [],
    ),
    approval: row.packageArn === null ? null : (approvals.get(row.packageArn) ?? 'Deleted'),
    definition,
    tuned: kindsOf(config?.ParameterRanges ?? definition?.HyperParameterRanges),
    fixed: fixedOf(definition?.StaticHyperParameters),
  };
}

/** The S3 URI of each channel of a definition. */
export function dataOf(definition: HyperParameterTrainingJobDefinition | undefined): Record<string, string> {
  return Object.fromEntries(
    (definition?.InputDataConfig ?? []).map((channel) => [
      channel.ChannelName ?? '',
      channel.DataSource?.S3DataSource?.S3Uri ?? '',
    ]),
  );
}

/** The kind of range of each tuned hyperparameter. */
export function kindsOf(ranges: ParameterRanges | undefined): Record<string, RangeKind> {
  const named = (list: { Name?: string | undefined }[] | undefined, kind: RangeKind) =>
    (list ?? []).map((range) => [range.Name ?? '', kind] as const);
  return Object.fromEntries([
    ...named(ranges?.IntegerParameterRanges, 'Integer'),
    ...named(ranges?.ContinuousParameterRanges, 'Continuous'),
    ...named(ranges?.CategoricalParameterRanges, 'Categorical'),
  ]);
}

/** SageMaker adds this one by itself; kept among the statics, it would break the rule on the set of names. */
const addedBySageMaker = '_tuning_objective_metric';

/** The static hyperparameters that someone chose. */
export function fixedOf(statics: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(statics ?? {}).filter(([name]) => name !== addedBySageMaker));
}
