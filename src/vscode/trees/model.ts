import type { Ticket } from '../connection';
import type { Loaded, Page } from './loaders/support';
import type { NodeOf, TreeNode } from './node';

export interface TreeModelOptions {
  /** Under which the tree is shown; undefined when there is nothing to show, so that the view says welcome. */
  ticket(): Ticket | undefined;
  isCurrent(ticket: Ticket): boolean;
  load(ticket: Ticket, node: TreeNode | undefined, filter: string): Loaded;
  /** Forgets what loaders remember, before something is read anew on purpose. */
  forget(): void;
  /** `node` is to be shown anew, or everything. */
  changed(node: TreeNode | undefined): void;
  /** The node that stands for an answer that did not come in time. */
  late(parent: string, ticket: Ticket): TreeNode;
  /** The node that stands for what a loader threw after all. */
  failed(parent: string, ticket: Ticket, error: unknown): TreeNode;
  /** Whether a node is shown under a filter; loaders that can ask for less do so before. */
  matches(node: TreeNode, filter: string): boolean;
  /** What is shown when a filter leaves nothing. */
  nothingFound(parent: string, filter: string): TreeNode;
  /** How many answers are waited for. */
  waiting?(count: number, ticket: Ticket): void;
  /** Nodes of a list that comes in one piece; 50. */
  pageSize?: number;
  /** How long a spinner may turn; 30. */
  deadlineSeconds?: number;
}

interface Branch {
  nodes: TreeNode[];
  /** What is behind "Load more". */
  rest: AsyncIterator<Page> | undefined;
  loading: boolean;
}

/**
 * The nodes of one view and when to ask for them: cached under the connection's key, paged, filtered, with a deadline
 * for every wait. Answers to a question of an earlier generation are dropped. Knows nothing of VS Code.
 */
