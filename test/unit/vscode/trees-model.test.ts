import assert from 'node:assert/strict';
import type { Ticket } from '../../../src/vscode/connection';
import { matches } from '../../../src/vscode/trees/filter';
import type { Loaded, Page } from '../../../src/vscode/trees/loaders/support';
import { TreeModel } from '../../../src/vscode/trees/model';
import type { NodeOf, TreeNode } from '../../../src/vscode/trees/node';

/** The model looks at nothing of a ticket but its key and whether it is the present one. */
function ticket(key: string): Ticket {
  const registry = {
    name: key,
    accountId: '111111111111',
    region: 'us-east-1',
    bucket: 'b',
    executionRoleArn: 'arn',
    protected: false,
  };
  return { environment: registry, profile: undefined, key, generation: 0, project: {} } as Ticket;
}

const a = ticket('a');
const b = ticket('b');

function model(key: string, name: string): NodeOf<'model'> {
  return {
    kind: 'model',
    id: `${key}/${name}`,
    model: name,
    packageGroup: name,
    pending: 0,
    latest: 1,
    problem: null,
  };
}

const many = (key: string, count: number) =>
  Array.from({ length: count }, (_, i) => model(key, `m${String(i).padStart(4, '0')}`));

const errorIn = (parent: string, code: string): TreeNode => ({
  kind: 'error',
  id: `${parent}/error`,
  code,
  text: code,
  advice: null,
});

/** A promise that the test settles. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A model over a loader, and what it told its view. */
function modelOver(
  load: (ticket: Ticket, node: TreeNode | undefined, filter: string) => Loaded,
  options: { deadlineSeconds?: number } = {},
) {
  const world = { ticket: a as Ticket | undefined, changed: [] as (string | undefined)[], forgot: 0 };
  const tree = new TreeModel({
    ticket: () => world.ticket,
    isCurrent: (ticket) => ticket === world.ticket,
    load,
    matches,
    forget: () => {
      world.forgot += 1;
    },
    changed: (node) => world.changed.push(node?.id),
    late: (parent) => errorIn(parent, 'late'),
    failed: (parent, _, error) => errorIn(parent, String(error)),
    nothingFound: (parent) => ({ kind: 'empty', id: `${parent}/empty`, text: 'nothing' }),
    ...options,
  });
  const names = async (parent?: TreeNode) =>
    (await tree.children(parent)).map((n) => (n.kind === 'model' ? n.model : n.kind));
  return { tree, world, names };
}

const moreOf = (nodes: TreeNode[]): NodeOf<'loadMore'> => {
  const last = nodes.at(-1);
  assert.equal(last?.kind, 'loadMore');
  return last as NodeOf<'loadMore'>;
};

describe('a tree that is looked at', () => {
  it('asks once, however often it is looked at', async () => {
    let asked = 0;
    const { tree } = modelOver(async () => {
      asked += 1;
      return many('a', 2);
    });
    await Promise.all([tree.children(), tree.children()]);
    await tree.children();
    assert.equal(asked, 1);
  });

  it('shows nothing without a connection', async () => {
    const { tree, world } = modelOver(async () => many('a', 2));
    world.ticket = undefined;
    assert.deepEqual(await tree.children(), []);
  });

  it('tells the parent of what it has shown', async () => {
    const { tree } = modelOver(async (_, node) => [model(node?.id ?? 'a', 'm')]);
    const [parent] = await tree.children();
    const [child] = await tree.children(parent);
    assert.ok(parent && child);
    assert.equal(tree.parent(child), parent);
    assert.equal(tree.parent(parent), undefined);
  });

  it('shows an error, does not keep it, and asks again when looked at again', async () => {
    let asked = 0;
    const { names } = modelOver(async () => (++asked === 1 ? [errorIn('a', 'x')] : many('a', 1)));
    assert.deepEqual(await names(), ['error']);
    assert.deepEqual(await names(), ['m0000']);
  });

  it('makes a node of what a loader throws after all', async () => {
    const { names } = modelOver(() => {
      throw new Error('broken');
    });
    assert.deepEqual(await names(), ['error']);
  });
});

