import assert from 'node:assert/strict';
import * as engine from '../../src/engine';
import { WarmstartError } from '../../src/errors';
import { environmentOf, type Project } from '../../src/project/project';
import type { ActivityEntry } from '../../src/vscode/activity/entry';
import type { Ticket } from '../../src/vscode/connection';
import { plainL10n as l10n } from '../../src/vscode/trees/l10n';
import { loadActivity } from '../../src/vscode/trees/loaders/activity';
import { loadApprovals } from '../../src/vscode/trees/loaders/approvals';
import { loadEndpoints } from '../../src/vscode/trees/loaders/endpoints';
import { loadLineage } from '../../src/vscode/trees/loaders/lineage';
import { loadModels } from '../../src/vscode/trees/loaders/models';
import type { Loader, LoaderDeps } from '../../src/vscode/trees/loaders/support';
import { Memo } from '../../src/vscode/trees/memo';
import type { NodeKind, NodeOf, TreeNode } from '../../src/vscode/trees/node';
import { useLoop } from './harness';
import { publish } from './publishing';

const models = ['delay-atl', 'delay-dfw', 'delay-ord'];
const environments = ['training', 'qa', 'production'];

/** The loaders of the views over the domain itself: a project that was trained twice and released in between. */
describe('What the views of VS Code show', function () {
  this.timeout(180_000);
  const loop = useLoop();
  let project: Project;
  let entries: ActivityEntry[] = [];
  let reported: [string, unknown][] = [];

  const ticket = (environment = 'training'): Ticket => ({
    project,
    environment: environmentOf(project, environment),
    profile: `sandbox-${environment}`,
    key: `${environment}|key`,
    generation: 1,
  });

  const deps = (own: Partial<LoaderDeps> = {}): LoaderDeps => ({
    engine: () => engine,
    session: (_, environment) => loop.session(environment.name),
    report: (_, error, environment) => reported.push([environment.name, error]),
    activities: () => entries,
    memo: new Memo(),
    l10n,
    now: () => new Date(),
    ...own,
  });

  /** The nodes of one page, or of all. */
  async function nodesOf(
    load: Loader,
    node?: TreeNode,
    options: { on?: Ticket; with?: LoaderDeps; filter?: string; pages?: number } = {},
  ): Promise<TreeNode[]> {
    const { on = ticket(), with: given = deps(), filter = '', pages = 99 } = options;
    const loaded = load(given, on, node, filter);
    if (!(Symbol.asyncIterator in loaded)) return loaded;
    const nodes: TreeNode[] = [];
    let count = 0;
    for await (const page of loaded) {
      nodes.push(...page.nodes);
      if (++count === pages || !page.more) break;
    }
    return nodes;
  }

  function of<K extends NodeKind>(kind: K, nodes: TreeNode[]): NodeOf<K>[] {
    return nodes.filter((node): node is NodeOf<K> => node.kind === kind);
  }

  async function approveAll(version: number): Promise<void> {
    for (const model of models) await loop.done('approve', `flights-${model}/${version}`);
  }

  before(async function () {
    this.timeout(180_000);
    await loop.done('retrain', '--all', '--until', '2001-03-01');
    await approveAll(1);
    for (const environment of environments)
      await loop.done('release', 'flights', '--env', environment, '--yes');
    await loop.done('retrain', 'delay-ord', '--testing', '--until', '2001-03-15');
    await loop.done('retrain', '--all', '--until', '2001-04-01');
    project = await loop.project();
  });
  beforeEach(() => {
    entries = [];
    reported = [];
  });

  it('Approvals: what waits in all groups, newest first, measured against what serves', async () => {
    const waiting = of('pendingVersion', await nodesOf(loadApprovals));
    assert.equal(waiting.length, 4);
    const times = waiting.map((node) => node.version.createdAt);
    assert.deepEqual(times, [...times].sort().reverse());
    assert.deepEqual(waiting.map((node) => [node.model, node.version.version, node.version.testing]).sort(), [
      ['delay-atl', 2, false],
      ['delay-dfw', 2, false],
      ['delay-ord', 2, true],
      ['delay-ord', 3, false],
    ]);
    for (const { servedVersion, review, version, model } of waiting) {
      assert.equal(servedVersion, 1, model);
      assert.equal(review.champion?.environment, 'production');
      assert.ok(review.metric && review.value === version.metrics[review.metric]);
      assert.ok((review.champion.value ?? 0) > 0);
      assert.ok(review.gates.length > 0);
    }
    assert.deepEqual(reported, [['training', undefined]], 'the connection hears that AWS answered');
  });

  it('Approvals: an evaluation is read once, a decision is seen at once', async () => {
    const given = deps();
    await nodesOf(loadApprovals, undefined, { with: given });
    const from = loop.requests().length;
    await nodesOf(loadApprovals, undefined, { with: given });
    const operations = loop.requests(from).map((request) => request.operation);
    assert.ok(!operations.includes('GetObject'), operations.join());
    assert.ok(operations.includes('ListModelPackages'));
  });

  it('Models: each with its newest version and how many wait', async () => {
    const nodes = of('model', await nodesOf(loadModels));
    assert.deepEqual(nodes.map((node) => [node.model, node.latest, node.pending, node.problem]).sort(), [
      ['delay-atl', 2, 1, null],
      ['delay-dfw', 2, 1, null],
      ['delay-ord', 3, 2, null],
    ]);
    const filtered = await nodesOf(loadModels, undefined, { filter: 'ORD' });
    assert.deepEqual(
      of('model', filtered).map((node) => node.model),
      ['delay-ord'],
    );
  });

  it('Models: versions with where they serve; testing runs marked', async () => {
    const model = of('model', await nodesOf(loadModels)).find((node) => node.model === 'delay-ord');
    const versions = of('version', await nodesOf(loadModels, model));
    assert.deepEqual(
      versions.map((node) => [
        node.summary.version,
        node.summary.approval,
        node.servesIn,
        node.version?.testing,
      ]),
      [
        [3, 'PendingManualApproval', [], false],
        [2, 'PendingManualApproval', [], true],
        [1, 'Approved', environments, false],
      ],
    );
    assert.ok(versions.every((node) => node.metric && node.unread.length === 0));
  });

  it('Models: an environment that cannot be read is named, and hides nothing', async () => {
    const given = deps({
      session: (_, environment) =>
        environment.name === 'production' ? Promise.reject(expired()) : loop.session(environment.name),
    });
    const model = of('model', await nodesOf(loadModels))[0];
    const versions = of('version', await nodesOf(loadModels, model, { with: given }));
    assert.deepEqual(versions.at(-1)?.servesIn, ['training', 'qa']);
    assert.deepEqual(versions.at(-1)?.unread, ['production']);
  });

  it('Models: a group without versions says so, and many versions come in pages', async () => {
    const model = of('model', await nodesOf(loadModels)).find((node) => node.model === 'delay-dfw');
    for (let i = 0; i < 24; i++) await publish(loop, 'delay-dfw', { file: '1.7.4/logistic.bin' });
    const first = await nodesOf(loadModels, model, { pages: 1 });
    assert.equal(first.length, 25);
    const all = of('version', await nodesOf(loadModels, model));
    assert.deepEqual(
      all.map((node) => node.summary.version),
      Array.from({ length: 26 }, (_, i) => 26 - i),
    );
    const empty = { ...ticket(), project: withGroup(project, 'nobody') };
    const [nothing] = await nodesOf(
      loadModels,
      of('model', await nodesOf(loadModels, undefined, { on: empty }))[0],
      {
        on: empty,
      },
    );
    assert.equal(nothing?.kind, 'empty');
  });

  it('Lineage: parent, child, what was turned down and why, and what was trained, best first', async () => {
    const root = of('lineageModel', await nodesOf(loadLineage)).find((node) => node.model === 'delay-ord');
    const jobs = of('tuningJob', await nodesOf(loadLineage, root));
    const first = jobs.find((node) => !node.job.testing);
    assert.equal(jobs.length, 2, 'the first and the testing run started cold');
    assert.ok(first && !first.running && first.job.status === 'Completed');
    const below = await nodesOf(loadLineage, first);
    const [child] = of('tuningJob', below);
    assert.equal(child?.job.warmStart, 'TransferLearning');
    assert.match(child?.job.packageArn ?? '', /flights-delay-ord\/3$/);
    const trained = of('trainingJob', below);
    assert.deepEqual(
      trained.map((node) => node.best),
      [true, false],
    );
    assert.ok((trained[0]?.value ?? 0) <= (trained[1]?.value ?? 0), 'rmse: the least first');
    assert.equal(trained[0]?.value, first.job.value);
    const refused = of('refusedParent', await nodesOf(loadLineage, child));
    assert.deepEqual(
      refused.map((node) => [node.reason.replace(node.tuningJob, 'It')]),
      [['It was a testing run.']],
    );
  });

  it('Endpoints: nobody is asked before an environment is opened, and then only that one', async () => {
    const from = loop.requests().length;
    const roots = of('environment', await nodesOf(loadEndpoints, undefined, { on: ticket('qa') }));
    assert.deepEqual(
      roots.map((node) => [node.environment, node.current, node.protected]),
      [
        ['qa', true, false],
        ['training', false, false],
        ['production', false, true],
      ],
    );
    assert.equal(loop.requests().length, from);
    const [endpoint] = of('endpoint', await nodesOf(loadEndpoints, roots[0], { on: ticket('qa') }));
    const accounts = new Set(loop.requests(from).map((request) => request.account));
    assert.deepEqual([...accounts].sort(), ['111111111111', '222222222222'], 'the registry, and qa');
    assert.equal(endpoint?.inspection.status, 'InService');
    const below = await nodesOf(loadEndpoints, endpoint, { on: ticket('qa') });
    assert.deepEqual(
      of('target', below)
        .map((node) => [node.target.model, node.target.version, node.target.marks])
        .sort(),
      models.map((model) => [model, 1, []]),
    );
    const releases = of(
      'release',
      await nodesOf(loadEndpoints, of('releases', below)[0], { on: ticket('qa') }),
    );
    assert.deepEqual(
      releases.map((node) => [node.manifest.status, node.live, node.standing]),
      [['released', true, 'done']],
    );
  });

  it('Endpoints: one that does not exist yet offers a release', async () => {
    const other: Project = { ...project, source: { ...project.source, endpoints: renamed(project) } };
    const on = { ...ticket(), project: other };
    const [environment] = await nodesOf(loadEndpoints, undefined, { on });
    const [endpoint] = await nodesOf(loadEndpoints, environment, { on });
    const [nothing] = of('empty', await nodesOf(loadEndpoints, endpoint, { on }));
    assert.equal(nothing?.remedy?.command, 'warmstart.release');
  });

  it('Activity: runs and releases of all machines, newest first, with their steps', async () => {
    const nodes = await nodesOf(loadActivity);
    const runs = of('run', nodes);
    assert.equal(runs.length, 7);
    assert.deepEqual(
      runs.map((node) => node.run.startedAt),
      runs
        .map((node) => node.run.startedAt)
        .sort()
        .reverse(),
    );
    assert.ok(runs.every((node) => node.standing === 'done' && !node.here));
    const [release, another] = of('release', nodes);
    assert.ok(release && !another && release.environment === 'training');
    const at = nodes.indexOf(release);
    assert.ok(
      nodes.slice(0, at).length === 4 && nodes.slice(at + 1).length === 3,
      'between the two trainings',
    );
    const steps = of('runStep', await nodesOf(loadActivity, runs[0]));
    assert.deepEqual(
      steps.map((node) => node.step),
      ['export', 'tune', 'evaluate', 'register', 'record'],
    );
  });

  it('Activity: what this window drives is one line with its record, and alone without', async () => {
    const [run] = of('run', await nodesOf(loadActivity));
    assert.ok(run);
    const entry: ActivityEntry = {
      id: 'activity-1',
      title: 'Retrain',
      kind: 'retrain',
      subject: run.run.model,
      connectionKey: ticket().key,
      operation: { kind: 'retrain', model: run.run.model, runId: run.run.runId },
      status: 'running',
      message: '1 of 2 training jobs done',
      startedAt: run.run.startedAt,
      finishedAt: null,
      steps: [],
      error: null,
    };
    entries = [
      entry,
      { ...entry, id: 'activity-2', operation: null },
      { ...entry, id: 'activity-3', operation: null, connectionKey: 'another|key' },
    ];
    const nodes = await nodesOf(loadActivity);
    const driven = of('run', nodes).filter((node) => node.here);
    assert.deepEqual(
      driven.map((node) => [node.run.runId, node.standing, node.message]),
      [[run.run.runId, 'live', '1 of 2 training jobs done']],
    );
    assert.deepEqual(
      of('activity', nodes).map((node) => node.activityId),
      ['activity-2'],
      'nothing of another environment',
    );
  });

  it('Activity: local news asks S3 for nothing', async () => {
    const given = deps();
    await nodesOf(loadActivity, undefined, { with: given });
    const from = loop.requests().length;
    await nodesOf(loadActivity, undefined, { with: given });
    assert.equal(loop.requests().length, from);
  });

  it('a failure is a node with a way out, in every view, and is told to the connection', async () => {
    const given = deps({ session: () => Promise.reject(expired()) });
    const model = of('model', await nodesOf(loadModels))[0];
    const lineage = of('lineageModel', await nodesOf(loadLineage))[0];
    const [environment] = await nodesOf(loadEndpoints);
    reported = [];
    for (const [load, node] of [
      [loadApprovals, undefined],
      [loadModels, undefined],
      [loadModels, model],
      [loadLineage, lineage],
      [loadEndpoints, environment],
      [loadActivity, undefined],
    ] as const) {
      const [error] = of('error', await nodesOf(load, node, { with: given }));
      assert.equal(error?.code, 'aws.session-expired');
      assert.deepEqual(
        [error?.remedy?.command, error?.remedy?.arguments],
        ['warmstart.signIn', ['training']],
      );
    }
    assert.ok(reported.length >= 6 && reported.every(([, error]) => error instanceof WarmstartError));
  });
});

function expired(): WarmstartError {
  return new WarmstartError('aws.session-expired', 'The session has expired.', { remedy: 'Sign in.' });
}

function withGroup(project: Project, packageGroup: string): Project {
  return { ...project, models: project.models.map((model) => ({ ...model, packageGroup })) };
}

function renamed(project: Project): Project['source']['endpoints'] {
  return Object.fromEntries(
    Object.entries(project.source.endpoints).map(([key, endpoint]) => [
      key,
      { ...endpoint, name: 'nowhere' },
    ]),
  );
}