export class TreeModel {
  readonly #branches = new Map<string, Branch>();
  /** What is waited for; it resolves to undefined when nobody wants it any more. */
  readonly #loading = new Map<string, Promise<Branch | undefined>>();
  /** Branches in whose place a late node is shown. */
  readonly #overdue = new Set<string>();
  readonly #nodes = new Map<string, TreeNode>();
  readonly #parents = new Map<string, string>();
  #filter = '';
  #reloading: Promise<void> = Promise.resolve();
  /** Who waits for the next {@link reset}. */
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly options: TreeModelOptions) {}

  get filter(): string {
    return this.#filter;
  }

  /** The nodes shown below `parent`, or the first level. Never rejects; a node of another environment has none. */
  async children(parent?: TreeNode): Promise<TreeNode[]> {
    const ticket = this.options.ticket();
    if (!ticket) return [];
    if (!this.options.isCurrent(ticket)) return this.#renewed(ticket, parent);
    if (parent && !belongsTo(parent, ticket)) return [];
    const id = parent?.id ?? ticket.key;
    const known = this.#branches.get(id);
    if (known) return this.#shown(id, known);
    const loading = this.#loading.get(id) ?? this.#start(ticket, id, parent);
    const branch = await inTime(loading, this.#deadline);
    if (branch === 'late' && this.#loading.get(id) === loading) {
      this.#overdue.add(id);
      return this.#register(id, [this.options.late(id, ticket)]);
    }
    if (branch !== 'late' && branch !== undefined) return this.#shown(id, branch);
    // Dropped: the answer to a question that was asked before a switch or a refresh. Whoever waited gets today's.
    return this.children(parent);
  }

  /** The parent of a node that was shown; undefined for the first level. */
  parent(node: TreeNode): TreeNode | undefined {
    const id = this.#parents.get(node.id);
    return id === undefined ? undefined : this.#nodes.get(id);
  }

  /** The node as it is shown now. */
  node(id: string): TreeNode | undefined {
    return this.#nodes.get(id);
  }

  /** What is loaded of the first level, whatever the filter, without asking for anything. */
  roots(): TreeNode[] {
    const ticket = this.options.ticket();
    return (ticket && this.#branches.get(ticket.key)?.nodes) ?? [];
  }

  /** Every node that is loaded. */
  loaded(): TreeNode[] {
    return [...this.#branches.values()].flatMap((branch) => branch.nodes);
  }

  /** Reads a node's children anew, or everything; what stands for others (an error, "Load more") means its parent. */
  refresh(node?: TreeNode): void {
    const isPart = node && ['error', 'empty', 'loadMore'].includes(node.kind);
    const stands = isPart ? this.#parents.get(node.id) : node?.id;
    this.options.forget();
    const ticket = this.options.ticket();
    if (stands === undefined || stands === ticket?.key) {
      this.#drop();
      this.options.changed(undefined);
      return;
    }
    this.#drop(stands);
    this.options.changed(this.#nodes.get(stands));
  }

  /** Forgets everything: the connection is another one. */
  reset(): void {
    for (const go of this.#waiting.splice(0)) go();
    this.#drop();
    this.#nodes.clear();
    this.#parents.clear();
    this.options.changed(undefined);
  }

  /** Shows only what holds the text; the empty text shows all. */
  setFilter(text: string): void {
    if (text === this.#filter) return;
    this.#filter = text;
    this.#drop();
    this.options.changed(undefined);
  }

  /** Appends the next page below the parent of a "Load more" node. */
  async loadMore(more: NodeOf<'loadMore'>): Promise<void> {
    const ticket = this.options.ticket();
    const branch = this.#branches.get(more.parent);
    if (!ticket || !branch?.rest || branch.loading) return;
    branch.loading = true;
    this.#changed(more.parent, ticket);
    const page = await inTime(this.#pull(branch.rest, more.parent, ticket), this.#deadline);
    branch.loading = false;
    if (!this.options.isCurrent(ticket) || this.#branches.get(more.parent) !== branch) return;
    append(branch, page === 'late' ? lastPage(this.options.late(more.parent, ticket)) : page);
    this.#changed(more.parent, ticket);
  }

  /**
   * Reads again what is shown below these nodes (ids; the connection's key is the first level), or everything that is
   * loaded, without a spinner, and shows what is different. Failures change nothing: what is shown stays. One after the
   * other, so that an answer never takes the place of a later one.
   */
  reload(ids?: readonly string[]): Promise<void> {
    const done = new Set<string>();
    const ticket = this.options.ticket();
    this.#reloading = this.#reloading.then(async () => {
      if (!ticket) return;
      for (const id of ids ?? [...this.#branches.keys()]) await this.#reload(ticket, id, done);
    });
    return this.#reloading;
  }

  /** The ids of what is loaded and holds a node like that, itself or below: for polling. */
  holding(isLike: (node: TreeNode) => boolean): string[] {
    const ids: string[] = [];
    for (const [id, branch] of this.#branches) {
      const own = this.#nodes.get(id);
      if (branch.nodes.some(isLike) || (own && isLike(own))) ids.push(id);
    }
    return ids;
  }

  async #reload(ticket: Ticket, id: string, done: Set<string>): Promise<void> {
    const before = this.#branches.get(id);
    if (!before || before.loading || done.has(id) || !this.options.isCurrent(ticket)) return;
    done.add(id);
    const node = this.#nodes.get(id);
    if (!node && id !== ticket.key) return;
    const after = await this.#first(ticket, id, node);
    while (after.rest && after.nodes.length < before.nodes.length) {
      append(after, await this.#pull(after.rest, id, ticket));
    }
    if (!this.options.isCurrent(ticket) || this.#branches.get(id) !== before || isFailed(after)) return;
    const earlier = new Map(before.nodes.map((n) => [n.id, JSON.stringify(n)]));
    const changed = after.nodes.filter((n) => earlier.get(n.id) !== JSON.stringify(n));
    const hasOrder = after.nodes.length === before.nodes.length && changed.length === 0;
    if (hasOrder && after.nodes.every((n, i) => n.id === before.nodes[i]?.id)) return;
    this.#branches.set(id, after);
    // Known at once: what is read below them next is made from them as they are now.
    this.#shown(id, after);
    this.#changed(id, ticket);
    for (const child of changed) await this.#reload(ticket, child.id, done);
  }

  /** In the middle of a switch: the connection has let go of one ticket and has not yet the next. */
  async #renewed(ticket: Ticket, parent: TreeNode | undefined): Promise<TreeNode[]> {
    const renewed = new Promise<void>((go) => this.#waiting.push(go));
    await inTime(renewed, this.#deadline);
    return this.options.ticket() === ticket ? [] : this.children(parent);
  }

  #start(ticket: Ticket, id: string, parent: TreeNode | undefined): Promise<Branch | undefined> {
    const loading = this.#first(ticket, id, parent).then((branch) => {
      if (this.#loading.get(id) !== loading) return undefined;
      this.#loading.delete(id);
      this.#tellWaiting(ticket);
      if (!this.options.isCurrent(ticket)) return undefined;
      // An error is shown and not kept: looking again tries again.
      if (!isFailed(branch)) this.#branches.set(id, branch);
      if (this.#overdue.delete(id)) this.#changed(id, ticket);
      return branch;
    });
    this.#loading.set(id, loading);
    this.#tellWaiting(ticket);
    return loading;
  }

  async #first(ticket: Ticket, id: string, parent: TreeNode | undefined): Promise<Branch> {
    const rest = toPages(() => this.options.load(ticket, parent, this.#filter), this.options.pageSize ?? 50);
    const page = await this.#pull(rest, id, ticket);
    return { nodes: page.nodes, rest: page.more ? rest : undefined, loading: false };
  }

  /** The next page that has something to show. */
  async #pull(rest: AsyncIterator<Page>, parent: string, ticket: Ticket): Promise<Page> {
    try {
      for (;;) {
        const { value, done } = await rest.next();
        if (done) return { nodes: [], more: false };
        if (!value.more || value.nodes.some((node) => this.#isShown(node))) return value;
      }
    } catch (error) {
      return lastPage(this.options.failed(parent, ticket, error));
    }
  }

  #isShown(node: TreeNode): boolean {
    return this.#filter === '' || this.options.matches(node, this.#filter);
  }

  get #deadline(): number {
    return this.options.deadlineSeconds ?? 30;
  }

  #shown(id: string, branch: Branch): TreeNode[] {
    const { rest, loading } = branch;
    const nodes = branch.nodes.filter((node) => this.#isShown(node));
    if (nodes.length === 0 && !rest && this.#filter !== '' && id === this.options.ticket()?.key)
      return this.#register(id, [this.options.nothingFound(id, this.#filter)]);
    if (!rest) return this.#register(id, nodes);
    const more: TreeNode = {
      kind: 'loadMore',
      id: `${id}/more`,
      parent: id,
      shown: nodes.length,
      loading,
    };
    return this.#register(id, [...nodes, more]);
  }

  #register(parent: string, nodes: TreeNode[]): TreeNode[] {
    for (const node of nodes) {
      this.#nodes.set(node.id, node);
      this.#parents.set(node.id, parent);
    }
    return nodes;
  }

  #changed(id: string, ticket: Ticket): void {
    this.options.changed(id === ticket.key ? undefined : this.#nodes.get(id));
  }

  /** Drops what was loaded below a node, itself included, or everything. */
  #drop(id?: string): void {
    for (const map of [this.#branches, this.#loading]) {
      for (const key of map.keys()) if (id === undefined || this.#isBelow(key, id)) map.delete(key);
    }
  }

  #isBelow(id: string, above: string): boolean {
    for (let at: string | undefined = id; at !== undefined; at = this.#parents.get(at)) {
      if (at === above) return true;
    }
    return false;
  }

  #tellWaiting(ticket: Ticket): void {
    this.options.waiting?.(this.#loading.size, ticket);
  }
}

function belongsTo(node: TreeNode, ticket: Ticket): boolean {
  return node.id.startsWith(`${ticket.key}/`);
}

function isFailed(branch: Branch): boolean {
  return branch.nodes.some((node) => node.kind === 'error');
}

function append(branch: Branch, page: Page): void {
  branch.nodes = [...branch.nodes, ...page.nodes];
  if (!page.more) branch.rest = undefined;
}

function lastPage(node: TreeNode): Page {
  return { nodes: [node], more: false };
}

/** A list that came in one piece, cut; or the pages as they come. */
async function* toPages(load: () => Loaded, size: number): AsyncGenerator<Page, void> {
  const loaded = load();
  if (Symbol.asyncIterator in loaded) {
    yield* loaded;
    return;
  }
  const nodes = await loaded;
  for (let start = 0; start < Math.max(nodes.length, 1); start += size) {
    yield { nodes: nodes.slice(start, start + size), more: start + size < nodes.length };
  }
}

/** What a promise resolves to, or `late`. */
async function inTime<T>(promise: Promise<T>, seconds: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
