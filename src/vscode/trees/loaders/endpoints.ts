import { type Environment, endpointOf, environmentOf } from '../../../project/project';
import type { Inspection } from '../../../release/inspect';
import type { Manifest } from '../../../release/manifest';
import { mapParallel, quietTask } from '../../../task';
import { standingOfRelease } from '../../activity/standing';
import { commandIds } from '../../command-ids';
import type { Ticket } from '../../connection';
import { sagemakerArn } from '../arn';
import type { NodeOf, TreeNode } from '../node';
import {
  emptyNode,
  guarded,
  guardedPages,
  inPages,
  type Loader,
  type LoaderDeps,
  nodeId,
  storeOf,
} from './support';

const releasesPerPage = 20;

/** Environments, the current one first; an environment is asked only when somebody opens it, with its own session. */
export const loadEndpoints: Loader = (deps, ticket, node) => {
  if (!node) return Promise.resolve(environments(ticket));
  if (node.kind === 'environment') return endpoints(deps, ticket, node);
  if (node.kind === 'endpoint') return Promise.resolve(targets(deps, node));
  if (node.kind === 'releases') {
    const environment = environmentOf(ticket.project, node.environment);
    return guardedPages(deps, ticket, node.id, environment, releases(deps, ticket, node, environment));
  }
  return Promise.resolve([]);
};

function environments(ticket: Ticket): TreeNode[] {
  const current = ticket.environment.name;
  const ordered = [...ticket.project.environments].sort(
    (a, b) => Number(b.name === current) - Number(a.name === current),
  );
  return ordered.map((environment) => ({
    kind: 'environment',
    id: nodeId(ticket, 'endpoints', environment.name),
    name: environment.name,
    environment: environment.name,
    accountId: environment.accountId,
    region: environment.region,
    protected: environment.protected,
    current: environment.name === current,
  }));
}

function endpoints(deps: LoaderDeps, ticket: Ticket, node: NodeOf<'environment'>): Promise<TreeNode[]> {
  const { project } = ticket;
  const environment = environmentOf(project, node.environment);
  const keys = Object.keys(project.source.endpoints);
  return guarded(deps, ticket, node.id, environment, () =>
    mapParallel(keys, 2, async (key): Promise<TreeNode> => {
      const { name } = endpointOf(project, key, environment.name);
      return {
        kind: 'endpoint',
        id: nodeId(ticket, 'endpoints', environment.name, key),
        name,
        arn: sagemakerArn(environment, 'endpoint', name),
        environment: environment.name,
        endpoint: key,
        inspection: await inspect(deps, ticket, key, environment),
      };
    }),
  );
}

async function inspect(
  deps: LoaderDeps,
  ticket: Ticket,
  key: string,
  environment: Environment,
): Promise<Inspection> {
  const sessionOf = (other: Environment) => deps.session(ticket, other);
  const [session, registry] = await Promise.all([sessionOf(environment), sessionOf(ticket.project.registry)]);
  const sessions = { session, registry, sessionOf };
  const engine = deps.engine();
  return engine.inspectEndpoint(engine.sceneOf(ticket.project, key, environment, sessions, quietTask()));
}

function targets(deps: LoaderDeps, node: NodeOf<'endpoint'>): TreeNode[] {
  const { environment, endpoint, inspection } = node;
  const shown = inspection.targets.map(
    (target): TreeNode => ({
      kind: 'target',
      id: `${node.id}/target/${target.targetModel}`,
      name: target.targetModel,
      ...(target.packageArn === null ? {} : { arn: target.packageArn }),
      environment,
      endpoint,
      target,
    }),
  );
  if (inspection.status !== null) {
    const live = inspection.releaseId;
    return [...shown, { kind: 'releases', id: `${node.id}/releases`, environment, endpoint, live }];
  }
  const text = deps.l10n.t('{0} does not exist in {1} yet.', inspection.endpointName, environment);
  const remedy = { title: deps.l10n.t('Release…'), command: commandIds.release, arguments: [node] };
  return [emptyNode(node.id, text, remedy), ...shown];
}

async function* releases(
  deps: LoaderDeps,
  ticket: Ticket,
  node: NodeOf<'releases'>,
  environment: Environment,
) {
  const store = await storeOf(deps, ticket, environment);
  const { listManifests, holderOf } = deps.engine();
  const nodesOf = async (manifests: readonly Manifest[]): Promise<TreeNode[]> => {
    const holder = manifests.some((m) => m.status === 'in-progress')
      ? await holderOf(store, `endpoint-${node.endpoint}`, deps.now())
      : undefined;
    return manifests.map((manifest) => ({
      kind: 'release',
      id: `${node.id}/${manifest.releaseId}`,
      name: manifest.releaseId,
      environment: node.environment,
      endpoint: node.endpoint,
      manifest,
      live: manifest.releaseId === node.live,
      standing: standingOfRelease(manifest, holder),
      place: 'endpoint',
      activityId: null,
    }));
  };
  // One more than a page tells whether there is more; the rest is read only when somebody asks for it.
  const first = await listManifests(store, node.endpoint, releasesPerPage + 1);
  if (first.length === 0) {
    const text = deps.l10n.t('Nothing was released to {0} yet.', node.environment);
    yield { nodes: [emptyNode(node.id, text)], more: false };
    return;
  }
  const more = first.length > releasesPerPage;
  yield { nodes: await nodesOf(first.slice(0, releasesPerPage)), more };
  if (!more) return;
  const all = await listManifests(store, node.endpoint);
  yield* inPages(all.slice(releasesPerPage), releasesPerPage, nodesOf);
}
