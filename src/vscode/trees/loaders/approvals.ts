import { mainMetric } from '../../../evaluation/headline';
import type { Evaluation } from '../../../evaluation/report';
import type { Model, Project } from '../../../project/project';
import type { Version } from '../../../registry/versions';
import { mapParallel } from '../../../task';
import type { Ticket } from '../../connection';
import { certaintyOf } from '../metric';
import type { NodeOf, Review, TreeNode } from '../node';
import { guarded, type Loader, type LoaderDeps, nodeId, storeOf } from './support';

/** Versions that wait, of all groups of the project, newest first; below each the gates that it failed. */
export const loadApprovals: Loader = (deps, ticket, node) => {
  if (node?.kind === 'pendingVersion') return Promise.resolve(gatesOf(node));
  if (node) return Promise.resolve([]);
  const { registry } = ticket.project;
  return guarded(deps, ticket, nodeId(ticket, 'approvals'), registry, () => waiting(deps, ticket));
};

async function waiting(deps: LoaderDeps, ticket: Ticket): Promise<TreeNode[]> {
  const { project } = ticket;
  const engine = deps.engine();
  const session = await deps.session(ticket, project.registry);
  const groups = project.models.map((model) => model.packageGroup);
  const summaries = await engine.listPending(session, project.registry, groups);
  const versions = await engine.describeVersions(
    session,
    summaries.map((summary) => summary.arn),
  );
  // A version that was decided between the two calls does not wait any more.
  const pending = versions.filter((version) => version.approval === 'PendingManualApproval');
  return mapParallel(pending, 4, async (version): Promise<TreeNode> => {
    const model = modelOfGroup(project, version);
    const review = reviewOf(model, version, await evaluationOf(deps, ticket, version));
    return {
      kind: 'pendingVersion',
      id: nodeId(ticket, 'approvals', version.arn),
      arn: version.arn,
      name: `${version.group}/${version.version}`,
      model: model?.name ?? version.group,
      version,
      servedVersion: review.champion?.version ?? null,
      review,
    };
  });
}

/** Of several models with one group, a version belongs to the one that its run was of. */
function modelOfGroup(project: Project, version: Version): Model | undefined {
  const candidates = project.models.filter((model) => model.packageGroup === version.group);
  return (
    candidates.find((model) => version.evaluationUri?.includes(`/${model.layer}/${model.name}/`)) ??
    candidates[0]
  );
}

/** `evaluation.json` never changes: read once per version. A version without a readable one is shown by its metrics. */
function evaluationOf(deps: LoaderDeps, ticket: Ticket, version: Version): Promise<Evaluation | null> {
  const uri = version.evaluationUri;
  if (uri === null) return Promise.resolve(null);
  return deps.memo.get(`evaluation ${ticket.key} ${version.arn}`, async () => {
    const { bucket, key } = /^s3:\/\/(?<bucket>[^/]+)\/(?<key>.+)$/.exec(uri)?.groups ?? {};
    const store = await storeOf(deps, ticket, ticket.project.registry);
    if (key === undefined || bucket !== store.bucket) return null;
    const text = await store.getText(key).catch(() => undefined);
    return text === undefined ? null : parsed(deps, text);
  });
}

function parsed(deps: LoaderDeps, text: string): Evaluation | null {
  try {
    return deps.engine().parseDocument(text);
  } catch {
    // Written by another tool or a later version: the comparison panel says so when it is opened.
    return null;
  }
}

/** What a line and its tooltip say of a candidate. Pure. */
export function reviewOf(
  model: Model | undefined,
  version: Pick<Version, 'metrics'>,
  evaluation: Evaluation | null,
): Review {
  const metrics = evaluation?.candidate.scorecard.metrics ?? version.metrics;
  const metric = mainMetric(model, metrics);
  const champion = evaluation?.champion;
  return {
    metric,
    value: metric === null ? null : (metrics[metric] ?? null),
    champion: champion
      ? {
          version: champion.version ?? null,
          environment: evaluation.championEnvironment,
          value: metric === null ? null : (champion.scorecard.metrics[metric] ?? null),
          certainty: metric === null ? 'unknown' : certaintyOf(evaluation, metric),
        }
      : null,
    note: evaluation?.championNote ?? null,
    gates: (evaluation?.gates ?? []).map(({ gate, passed, reason }) => ({
      metric: gate.metric,
      passed,
      reason,
    })),
    warnings: evaluation?.warnings ?? [],
  };
}

function gatesOf(node: NodeOf<'pendingVersion'>): TreeNode[] {
  return node.review.gates
    .map((gate, i): TreeNode => ({ kind: 'gate', id: `${node.id}/gate/${i}`, model: node.model, ...gate }))
    .filter((gate) => gate.kind === 'gate' && !gate.passed);
}