describe('answers that come late', () => {
  it('are dropped after a switch: nothing of the old environment is shown under the new', async () => {
    const slow = deferred<TreeNode[]>();
    const { tree, world, names } = modelOver((ticket) =>
      ticket === a ? slow.promise : Promise.resolve([model('b', 'of-b')]),
    );
    const asked = names();
    world.ticket = b;
    tree.reset();
    slow.resolve([model('a', 'of-a')]);
    assert.deepEqual(await asked, ['of-b'], 'who waited gets what is true now');
    assert.deepEqual(await names(), ['of-b']);
    assert.equal(tree.node('a/of-a'), undefined);
  });

  it('are dropped after a switch in the middle of a page', async () => {
    const second = deferred<Page>();
    async function* pages(): AsyncGenerator<Page> {
      yield { nodes: [model('a', 'first')], more: true };
      yield await second.promise;
    }
    const { tree, world, names } = modelOver((ticket) =>
      ticket === a ? pages() : Promise.resolve([model('b', 'of-b')]),
    );
    const loading = tree.loadMore(moreOf(await tree.children()));
    world.ticket = b;
    tree.reset();
    second.resolve({ nodes: [model('a', 'second')], more: false });
    await loading;
    assert.deepEqual(await names(), ['of-b']);
  });

  it('are dropped after a refresh', async () => {
    const slow = deferred<TreeNode[]>();
    let asked = 0;
    const { tree, names } = modelOver(() =>
      ++asked === 1 ? slow.promise : Promise.resolve([model('a', 'new')]),
    );
    const waiting = names();
    tree.refresh();
    assert.deepEqual(await names(), ['new']);
    slow.resolve([model('a', 'old')]);
    assert.deepEqual(await waiting, ['new']);
    assert.deepEqual(await names(), ['new']);
  });

  it('wait for the new environment when they are asked for in the middle of a switch', async () => {
    const world = { ticket: a, switching: true };
    const tree = new TreeModel({
      ticket: () => world.ticket,
      isCurrent: () => !world.switching,
      load: async (ticket) => [model(ticket.key, `of-${ticket.key}`)],
      matches,
      forget: () => {},
      changed: () => {},
      late: (parent) => errorIn(parent, 'late'),
      failed: (parent) => errorIn(parent, 'failed'),
      nothingFound: (parent) => errorIn(parent, 'nothing'),
    });
    const asked = tree.children();
    world.ticket = b;
    world.switching = false;
    tree.reset();
    assert.deepEqual(
      (await asked).map((node) => node.id),
      ['b/of-b'],
    );
  });

  it('mean nothing to a node of another environment', async () => {
    const { tree } = modelOver(async (_, node) => (node ? many('a', 1) : []));
    assert.deepEqual(await tree.children(model('b', 'm')), []);
  });

  it('are shown when they come, though their time was over', async () => {
    const slow = deferred<TreeNode[]>();
    const { world, names } = modelOver(() => slow.promise, { deadlineSeconds: 0.01 });
    assert.deepEqual(await names(), ['error'], 'no spinner turns for ever');
    slow.resolve([model('a', 'm')]);
    await new Promise(setImmediate);
    assert.deepEqual(world.changed, [undefined], 'the view is told');
    assert.deepEqual(await names(), ['m']);
  });
});

