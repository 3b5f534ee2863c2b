import type { Manifest } from '../../../release/manifest';
import { type RunRecord, stepNames } from '../../../runs/record';
import { mapParallel } from '../../../task';
import type { ActivityEntry } from '../../activity/entry';
import { standingOfRelease, standingOfRun } from '../../activity/standing';
import type { Ticket } from '../../connection';
import type { NodeOf, TreeNode } from '../node';
import { Remembered } from '../remembered';
import { guarded, guardedPages, type Loader, type LoaderDeps, nodeId, type Page, storeOf } from './support';

const releasesOfEachEndpoint = 10;

/**
 * What this window drives, and the runs and releases that stand in S3, whoever started them: newest first. Runs are the
 * registry's, releases those of the current environment.
 */
export const loadActivity: Loader = (deps, ticket, node) => {
  if (node?.kind === 'run') return Promise.resolve(runSteps(node));
  if (node?.kind === 'activity' || node?.kind === 'release') return Promise.resolve(localSteps(deps, node));
  if (node) return Promise.resolve([]);
  return guardedPages(
    deps,
    ticket,
    nodeId(ticket, 'activity'),
    ticket.project.registry,
    history(deps, ticket),
  );
};

async function* history(deps: LoaderDeps, ticket: Ticket): AsyncGenerator<Page, void> {
  const { project, environment } = ticket;
  const entries = deps.activities().filter((e) => e.connectionKey === null || e.connectionKey === ticket.key);
  // What is listed is remembered until the view is refreshed: every line of local news asks for these nodes again.
  const runs = await deps.memo.get(`runs ${ticket.key}`, async () => {
    const store = await storeOf(deps, ticket, project.registry);
    const models = project.models.map((model) => model.name);
    return new Remembered(deps.engine().recentRuns(store, models));
  });
  const driven = new Set<string>();
  let releases = await guarded(deps, ticket, nodeId(ticket, 'activity', 'releases'), environment, () =>
    recentReleases(deps, ticket, entries),
  );
  for (let i = 0; ; i++) {
    const page = await runs.at(i);
    const more = page?.more ?? false;
    const nodes = await mapParallel(page?.runs ?? [], 4, (run) => runNode(deps, ticket, run, entries));
    // Releases join the runs of their time; those older than the last page come with it.
    const until = page?.runs.at(-1)?.startedAt ?? '';
    const joining = releases.filter((node) => !more || startedAt(node) >= until);
    releases = releases.filter((node) => !joining.includes(node));
    nodes.push(...joining);
    for (const node of nodes) {
      if ((node.kind === 'run' || node.kind === 'release') && node.activityId) driven.add(node.activityId);
    }
    // Only what has no record in S3 yet, or never will, is told by this window alone.
    if (i === 0) {
      const alone = entries.filter((entry) => !driven.has(entry.id));
      nodes.push(...alone.map((entry) => activityNode(ticket, entry)));
    }
    yield { nodes: nodes.sort(newestFirst), more };
    if (!more) return;
  }
}

async function runNode(
  deps: LoaderDeps,
  ticket: Ticket,
  run: RunRecord,
  entries: readonly ActivityEntry[],
): Promise<TreeNode> {
  const entry = entries.find(
    ({ operation }) => operation?.kind === 'retrain' && operation.runId === run.runId,
  );
  const driving = entry?.status === 'running' ? entry : undefined;
  const news = driving ? newsOf(driving) : await newsFromAws(deps, ticket, run);
  return {
    kind: 'run',
    id: nodeId(ticket, 'activity', 'run', run.model, run.runId),
    name: run.runId,
    run,
    standing: driving ? 'live' : standingOfRun(run, await holderOf(deps, ticket, run)),
    here: driving !== undefined,
    activityId: entry?.id ?? null,
    ...news,
  };
}

/** Who drives a run that is not over: one object, remembered as the runs are. */
function holderOf(deps: LoaderDeps, ticket: Ticket, { model, status }: RunRecord) {
  if (status === 'completed' || status === 'stopped') return undefined;
  return deps.memo.get(`holder ${ticket.key} ${model}`, async () => {
    const store = await storeOf(deps, ticket, ticket.project.registry);
    return deps.engine().holderOf(store, `run-${model}`, deps.now());
  });
}

type News = Pick<NodeOf<'run'>, 'message' | 'done' | 'total'>;

