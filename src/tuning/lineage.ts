import type { HyperParameterTuningJobSummary } from '@aws-sdk/client-sagemaker';
import {
  DescribeHyperParameterTuningJobCommand,
  ListHyperParameterTuningJobsCommand,
} from '@aws-sdk/client-sagemaker';
import { isNotFound } from '../aws/errors';
import { collect, pages } from '../aws/pages';
import type { Session } from '../aws/session';
import type { Store } from '../aws/store';
import type { Model } from '../project/project';
import { mapParallel } from '../task';
import { rowsOf } from './candidates';
import { tuningJobPrefix } from './definition';
import { type HistoryRow, readHistory } from './history';
import type { TuningJob } from './job';

/** One tuning job of a model, in the forest that warm starts make of them. */
export interface LineageNode {
  name: string;
  /** ISO-8601, UTC; undefined for a parent of which only the name is left. */
  createdAt: string | undefined;
  /** `Unknown` for a parent of which only the name is left. */
  status: string;
  metric: string | null;
  /** Of its best training job. */
  value: number | null;
  /** Training jobs ended and asked for. */
  jobs: { done: number; total: number } | null;
  warmStart: string | null;
  testing: boolean;
  packageArn: string | null;
  runId: string | null;
  /** Newest first, as the job named them. */
  parents: string[];
  /** Oldest first. */
  children: string[];
}

/**
 * The tuning jobs of one model, oldest first, each with its parents and children.
 * @param rows of this model
 * @param summaries of ListHyperParameterTuningJobs; jobs of other models among them are to be left out beforehand
 * @param running what was described of jobs that stand in no history yet
 */
export function buildLineage(
  rows: readonly HistoryRow[],
  summaries: readonly HyperParameterTuningJobSummary[] = [],
  running: readonly TuningJob[] = [],
): LineageNode[] {
  const nodes = new Map<string, LineageNode>();
  const nodeOf = (name: string): LineageNode => {
    const key = name.toLowerCase();
    const node = nodes.get(key) ?? emptyNode(name);
    nodes.set(key, node);
    return node;
  };
  for (const row of rows) Object.assign(nodeOf(row.tuningJob), factsOfRow(row));
  for (const summary of summaries) {
    if (summary.HyperParameterTuningJobName) {
      Object.assign(nodeOf(summary.HyperParameterTuningJobName), factsOfSummary(summary));
    }
  }
  for (const job of running) {
    if (job.HyperParameterTuningJobName)
      Object.assign(nodeOf(job.HyperParameterTuningJobName), factsOfJob(job));
  }
  for (const child of [...nodes.values()]) {
    // A job cannot be its own parent; a damaged history may say so.
    const parents = child.parents
      .filter((name) => name.toLowerCase() !== child.name.toLowerCase())
      .map(nodeOf);
    child.parents = [...new Set(parents.map((parent) => parent.name))];
    for (const parent of new Set(parents)) parent.children.push(child.name);
  }
  const sorted = [...nodes.values()].sort(byAge);
  const rank = new Map(sorted.map((node, i) => [node.name, i]));
  for (const node of sorted) node.children.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  return sorted;
}

/** Tuning jobs outside the history that are described: one that runs now, and what killed runs left. */
const maxDescribed = 5;

/** Reads a model's lineage: one object of S3, one listing, and a Describe for at most five jobs that no row tells of. */
export async function readLineage(
  session: Pick<Session, 'sagemaker'>,
  store: Pick<Store, 'getText'>,
  model: Pick<Model, 'name' | 'layer'>,
): Promise<LineageNode[]> {
  const [history, listed] = await Promise.all([
    readHistory(store),
    listTuningJobs(session, tuningJobPrefix(model)),
  ]);
  const rows = rowsOf(history, model);
  const owners = new Map(history.map((row) => [row.tuningJob.toLowerCase(), row]));
  const known = new Set(rows.map((row) => row.tuningJob.toLowerCase()));
  const isKnown = (summary: HyperParameterTuningJobSummary) =>
    known.has(summary.HyperParameterTuningJobName?.toLowerCase() ?? '');
  // Names that begin alike may belong to another model: the history knows, or the description's data tells.
  const strangers = listed.filter(
    (summary) => !owners.has(summary.HyperParameterTuningJobName?.toLowerCase() ?? ''),
  );
  const described = await mapParallel(strangers.slice(0, maxDescribed), 4, (summary) =>
    describe(session, summary.HyperParameterTuningJobName ?? ''),
  );
  const running = described.flatMap((job) => (job && isOf(job, model) ? [job] : []));
  return buildLineage(rows, listed.filter(isKnown), running);
}

function isOf(job: TuningJob, model: Pick<Model, 'name' | 'layer'>): boolean {
  return (job.TrainingJobDefinition?.InputDataConfig ?? []).some((channel) =>
    channel.DataSource?.S3DataSource?.S3Uri?.includes(`/datasets/${model.layer}/${model.name}/`),
  );
}

async function describe(session: Pick<Session, 'sagemaker'>, name: string): Promise<TuningJob | undefined> {
  try {
    return await session
      .sagemaker()
      .send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name }));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Tuning jobs whose name contains `text`, newest first. */
