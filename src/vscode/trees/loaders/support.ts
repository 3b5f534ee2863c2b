import type { Session } from '../../../aws/session';
import type { Store } from '../../../aws/store';
import type { Environment } from '../../../project/project';
import type { ActivityEntry } from '../../activity/entry';
import { commandIds } from '../../command-ids';
import type { Ticket } from '../../connection';
import type { Engine } from '../../engine';
import { asEngineError, needsSignIn } from '../../engine-error';
import type { L10n } from '../l10n';
import type { Memo } from '../memo';
import type { NodeOf, Remedy, TreeNode } from '../node';

/** What loaders are given; small enough to be plain objects in tests. */
export interface LoaderDeps {
  engine(): Engine;
  session(ticket: Ticket, environment: Environment): Promise<Session>;
  /** Tells the connection what a call ended with; undefined is success. */
  report(ticket: Ticket, error: unknown, environment: Environment): void;
  /** The long operations of this window, newest first. */
  activities(): readonly ActivityEntry[];
  /** Of one view; cleared when it is refreshed. */
  memo: Memo;
  l10n: L10n;
  now(): Date;
}

/** Nodes that belong together on the screen, and whether there are more behind them. */
export interface Page {
  nodes: TreeNode[];
  more: boolean;
}

export type Loaded = Promise<TreeNode[]> | AsyncIterable<Page>;

/** The nodes below `node`, or a view's first level. Answers error and empty nodes; never throws. */
export type Loader = (deps: LoaderDeps, ticket: Ticket, node: TreeNode | undefined, filter: string) => Loaded;

/** Ids are unique in their view and stable; the connection's key comes first, so that nothing outlives a switch. */
export function nodeId(ticket: Ticket, ...parts: string[]): string {
  return [ticket.key, ...parts].join('/');
}

export async function storeOf(deps: LoaderDeps, ticket: Ticket, environment: Environment): Promise<Store> {
  return new (deps.engine().Store)(await deps.session(ticket, environment), environment.bucket);
}

/** Runs a loader's work against one environment: what it throws becomes a node, and the connection hears of both ends. */
export async function guarded(
  deps: LoaderDeps,
  ticket: Ticket,
  parent: string,
  environment: Environment,
  work: () => Promise<TreeNode[]>,
): Promise<TreeNode[]> {
  try {
    const nodes = await work();
    deps.report(ticket, undefined, environment);
    return nodes;
  } catch (error) {
    deps.report(ticket, error, environment);
    return failed(deps, parent, error, environment);
  }
}

/** The same for work that comes in pages; a failure ends them with an error node. */
export async function* guardedPages(
  deps: LoaderDeps,
  ticket: Ticket,
  parent: string,
  environment: Environment,
  pages: AsyncIterable<Page>,
): AsyncGenerator<Page, void> {
  try {
    for await (const page of pages) {
      deps.report(ticket, undefined, environment);
      yield page;
    }
  } catch (error) {
    deps.report(ticket, error, environment);
    yield { nodes: failed(deps, parent, error, environment), more: false };
  }
}

function failed(deps: LoaderDeps, parent: string, error: unknown, environment: Environment): TreeNode[] {
  const node = errorNode(deps.l10n, parent, error, environment);
  return node ? [node] : [];
}

/** An error as a node with its way out; undefined for a cancellation, which is none. */
export function errorNode(
  l10n: L10n,
  parent: string,
  error: unknown,
  environment: Environment,
): NodeOf<'error'> | undefined {
  const { code, kind, message, remedy } = asEngineError(error);
  if (kind === 'cancelled') return undefined;
  const node: NodeOf<'error'> = {
    kind: 'error',
    id: `${parent}/error`,
    code,
    text: message,
    advice: remedy ?? null,
  };
  node.remedy = remedyOf(l10n, code, environment) ?? {
    title: l10n.t('Try Again'),
    command: commandIds.refreshNode,
    arguments: [{ ...node }],
  };
  return node;
}

function remedyOf(l10n: L10n, code: string, environment: Environment): Remedy | undefined {
  if (code === 'aws.unknown-profile' || code === 'aws.wrong-account' || code === 'connection.no-profile') {
    const title = l10n.t('Choose a Profile for {0}', environment.name);
    return { title, command: commandIds.chooseProfile, arguments: [environment.name] };
  }
  if (needsSignIn(code)) {
    const title = l10n.t('Sign In to {0}', environment.name);
    return { title, command: commandIds.signIn, arguments: [environment.name] };
  }
  if (code.startsWith('project.'))
    return { title: l10n.t('Open Project File'), command: commandIds.openProjectFile };
  return undefined;
}

export function emptyNode(parent: string, text: string, remedy?: Remedy): NodeOf<'empty'> {
  return { kind: 'empty', id: `${parent}/empty`, text, ...(remedy ? { remedy } : {}) };
}

/** Items cut into pages, each made into nodes when it is asked for. */
export async function* inPages<T>(
  items: readonly T[],
  size: number,
  toNodes: (items: readonly T[]) => Promise<TreeNode[]>,
): AsyncGenerator<Page, void> {
  for (let start = 0; start < items.length; start += size) {
    const end = start + size;
    yield { nodes: await toNodes(items.slice(start, end)), more: end < items.length };
  }
}
