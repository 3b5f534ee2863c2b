import { mainMetric } from '../../../evaluation/headline';
import { type Model, modelOf } from '../../../project/project';
import type { VersionSummary } from '../../../registry/versions';
import { mapParallel } from '../../../task';
import { commandIds } from '../../command-ids';
import type { Ticket } from '../../connection';
import { asEngineError } from '../../engine-error';
import { sagemakerArn } from '../arn';
import { holds } from '../filter';
import type { NodeOf, TreeNode } from '../node';
import { servingOf } from './serving';
import { emptyNode, guardedPages, inPages, type Loader, type LoaderDeps, nodeId, type Page } from './support';

const modelsPerPage = 50;
/** Each version costs one Describe, since lists do not answer metrics. */
const versionsPerPage = 25;
/** What one call lists. */
const newest = 100;

/** The project's models, each with its versions, newest first; both come in pages. */
export const loadModels: Loader = (deps, ticket, node, filter) => {
  if (node?.kind === 'model')
    return guardedPages(deps, ticket, node.id, ticket.project.registry, versionPages(deps, ticket, node));
  if (node) return Promise.resolve([]);
  const models = ticket.project.models.filter((m) => holds(`${m.name} ${m.packageGroup}`, filter));
  const pages = inPages(models, modelsPerPage, (page) => modelNodes(deps, ticket, page));
  return guardedPages(deps, ticket, nodeId(ticket, 'models'), ticket.project.registry, pages);
};

async function modelNodes(deps: LoaderDeps, ticket: Ticket, models: readonly Model[]): Promise<TreeNode[]> {
  const failures: unknown[] = [];
  const nodes = await mapParallel(models, 4, async (model): Promise<TreeNode> => {
    // Once nothing can be read any more, the rest of the page need not try.
    const listed = failures.length > 3 ? null : await newestOf(deps, ticket, model, failures);
    return {
      kind: 'model',
      id: nodeId(ticket, 'models', model.name),
      arn: sagemakerArn(ticket.project.registry, 'model-package-group', model.packageGroup),
      name: model.name,
      model: model.name,
      packageGroup: model.packageGroup,
      pending: (listed ?? []).filter((v) => v.approval === 'PendingManualApproval').length,
      latest: listed?.[0]?.version ?? null,
      problem: listed === null ? asEngineError(failures[0]).message : null,
    };
  });
  // One group that may not be read is that model's problem; a failure of all is the view's.
  if (failures.length > 0 && failures.length >= Math.min(models.length, 4)) throw failures[0];
  return nodes;
}

/** One call: the newest versions of a model's group. */
async function newestOf(
  deps: LoaderDeps,
  ticket: Ticket,
  model: Model,
  failures: unknown[],
): Promise<VersionSummary[] | null> {
  const summaries: VersionSummary[] = [];
  try {
    const session = await deps.session(ticket, ticket.project.registry);
    for await (const summary of summariesOf(deps, ticket, session, model)) {
      summaries.push(summary);
      if (summaries.length === newest) break;
    }
    return summaries;
  } catch (error) {
    failures.push(error);
    return null;
  }
}

type Session = Awaited<ReturnType<LoaderDeps['session']>>;

function summariesOf(deps: LoaderDeps, ticket: Ticket, session: Session, model: Model) {
  return deps.engine().summariesOf(session, groupArnOf(deps, ticket, model));
}

function groupArnOf(deps: LoaderDeps, ticket: Ticket, model: Model): string {
  return deps.engine().groupArn(ticket.project.registry, model.packageGroup);
}

async function* versionPages(
  deps: LoaderDeps,
  ticket: Ticket,
  node: NodeOf<'model'>,
): AsyncGenerator<Page, void> {
  const model = modelOf(ticket.project, node.model);
  const session = await deps.session(ticket, ticket.project.registry);
  let page: VersionSummary[] = [];
  let shown = 0;
  // A page is given away when the first item after it is known to exist.
  for await (const summary of summariesOf(deps, ticket, session, model)) {
    if (page.length === versionsPerPage) {
      yield { nodes: await versionNodes(deps, ticket, model, page), more: true };
      shown += page.length;
      page = [];
    }
    page.push(summary);
  }
  if (page.length > 0) yield { nodes: await versionNodes(deps, ticket, model, page), more: false };
  else if (shown === 0) {
    const text = deps.l10n.t('No version of {0} is registered yet.', model.name);
    const remedy = { title: deps.l10n.t('Retrain'), command: commandIds.retrain, arguments: [node] };
    yield { nodes: [emptyNode(node.id, text, remedy)], more: false };
  }
}

async function versionNodes(
  deps: LoaderDeps,
  ticket: Ticket,
  model: Model,
  summaries: readonly VersionSummary[],
): Promise<TreeNode[]> {
  const session = await deps.session(ticket, ticket.project.registry);
  const serving = servingOf(deps, ticket, model);
  const nodes = await mapParallel(summaries, 4, async (summary) => {
    const state = `${summary.arn} ${summary.approval} ${summary.status}`;
    const version = await deps.memo.get(`version ${ticket.key} ${state}`, () =>
      deps.engine().describeVersion(session, summary.arn),
    );
    return { summary, version };
  });
  const { environments, unread } = await serving;
  return nodes.map(({ summary, version }): TreeNode => {
    const metric = mainMetric(model, version.metrics);
    return {
      kind: 'version',
      id: nodeId(ticket, 'models', summary.arn),
      arn: summary.arn,
      name: `${model.packageGroup}/${summary.version}`,
      model: model.name,
      summary,
      version,
      metric: metric === null ? null : { name: metric, value: version.metrics[metric] ?? 0 },
      servesIn: environments.get(summary.arn) ?? [],
      unread,
    };
  });
}
