import { type Model, modelOf } from '../../../project/project';
import type { RunRecord } from '../../../runs/record';
import type { LineageNode } from '../../../tuning/lineage';
import { commandIds } from '../../command-ids';
import type { Ticket } from '../../connection';
import { sagemakerArn } from '../arn';
import type { NodeOf, TreeNode } from '../node';
import { emptyNode, guarded, type Loader, type LoaderDeps, nodeId, storeOf } from './support';

const ended = new Set(['Completed', 'Failed', 'Stopped', 'Deleting', 'DeleteFailed', 'Unknown']);

/** Per model the forest of its tuning jobs; below each job what came of it, what it turned down, and what it trained. */
export const loadLineage: Loader = (deps, ticket, node) => {
  const { registry, models } = ticket.project;
  if (!node) return Promise.resolve(models.map((model) => rootOf(ticket, model)));
  if (node.kind === 'lineageModel')
    return guarded(deps, ticket, node.id, registry, () => rootsOf(deps, ticket, node));
  if (node.kind === 'tuningJob')
    return guarded(deps, ticket, node.id, registry, () => below(deps, ticket, node));
  return Promise.resolve([]);
};

function rootOf(ticket: Ticket, model: Model): TreeNode {
  return {
    kind: 'lineageModel',
    id: nodeId(ticket, 'lineage', model.name),
    name: model.name,
    model: model.name,
  };
}

async function rootsOf(deps: LoaderDeps, ticket: Ticket, node: NodeOf<'lineageModel'>): Promise<TreeNode[]> {
  const jobs = await lineageOf(deps, ticket, node.model);
  if (jobs.length === 0) {
    const text = deps.l10n.t('{0} has no tuning job yet.', node.model);
    const remedy = { title: deps.l10n.t('Retrain'), command: commandIds.retrain, arguments: [node] };
    return [emptyNode(node.id, text, remedy)];
  }
  return rootJobs(jobs).map((job) => jobNode(ticket, node.model, job));
}

/** The jobs that hang on no other one, and one job of every cycle, which only a damaged history has. Pure. */
export function rootJobs(jobs: readonly LineageNode[]): LineageNode[] {
  const reached = new Set<string>();
  const visit = (job: LineageNode) => {
    if (reached.has(job.name)) return;
    reached.add(job.name);
    for (const child of childJobs(jobs, job.name)) visit(child);
  };
  const roots = jobs.filter((job) => job.parents.length === 0);
  roots.forEach(visit);
  for (const job of jobs) {
    if (reached.has(job.name)) continue;
    roots.push(job);
    visit(job);
  }
  return roots;
}

/** A job with several parents stands below the first, which is the newest. Pure. */
export function childJobs(jobs: readonly LineageNode[], name: string): LineageNode[] {
  return jobs.filter((job) => job.parents[0] === name);
}

async function below(deps: LoaderDeps, ticket: Ticket, node: NodeOf<'tuningJob'>): Promise<TreeNode[]> {
  const [jobs, trained, run] = await Promise.all([
    lineageOf(deps, ticket, node.model),
    trainingJobs(deps, ticket, node),
    runOf(deps, ticket, node),
  ]);
  const children = childJobs(jobs, node.job.name).map((job) => jobNode(ticket, node.model, job));
  const refused = (run?.steps.tune?.result?.refused ?? []).map(
    ({ name, reason }): TreeNode => ({
      kind: 'refusedParent',
      id: `${node.id}/refused/${name}`,
      name,
      arn: sagemakerArn(ticket.project.registry, 'hyper-parameter-tuning-job', name),
      model: node.model,
      tuningJob: name,
      reason,
    }),
  );
  const all = [...children, ...refused, ...trained];
  if (all.length > 0) return all;
  return [
    emptyNode(node.id, deps.l10n.t('AWS does not know the training jobs of this tuning job any more.')),
  ];
}

function jobNode(ticket: Ticket, model: string, job: LineageNode): TreeNode {
  return {
    kind: 'tuningJob',
    id: nodeId(ticket, 'lineage', model, job.name),
    name: job.name,
    arn: sagemakerArn(ticket.project.registry, 'hyper-parameter-tuning-job', job.name),
    model,
    job,
    running: !ended.has(job.status),
  };
}

function lineageOf(deps: LoaderDeps, ticket: Ticket, name: string): Promise<LineageNode[]> {
  const { project } = ticket;
  return deps.memo.get(`lineage ${ticket.key} ${name}`, async () => {
    const session = await deps.session(ticket, project.registry);
    const store = await storeOf(deps, ticket, project.registry);
    return deps.engine().readLineage(session, store, modelOf(project, name));
  });
}

async function trainingJobs(
  deps: LoaderDeps,
  ticket: Ticket,
  node: NodeOf<'tuningJob'>,
): Promise<TreeNode[]> {
  const { project } = ticket;
  const session = await deps.session(ticket, project.registry);
  const engine = deps.engine();
  const type = engine.tuningObjective(modelOf(project, node.model)).Type;
  let jobs: Awaited<ReturnType<typeof engine.rankedTrainingJobs>>;
  try {
    jobs = await engine.rankedTrainingJobs(session, node.job.name, type);
  } catch (error) {
    // Deleted, or a parent of another time: the history still knows of it.
    if (engine.isNotFound(error)) return [];
    throw error;
  }
  return jobs.map(
    (job, i): TreeNode => ({
      kind: 'trainingJob',
      id: `${node.id}/trained/${job.name}`,
      name: job.name,
      arn: job.arn ?? sagemakerArn(project.registry, 'training-job', job.name),
      tuningJob: node.job.name,
      trainingJob: job.name,
      status: job.status,
      metric: job.metric,
      value: job.value,
      best: i === 0 && job.value !== null,
      job,
    }),
  );
}

/** The run that started a tuning job; a job that still runs is known to its record only. */
async function runOf(
  deps: LoaderDeps,
  ticket: Ticket,
  { model, job }: NodeOf<'tuningJob'>,
): Promise<RunRecord | undefined> {
  const store = await storeOf(deps, ticket, ticket.project.registry);
  const engine = deps.engine();
  const { runId } = job;
  if (runId !== null) {
    return deps.memo.get(`run ${ticket.key} ${model} ${runId}`, async () => {
      try {
        return await engine.findRun(store, model, runId);
      } catch (error) {
        if (hasCode(error, 'run.unknown')) return undefined;
        throw error;
      }
    });
  }
  const newest = await deps.memo.get(`runs ${ticket.key} ${model}`, () => engine.listRuns(store, model, 5));
  return newest.find((run) => run.steps.tune?.result?.tuningJob === job.name);
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && Reflect.get(error, 'code') === code;
}