function listTuningJobs(
  session: Pick<Session, 'sagemaker'>,
  text: string,
): Promise<HyperParameterTuningJobSummary[]> {
  return collect(
    pages(async (token) => {
      const page = await session.sagemaker().send(
        new ListHyperParameterTuningJobsCommand({
          NameContains: text,
          SortBy: 'CreationTime',
          SortOrder: 'Descending',
          MaxResults: 100,
          NextToken: token,
        }),
      );
      return { items: page.HyperParameterTuningJobSummaries ?? [], next: page.NextToken };
    }),
    1000,
  );
}

/** The forest as lines for a terminal; a job with several parents stands below the newest and names the others. */
export function lineageText(nodes: readonly LineageNode[]): string {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const drawn = new Set<string>();
  const lines: string[] = [];
  const draw = (node: LineageNode, lead: string, branch: string, below: string) => {
    drawn.add(node.name);
    lines.push(`${lead}${branch}${lineOf(node)}`);
    const children = node.children.flatMap((name) => {
      const child = byName.get(name);
      return child?.parents[0] === node.name ? [child] : [];
    });
    children.forEach((child, i) => {
      const last = i === children.length - 1;
      if (!drawn.has(child.name)) draw(child, lead + below, last ? '└─ ' : '├─ ', last ? '   ' : '│  ');
    });
  };
  for (const node of nodes) if (node.parents.length === 0) draw(node, '', '', '');
  // What is left hangs on a cycle, which only a damaged history has.
  for (const node of nodes) if (!drawn.has(node.name)) draw(node, '', '', '');
  return lines.map((line) => `${line}\n`).join('');
}

function lineOf(node: LineageNode): string {
  const others = node.parents.slice(1);
  return [
    node.name,
    ...(node.createdAt === undefined ? [] : [node.createdAt.slice(0, 10)]),
    node.status,
    ...(node.jobs ? [`${node.jobs.done}/${node.jobs.total} jobs`] : []),
    ...(node.value === null ? [] : [`${node.metric ?? ''} ${Number(node.value.toPrecision(6))}`.trim()]),
    ...(node.packageArn === null ? [] : [`version ${node.packageArn.split('/').pop()}`]),
    ...(node.testing ? ['testing'] : []),
    ...(others.length > 0 ? [`also from ${others.join(', ')}`] : []),
  ].join('  ');
}

function emptyNode(name: string): LineageNode {
  return {
    name,
    createdAt: undefined,
    status: 'Unknown',
    metric: null,
    value: null,
    jobs: null,
    warmStart: null,
    testing: false,
    packageArn: null,
    runId: null,
    parents: [],
    children: [],
  };
}

function factsOfRow(row: HistoryRow): Partial<LineageNode> {
  return {
    createdAt: row.datetime,
    // A row is written when a job has ended.
    status: row.status ?? 'Completed',
    metric: row.evalMetric || null,
    value: row.evalMetricValue,
    jobs: { done: row.succeeded ?? row.trainingJobCount, total: row.trainingJobCount },
    warmStart: row.warmStart,
    testing: row.testing,
    packageArn: row.packageArn,
    runId: row.runId,
    parents: [...row.parents],
  };
}

function factsOfSummary(summary: HyperParameterTuningJobSummary): Partial<LineageNode> {
  const { Completed = 0, Stopped = 0, NonRetryableError = 0 } = summary.TrainingJobStatusCounters ?? {};
  const done = Completed + Stopped + NonRetryableError;
  return {
    status: summary.HyperParameterTuningJobStatus ?? 'Unknown',
    jobs: { done, total: summary.ResourceLimits?.MaxNumberOfTrainingJobs ?? done },
    ...(summary.CreationTime ? { createdAt: summary.CreationTime.toISOString() } : {}),
  };
}

function factsOfJob(job: TuningJob): Partial<LineageNode> {
  const final = job.BestTrainingJob?.FinalHyperParameterTuningJobObjectiveMetric;
  const limits = job.HyperParameterTuningJobConfig?.ResourceLimits;
  return {
    ...factsOfSummary({
      HyperParameterTuningJobName: job.HyperParameterTuningJobName,
      HyperParameterTuningJobArn: job.HyperParameterTuningJobArn,
      HyperParameterTuningJobStatus: job.HyperParameterTuningJobStatus,
      Strategy: job.HyperParameterTuningJobConfig?.Strategy,
      CreationTime: job.CreationTime,
      TrainingJobStatusCounters: job.TrainingJobStatusCounters,
      ObjectiveStatusCounters: job.ObjectiveStatusCounters,
      ResourceLimits: limits,
    }),
    metric: job.HyperParameterTuningJobConfig?.HyperParameterTuningJobObjective?.MetricName ?? null,
    value: final?.Value ?? null,
    warmStart: job.WarmStartConfig?.WarmStartType ?? null,
    parents: (job.WarmStartConfig?.ParentHyperParameterTuningJobs ?? []).flatMap(
      (parent) => parent.HyperParameterTuningJobName ?? [],
    ),
  };
}

function byAge(a: LineageNode, b: LineageNode): number {
  const [x, y] = [a.createdAt ?? '', b.createdAt ?? ''];
  if (x !== y) return x < y ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