function newsOf({ message, steps }: ActivityEntry): News {
  const last = steps.at(-1);
  return { message: message || null, done: last?.done ?? null, total: last?.total ?? null };
}

/** How far the tuning job of somebody else's run is; nothing to tell of a run that is not tuning. */
async function newsFromAws(deps: LoaderDeps, ticket: Ticket, run: RunRecord): Promise<News> {
  const none: News = { message: null, done: null, total: null };
  const { tune } = run.steps;
  const name = tune?.result?.tuningJob;
  if (run.status !== 'running' || tune?.status !== 'running' || name === undefined) return none;
  const engine = deps.engine();
  return deps.memo.get(`tuning ${ticket.key} ${name}`, async () => {
    const session = await deps.session(ticket, ticket.project.registry);
    try {
      const { done, total } = engine.progressOf(await engine.describeTuning(session, name));
      return { ...none, done, total: total ?? null };
    } catch (error) {
      // The job's name is written down before the job exists.
      if (engine.isNotFound(error)) return none;
      throw error;
    }
  });
}

async function recentReleases(
  deps: LoaderDeps,
  ticket: Ticket,
  entries: readonly ActivityEntry[],
): Promise<TreeNode[]> {
  const { environment, project } = ticket;
  const store = await storeOf(deps, ticket, environment);
  const engine = deps.engine();
  const found = await mapParallel(Object.keys(project.source.endpoints), 4, async (endpoint) => {
    const { manifests, lease } = await deps.memo.get(`releases ${ticket.key} ${endpoint}`, async () => {
      const manifests = await engine.listManifests(store, endpoint, releasesOfEachEndpoint);
      const isOpen = manifests.some((m) => m.status === 'in-progress');
      const lease = isOpen ? await engine.holderOf(store, `endpoint-${endpoint}`, deps.now()) : undefined;
      return { manifests, lease };
    });
    return manifests.map((manifest): TreeNode => {
      const entry = entryOf(manifest, entries);
      const driving = entry?.status === 'running';
      return {
        kind: 'release',
        id: nodeId(ticket, 'activity', 'release', endpoint, manifest.releaseId),
        name: manifest.releaseId,
        environment: environment.name,
        endpoint,
        manifest,
        live: false,
        standing: driving ? 'live' : standingOfRelease(manifest, lease),
        place: 'activity',
        activityId: entry?.id ?? null,
      };
    });
  });
  return found.flat();
}

function entryOf(manifest: Manifest, entries: readonly ActivityEntry[]): ActivityEntry | undefined {
  return entries.find(
    ({ operation }) =>
      operation !== null && operation.kind !== 'retrain' && operation.releaseId === manifest.releaseId,
  );
}

function activityNode(ticket: Ticket, entry: ActivityEntry): TreeNode {
  return {
    kind: 'activity',
    id: nodeId(ticket, 'activity', 'local', entry.id),
    name: entry.title,
    activityId: entry.id,
    title: entry.title,
    status: entry.status,
    message: entry.message,
    startedAt: entry.startedAt,
    finishedAt: entry.finishedAt,
    entry,
  };
}

/** The steps that have begun, in their order. */
function runSteps(node: NodeOf<'run'>): TreeNode[] {
  const { run } = node;
  return stepNames
    .filter((step) => run.steps[step] !== undefined)
    .map((step) => ({
      kind: 'runStep',
      id: `${node.id}/${step}`,
      run,
      step,
      message: run.steps[step]?.status === 'running' ? node.message : null,
    }));
}

/** Steps that only this window knows: those of its own operations. */
function localSteps(deps: LoaderDeps, node: NodeOf<'activity'> | NodeOf<'release'>): TreeNode[] {
  const entry = deps.activities().find(({ id }) => id === node.activityId);
  return (entry?.steps ?? []).map((step, i) => ({
    kind: 'activityStep',
    id: `${node.id}/step/${i}`,
    activityId: node.activityId ?? '',
    step,
    running: step.finishedAt === null,
  }));
}

function startedAt(node: TreeNode): string {
  if (node.kind === 'run') return node.run.startedAt;
  if (node.kind === 'release') return node.manifest.createdAt;
  if (node.kind === 'activity') return node.startedAt;
  // Errors stand above what could be read.
  return '9';
}

function newestFirst(a: TreeNode, b: TreeNode): number {
  return startedAt(a) < startedAt(b) ? 1 : startedAt(a) > startedAt(b) ? -1 : 0;
}
