import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../src/vscode/command-ids';
import type { NodeKind, NodeOf, TreeNode } from '../../src/vscode/trees/node';
import type { ViewName } from '../../src/vscode/trees/summary';
import { connect, recorded, sandbox, services, until, withFile } from './support';
import { models, trainedProject, warmstart } from './trained';

const names: ViewName[] = ['approvals', 'models', 'lineage', 'endpoints', 'activity'];

const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(command, ...args);

async function viewOf(name: ViewName) {
  return (await services()).views[name];
}

async function children(name: ViewName, node?: TreeNode): Promise<TreeNode[]> {
  return (await viewOf(name)).getChildren(node);
}

async function itemOf(name: ViewName, node: TreeNode): Promise<vscode.TreeItem> {
  return (await viewOf(name)).getTreeItem(node);
}

function of<K extends NodeKind>(kind: K, nodes: TreeNode[]): NodeOf<K>[] {
  return nodes.filter((node): node is NodeOf<K> => node.kind === kind);
}

/** Everything of a view, opened as far as it goes. */
async function opened(name: ViewName, node?: TreeNode): Promise<TreeNode[]> {
  const nodes = await children(name, node);
  const all = [...nodes];
  for (const child of nodes) {
    const { collapsibleState } = await itemOf(name, child);
    if (collapsibleState !== vscode.TreeItemCollapsibleState.None) all.push(...(await opened(name, child)));
  }
  return all;
}

/** The first level with all its pages. */
async function allPages(name: ViewName): Promise<TreeNode[]> {
  for (;;) {
    const nodes = await children(name);
    const more = nodes.at(-1);
    if (more?.kind !== 'loadMore') return nodes;
    await run('warmstart.loadMore', more);
  }
}

