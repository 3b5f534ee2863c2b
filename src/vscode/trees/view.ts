import * as vscode from 'vscode';
import { commandIds, viewIds } from '../command-ids';
import type { ConnectionState, Ticket } from '../connection';
import type { Services } from '../services';
import { pollInterval } from '../settings';
import { matches } from './filter';
import { emptyNode, errorNode, type Loader, type LoaderDeps } from './loaders/support';
import { Memo } from './memo';
import { TreeModel } from './model';
import type { TreeNode } from './node';
import { isPending } from './pending';
import { Poll } from './poll';
import { render } from './render/render';
import { summaryOf, type ViewName } from './summary';
import { toTreeItem } from './tree-item';

/** A wait that lasts longer than this says what it waits for. */
const patienceSeconds = 2;
const deadlineSeconds = 30;
/** What was read longer ago is read again when somebody comes back to it. */
const freshSeconds = 30;

/** One view: its nodes, when they are read, and what stands around them. */
export class View implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly model: TreeModel;
  readonly tree: vscode.TreeView<TreeNode>;
  readonly #changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #settled = new vscode.EventEmitter<void>();
  /** Something that was under way has come to its end: other views may have news. */
  readonly onDidSettle = this.#settled.event;
  readonly #memo = new Memo();
  readonly #poll = new Poll(
    () => this.#ask(),
    () => pollInterval() / 1000,
  );
  readonly #disposables: vscode.Disposable[];
  #ticket: Ticket | undefined;
  #waiting: NodeJS.Timeout | undefined;
  #readAt = Date.now();
  #wish: { forget: boolean } | undefined;
  #reloading: Promise<void> | undefined;

  constructor(
    readonly name: ViewName,
    private readonly services: Services,
    private readonly load: Loader,
  ) {
    const { connection } = services;
    this.#ticket = shownUnder(connection.state);
    this.model = new TreeModel({
      ticket: () => shownUnder(connection.state),
      isCurrent: (ticket) => connection.isCurrent(ticket),
      load: (ticket, node, filter) => this.load(this.#deps(), ticket, node, filter),
      forget: () => this.#forget(),
      changed: (node) => this.#show(node),
      matches,
      late: (parent, ticket) => lateNode(parent, ticket),
      failed: (parent, ticket, error) => failedNode(parent, ticket, error),
      nothingFound: (parent, filter) => this.#nothingFound(parent, filter),
      waiting: (count, ticket) => this.#tellWaiting(count, ticket),
      deadlineSeconds,
    });
    this.tree = vscode.window.createTreeView(viewIds[name], {
      treeDataProvider: this,
      showCollapseAll: true,
      // Several versions are compared at once; all else is done with the one that was clicked.
      canSelectMany: name !== 'activity' && name !== 'lineage',
    });
    this.#disposables = [
      this.tree,
      this.#changed,
      this.#settled,
      connection.onDidChange((state) => this.#connected(state)),
      this.tree.onDidChangeVisibility(({ visible }) => this.#seen(visible)),
      vscode.window.onDidChangeWindowState(({ focused }) => focused && this.#lookAgain()),
    ];
    if (this.tree.visible) this.#poll.start();
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return toTreeItem(node, render(node, { l10n: vscode.l10n, now: new Date() }));
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    const nodes = await this.model.children(node);
    if (node === undefined) this.#summarize();
    this.#poll.start();
    if (!this.tree.visible) this.#poll.stop();
    return nodes;
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return this.model.parent(node);
  }

  refresh(node?: TreeNode): void {
    this.model.refresh(node);
  }

  /**
   * Reads what is shown again and shows what is different, without a spinner. With `forget` AWS is asked for all that is
   * open; without, the first level is made anew of what is known and of this window's own news. Wishes that come while
   * one is being fulfilled become one.
   */
  reload(wish: { forget: boolean }): Promise<void> {
    // A hidden view is read when somebody looks at it; only the number on the icon is seen all the same.
    if (wish.forget && !this.tree.visible && this.name !== 'approvals') {
      this.model.refresh();
      return Promise.resolve();
    }
    this.#wish = { forget: wish.forget || this.#wish?.forget === true };
    this.#reloading ??= this.#reloadAsWished().finally(() => {
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  setFilter(text: string): void {
    this.model.setFilter(text);
    this.#tellMessage();
    void vscode.commands.executeCommand('setContext', `${viewIds[this.name]}.filtered`, text !== '');
  }

  dispose(): void {
    this.#poll.stop();
    clearTimeout(this.#waiting);
    for (const each of this.#disposables) each.dispose();
  }

  #deps(): LoaderDeps {
    const { connection, engine, activity } = this.services;
    return {
      engine,
      // What nobody will be shown asks AWS for nothing more.
      session: (ticket, environment) =>
        connection.isCurrent(ticket)
          ? connection.session(ticket, environment)
          : Promise.reject(new vscode.CancellationError()),
      report: (ticket, error, environment) => connection.report(ticket, error, environment),
      activities: () => activity.entries(),
      memo: this.#memo,
      l10n: vscode.l10n,
      now: () => new Date(),
    };
  }

  /** A new ticket makes everything anew; the same one in another state changes what is shown under it. */
  #connected(state: ConnectionState): void {
    const ticket = shownUnder(state);
    if (ticket === this.#ticket) return;
    this.#ticket = ticket;
    this.#forget();
    this.model.reset();
    this.#summarize();
  }

  async #reloadAsWished(): Promise<void> {
    while (this.#wish) {
      const { forget } = this.#wish;
      this.#wish = undefined;
      if (forget) this.#forget();
      const root = shownUnder(this.services.connection.state)?.key;
      await this.model.reload(forget || root === undefined ? undefined : [root]);
      this.#summarize();
    }
  }

  #seen(visible: boolean): void {
    if (!visible) this.#poll.stop();
    else {
      this.#poll.start();
      this.#lookAgain();
    }
  }

  /** Other machines and schedules go on while nobody looks. */
  #lookAgain(): void {
    if (this.tree.visible && Date.now() - this.#readAt > freshSeconds * 1000)
      void this.reload({ forget: true });
  }

  #forget(): void {
    this.#memo.clear();
    this.#readAt = Date.now();
  }

  /** One round of polling: what holds something that is under way is read again. */
  async #ask(): Promise<boolean> {
    const ids = this.model.holding(isPending);
    if (ids.length === 0) return false;
    const before = this.#pending();
    this.#forget();
    await this.model.reload(ids);
    this.#summarize();
    const now = this.#pending();
    if ([...before].some((id) => !now.has(id))) this.#settled.fire();
    return true;
  }

  #pending(): Set<string> {
    return new Set(this.model.loaded().flatMap((node) => (isPending(node) ? [node.id] : [])));
  }

  #show(node: TreeNode | undefined): void {
    this.#changed.fire(node);
  }

  #summarize(): void {
    const { description, badge } = summaryOf(this.name, this.model.roots(), vscode.l10n);
    this.tree.description = description;
    this.tree.badge = badge ?? undefined;
  }

  #tellWaiting(count: number, ticket: Ticket): void {
    clearTimeout(this.#waiting);
    this.#tellMessage();
    if (count === 0) return;
    this.#waiting = setTimeout(() => this.#tellMessage(ticket), patienceSeconds * 1000);
  }

  #tellMessage(waitingFor?: Ticket): void {
    const { filter } = this.model;
    const parts = [
      filter === '' ? '' : vscode.l10n.t('Filter: {0}', filter),
      waitingFor ? vscode.l10n.t('Waiting for AWS ({0})…', placeOf(waitingFor)) : '',
    ].filter(Boolean);
    this.tree.message = parts.join(' · ') || undefined;
  }

  #nothingFound(parent: string, filter: string): TreeNode {
    return emptyNode(parent, vscode.l10n.t('Nothing holds "{0}".', filter), {
      title: vscode.l10n.t('Clear Filter'),
      command: commandIds.clearFilter,
      arguments: [viewIds[this.name]],
    });
  }
}

/** Under a ticket that AWS turned down nothing is shown, so that the view's welcome says what to do. */
function shownUnder(state: ConnectionState): Ticket | undefined {
  return state.kind === 'ok' || state.kind === 'unchecked' ? state.ticket : undefined;
}

function placeOf({ environment }: Ticket): string {
  return [environment.name, environment.accountId, environment.region].join(', ');
}

function lateNode(parent: string, ticket: Ticket): TreeNode {
  const node: TreeNode = {
    kind: 'error',
    id: `${parent}/error`,
    code: 'vscode.late',
    text: vscode.l10n.t('No answer after {0} seconds from {1}.', deadlineSeconds, placeOf(ticket)),
    advice: vscode.l10n.t('It is shown when it comes. Check the network, or try again.'),
  };
  const remedy = { title: vscode.l10n.t('Try Again'), command: commandIds.refreshNode };
  return { ...node, remedy: { ...remedy, arguments: [{ ...node }] } };
}

function failedNode(parent: string, ticket: Ticket, error: unknown): TreeNode {
  const node = errorNode(vscode.l10n, parent, error, ticket.environment);
  return node ?? emptyNode(parent, vscode.l10n.t('Cancelled.'));
}