describe('a long list', () => {
  it('comes in pages of fifty: 1,200 items in 24, each once', async () => {
    const { tree } = modelOver(async () => many('a', 1200));
    let nodes = await tree.children();
    assert.equal(nodes.length, 51);
    let pages = 1;
    while (nodes.at(-1)?.kind === 'loadMore') {
      assert.equal(moreOf(nodes).shown, pages * 50);
      await tree.loadMore(moreOf(nodes));
      nodes = await tree.children();
      pages += 1;
    }
    assert.equal(pages, 24);
    assert.deepEqual(
      nodes.map((n) => n.id),
      many('a', 1200).map((n) => n.id),
    );
  });

  it('asks for a page when somebody wants it, and not before', async () => {
    let asked = 0;
    async function* pages(): AsyncGenerator<Page> {
      for (;;) {
        asked += 1;
        yield { nodes: [model('a', `m${asked}`)], more: asked < 3 };
      }
    }
    const { tree, names } = modelOver(() => pages());
    assert.deepEqual(await names(), ['m1', 'loadMore']);
    assert.equal(asked, 1);
    await tree.loadMore(moreOf(await tree.children()));
    assert.equal(asked, 2);
    await tree.loadMore(moreOf(await tree.children()));
    assert.deepEqual(await names(), ['m1', 'm2', 'm3']);
  });

  it('loads a page once, though "Load more" is pressed twice', async () => {
    const { tree } = modelOver(async () => many('a', 200));
    const more = moreOf(await tree.children());
    await Promise.all([tree.loadMore(more), tree.loadMore(more)]);
    assert.equal((await tree.children()).length, 101);
  });

  it('shows on its line that it loads, and keeps what it has when a page fails', async () => {
    const second = deferred<void>();
    async function* pages(): AsyncGenerator<Page> {
      yield { nodes: [model('a', 'm1')], more: true };
      await second.promise;
      throw new Error('throttled');
    }
    const { tree, names } = modelOver(() => pages());
    const loading = tree.loadMore(moreOf(await tree.children()));
    assert.equal(moreOf(await tree.children()).loading, true);
    second.resolve();
    await loading;
    assert.deepEqual(await names(), ['m1', 'error']);
  });

  it('begins anew when the error below it is refreshed', async () => {
    let failing = true;
    async function* pages(): AsyncGenerator<Page> {
      yield { nodes: [model('a', 'm1')], more: true };
      if (failing) throw new Error('throttled');
      yield { nodes: [model('a', 'm2')], more: false };
    }
    const { tree, names, world } = modelOver(() => pages());
    await tree.loadMore(moreOf(await tree.children()));
    const error = (await tree.children()).at(-1);
    failing = false;
    tree.refresh(error);
    assert.equal(world.forgot, 1);
    await tree.loadMore(moreOf(await tree.children()));
    assert.deepEqual(await names(), ['m1', 'm2']);
  });
});