describe('the views', function () {
  this.timeout(120_000);
  before(async () => {
    await connect('training');
    await trainedProject();
    await connect('training');
  });

  it('show a trained and released project', async () => {
    const waiting = await children('approvals');
    assert.deepEqual(
      of('pendingVersion', waiting)
        .map((node) => [node.model, node.version.version, node.servedVersion])
        .sort(),
      models.map((model) => [model, 2, 1]),
    );
    assert.deepEqual(
      of('model', await children('models'))
        .map((node) => [node.model, node.latest, node.pending])
        .sort(),
      models.map((model) => [model, 2, 1]),
    );
    assert.equal(of('lineageModel', await children('lineage')).length, models.length);
    const [environment, ...others] = of('environment', await children('endpoints'));
    assert.deepEqual([environment?.environment, environment?.current], ['training', true]);
    assert.deepEqual(
      others.map((node) => node.environment),
      ['qa', 'production'],
    );
    const activity = await children('activity');
    assert.equal(of('run', activity).length, 6, 'started by another process');
    assert.equal(of('release', activity).length, 1);
  });

  it('name and describe every node, for eyes and ears, under ids that are its own', async () => {
    const known: string[] = Object.values(commandIds);
    for (const name of names) {
      const nodes = await opened(name);
      assert.ok(nodes.length >= models.length, name);
      const { connection } = await services();
      const ids = nodes.map((node) => node.id);
      assert.equal(new Set(ids).size, ids.length, `${name}: ids are unique`);
      for (const node of nodes) {
        assert.ok(node.id.startsWith(`${connection.ticket?.key}/`), node.id);
        assert.notEqual(node.kind, 'error', JSON.stringify(node));
        const item = await itemOf(name, node);
        assert.equal(item.id, node.id);
        assert.ok(item.label && item.iconPath instanceof vscode.ThemeIcon);
        assert.ok(item.accessibilityInformation?.label.includes(String(item.label)));
        assert.ok(item.tooltip instanceof vscode.MarkdownString);
        assert.ok(!item.tooltip.isTrusted && !item.tooltip.supportHtml && !item.tooltip.supportThemeIcons);
        for (const word of (item.contextValue ?? '').split(' ')) assert.match(word, /^\w*$/);
        if (item.contextValue?.includes('hasArn')) assert.match(node.arn ?? '', /^arn:aws:sagemaker:/);
        if (item.contextValue?.includes('hasName')) assert.ok(node.name);
        const command = item.command?.command;
        if (command) assert.ok(known.includes(command), command);
      }
    }
  });

  it('count what waits beside the title and on the icon', async () => {
    const { tree } = await viewOf('approvals');
    await children('approvals');
    assert.equal(tree.description, '3 waiting');
    assert.deepEqual(tree.badge, { value: 3, tooltip: '3 versions wait for approval' });
  });

  it('find their way back from a node to its parents, so that it can be revealed', async () => {
    const view = await viewOf('lineage');
    const nodes = await opened('lineage');
    const child = of('tuningJob', nodes).find((node) => node.job.parents.length > 0);
    assert.ok(child);
    const parent = view.getParent(child);
    assert.equal(parent?.kind, 'tuningJob');
    await view.tree.reveal(child, { expand: false, focus: false, select: true });
    await until('the node is selected', () => view.tree.selection[0]?.id === child.id);
  });

  it('are seen: each can be focused, and polls only while it is visible', async () => {
    for (const name of names) {
      const { tree } = await viewOf(name);
      await run(`warmstart.${name}.focus`);
      await until(`${name} is visible`, () => tree.visible);
    }
  });

  it('show only what holds the filter, and say so', async () => {
    const { tree } = await viewOf('models');
    await run('warmstart.filter', 'warmstart.models', 'ORD');
    assert.deepEqual(
      of('model', await children('models')).map((node) => node.model),
      ['delay-ord'],
    );
    assert.equal(tree.message, 'Filter: ORD');
    await run('warmstart.filter', 'warmstart.models', 'nowhere');
    const [nothing] = await children('models');
    assert.equal(nothing?.kind, 'empty');
    const item = nothing && (await itemOf('models', nothing));
    await run(item?.command?.command ?? '', ...(item?.command?.arguments ?? []));
    assert.equal((await children('models')).length, models.length);
    assert.equal(tree.message, undefined);
  });

  it('count all that waits, whatever the filter shows', async () => {
    const { tree } = await viewOf('approvals');
    await run('warmstart.filter', 'warmstart.approvals', 'ord');
    assert.equal((await children('approvals')).length, 1);
    assert.equal(tree.badge?.value, 3);
    await run('warmstart.approvals.clearFilter');
    assert.equal((await children('approvals')).length, 3);
  });

  it('hand over ARN and name', async () => {
    const [node] = await children('models');
    await run('warmstart.copyArn', node);
    assert.equal(await vscode.env.clipboard.readText(), node?.arn);
    await run('warmstart.copyName', node);
    assert.equal(await vscode.env.clipboard.readText(), node?.name);
  });

  it('read one node again, and nothing else', async () => {
    const [node] = await children('models');
    await children('models', node);
    const from = (await recorded()).length;
    await run('warmstart.refreshNode', node);
    await children('models', node);
    const operations = (await recorded()).slice(from).map((request) => request.operation);
    assert.equal(operations.filter((operation) => operation === 'ListModelPackages').length, 1);
  });

  it('ask another environment when it is opened, with its own credentials', async () => {
    const qa = of('environment', await children('endpoints')).find((node) => node.environment === 'qa');
    await run('warmstart.refreshNode', qa);
    const from = (await recorded()).length;
    const [endpoint] = of('endpoint', await children('endpoints', qa));
    assert.equal(endpoint?.inspection.accountId, '222222222222');
    const described = (await recorded())
      .slice(from)
      .filter(({ operation }) => operation === 'DescribeEndpoint');
    assert.ok(described.length > 0);
    assert.ok(described.every(({ account }) => account === '222222222222'));
  });

  it('show what is decided elsewhere once they are refreshed', async () => {
    const { connection } = await services();
    const session = await connection.session(connection.ticket ?? assert.fail());
    const [node] = of('pendingVersion', await children('approvals'));
    assert.ok(node);
    const { decide } = (await services()).engine();
    await decide(session, {
      arn: node.version.arn,
      decision: 'Rejected',
      comment: 'decided elsewhere',
      expect: node.version,
      by: 'somebody',
    });
    await run('warmstart.refresh');
    await until('two wait', async () => (await children('approvals')).length === 2);
    assert.equal((await viewOf('approvals')).tree.badge?.value, 2);
  });

  it('follow a run of another machine to its end, though nobody refreshes', async () => {
    const settings = vscode.workspace.getConfiguration('warmstart');
    await settings.update('pollSeconds', 2, vscode.ConfigurationTarget.Global);
    await withFile(sandbox.projectFile, manyJobs, async () => {
      await run('warmstart.activity.focus');
      const over = warmstart('retrain', 'delay-atl', '--until', '2001-05-01');
      const { tree } = await viewOf('activity');
      const isLive = (node: NodeOf<'run'>) => node.run.model === 'delay-atl' && node.standing === 'live';
      const live = await until('the run is seen', async () => {
        await (await viewOf('activity')).reload({ forget: true });
        return of('run', await children('activity')).find(isLive);
      });
      assert.equal(live.here, false);
      assert.equal(tree.description, '1 in progress');
      await over;
      const shown = await until('its end is seen', async () =>
        of('run', await children('activity')).find((node) => node.id === live.id && node.standing === 'done'),
      );
      assert.equal(shown.run.steps.register?.result?.version, 3);
      assert.equal(tree.description, '');
      await until('its version waits', async () =>
        of('pendingVersion', await children('approvals')).some((node) => node.version.version === 3),
      );
      assert.equal((await viewOf('approvals')).tree.badge?.value, 3);
    });
    await settings.update('pollSeconds', undefined, vscode.ConfigurationTarget.Global);
  });

  it('page 1,200 models with their groups, each once', async () => {
    await withFile(sandbox.projectFile, manyModels, async () => {
      await run('warmstart.refresh');
      const { connection } = await services();
      await until('the project has them', () => connection.ticket?.project.models.length === 1200);
      const from = (await recorded()).length;
      const first = await children('models');
      assert.equal(first.length, 51);
      const asked = new Set((await recorded()).slice(from).flatMap(groupListed));
      // The Endpoints view looks at its target models' groups meanwhile.
      assert.ok(asked.size < 600, `${asked.size} groups were asked for, to show 50`);
      const nodes = await allPages('models');
      assert.equal(new Set(nodes.map((node) => node.id)).size, 1200);
      assert.ok(nodes.every((node) => node.kind === 'model'));
      assert.equal((await children('approvals')).length, 3);
      // A list a group would be 1,200 calls.
      const lists = (await recorded())
        .slice(from)
        .filter(({ operation }) => operation === 'ListModelPackages');
      assert.ok(
        lists.some((request) => groupListed(request).length === 0),
        'the account is asked instead',
      );
    });
    await run('warmstart.refresh');
    await until('the project is as before', async () => (await children('models')).length === models.length);
  });
});

/** The project with a tuning job that takes a while. */
function manyJobs(text: string): string {
  return text
    .replaceAll(/"maxJobs": \d+/g, '"maxJobs": 12')
    .replaceAll(/"maxParallelJobs": \d+/g, '"maxParallelJobs": 1');
}

/** The group that a request listed the versions of. */
function groupListed({ operation, params }: { operation: string; params: unknown }): string[] {
  const isOfGroup = typeof params === 'object' && params !== null && 'ModelPackageGroupName' in params;
  return operation === 'ListModelPackages' && isOfGroup ? [String(params.ModelPackageGroupName)] : [];
}

/** The project with 1,197 more models, whose groups do not exist yet. */
function manyModels(text: string): string {
  const file = JSON.parse(text) as { models: Record<string, { packageGroup: string }> };
  const [template] = Object.values(file.models);
  for (let i = models.length; i < 1200; i++) {
    const name = `many-${String(i).padStart(4, '0')}`;
    file.models[name] = { ...(template ?? assert.fail()), packageGroup: name };
  }
  return JSON.stringify(file);
}