describe('a refresh', () => {
  it('of a node reads what is below it, and nothing else', async () => {
    const asked: string[] = [];
    const { tree, world } = modelOver(async (_, node) => {
      asked.push(node?.id ?? 'root');
      return node ? [model(node.id, 'child')] : [model('a', 'x'), model('a', 'y')];
    });
    const [x, y] = await tree.children();
    await tree.children(x);
    await tree.children(y);
    tree.refresh(x);
    assert.deepEqual(world.changed, ['a/x']);
    await tree.children();
    await tree.children(x);
    await tree.children(y);
    assert.deepEqual(asked, ['root', 'a/x', 'a/y', 'a/x']);
  });

  it('without a spinner shows what is different, and only then', async () => {
    let latest = 1;
    const { tree, world } = modelOver(async () => [{ ...model('a', 'm'), latest }]);
    await tree.children();
    await tree.reload(['a']);
    assert.deepEqual(world.changed, []);
    latest = 2;
    await tree.reload(['a']);
    assert.deepEqual(world.changed, [undefined]);
    assert.deepEqual(await tree.children(), [{ ...model('a', 'm'), latest: 2 }]);
  });

  it('without a spinner keeps what is shown when it fails', async () => {
    let failing = false;
    const { tree, names } = modelOver(async () => (failing ? [errorIn('a', 'x')] : [model('a', 'm')]));
    await tree.children();
    failing = true;
    await tree.reload(['a']);
    assert.deepEqual(await names(), ['m']);
  });

  it('without a spinner keeps as many pages as were open', async () => {
    let count = 120;
    const { tree } = modelOver(async () => many('a', count));
    await tree.loadMore(moreOf(await tree.children()));
    count = 119;
    await tree.reload(['a']);
    assert.equal((await tree.children()).length, 101);
    assert.equal(moreOf(await tree.children()).shown, 100);
  });

  it('without a spinner goes on to what is open below a node that changed', async () => {
    let latest = 1;
    const { tree, names } = modelOver(async (_, node) =>
      node ? [model(node.id, `child-${latest}`)] : [{ ...model('a', 'm'), latest }],
    );
    const [parent] = await tree.children();
    await tree.children(parent);
    latest = 2;
    await tree.reload(['a']);
    assert.deepEqual(await names(parent), ['child-2']);
  });

  it('without a spinner makes what is below a changed node from the node as it is now', async () => {
    let latest = 1;
    const { tree, names } = modelOver(async (_, node) =>
      node?.kind === 'model' ? [model(node.id, `child-${node.latest}`)] : [{ ...model('a', 'm'), latest }],
    );
    const [parent] = await tree.children();
    await tree.children(parent);
    latest = 2;
    await tree.reload();
    assert.deepEqual(await names(parent), ['child-2']);
  });

  it('without a spinner reads everything that is open, each once', async () => {
    const asked: string[] = [];
    const { tree } = modelOver(async (_, node) => {
      asked.push(node?.id ?? 'root');
      return node
        ? [model(node.id, 'child')]
        : [{ ...model('a', 'x'), latest: asked.length }, model('a', 'y')];
    });
    const [x] = await tree.children();
    await tree.children(x);
    asked.length = 0;
    await tree.reload();
    assert.deepEqual(asked, ['root', 'a/x']);
  });

  it('never lets an answer take the place of a later one', async () => {
    const answers = [deferred<TreeNode[]>(), deferred<TreeNode[]>()];
    let asked = -1;
    const { tree, names } = modelOver(() =>
      ++asked === 0 ? Promise.resolve([]) : (answers[asked - 1]?.promise ?? Promise.resolve([])),
    );
    await tree.children();
    const both = Promise.all([tree.reload(['a']), tree.reload(['a'])]);
    answers[1]?.resolve([model('a', 'later')]);
    answers[0]?.resolve([model('a', 'earlier')]);
    await both;
    assert.deepEqual(await names(), ['later']);
  });

  it('is asked for by what is under way: the list that holds it, and what is open below it', async () => {
    const { tree } = modelOver(async (_, node) => [model(node?.id ?? 'a', 'm')]);
    const [parent] = await tree.children();
    await tree.children(parent);
    assert.deepEqual(
      tree.holding((n) => n.id === 'a/m'),
      ['a', 'a/m'],
    );
    assert.deepEqual(
      tree.holding((n) => n.id === 'a/m/m'),
      ['a/m'],
    );
  });
});

describe('a filter', () => {
  it('shows what holds the text, in whatever case, and says so when nothing does', async () => {
    const { tree, names } = modelOver(async () => [model('a', 'delay-ord'), model('a', 'fare')]);
    tree.setFilter('DELAY');
    assert.deepEqual(await names(), ['delay-ord']);
    tree.setFilter('nowhere');
    assert.deepEqual(await names(), ['empty']);
    tree.setFilter('');
    assert.deepEqual(await names(), ['delay-ord', 'fare']);
  });

  it('is handed to the loader, which may ask AWS for less', async () => {
    const filters: string[] = [];
    const { tree, names } = modelOver(async (_, __, filter) => {
      filters.push(filter);
      return [];
    });
    tree.setFilter('x');
    await names();
    assert.deepEqual(filters, ['x']);
  });

  it('passes over pages that hold nothing of it', async () => {
    async function* pages(): AsyncGenerator<Page> {
      for (let i = 0; i < 5; i++) yield { nodes: [model('a', `m${i}`)], more: i < 4 };
    }
    const { tree, names } = modelOver(() => pages());
    tree.setFilter('m3');
    assert.deepEqual(await names(), ['m3', 'loadMore']);
  });

  it('leaves the first level known as it is, so that counts count all', async () => {
    const { tree, names } = modelOver(async () => many('a', 3));
    tree.setFilter('m0001');
    await names();
    assert.equal(tree.roots().length, 3);
  });
});
