import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import * as vscode from 'vscode';
import type { PanelState } from '../../src/comparison/panel';
import type { TestApi } from '../../src/extension';
import { commandIds } from '../../src/vscode/command-ids';
import type { ComparisonPanel } from '../../src/vscode/panels/panel';
import { answering, connect, recorded, services, sleep, until, useServices, withAwsConfig } from './support';
import { models, trainedProject } from './trained';

type Shown = Extract<PanelState, { kind: 'shown' }>;

const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(command, ...args);
const arnOf = (version: number, model = 'delay-ord') =>
  `arn:aws:sagemaker:us-east-1:111111111111:model-package/flights-${model}/${version}`;

async function registry() {
  const { connection } = await services();
  const ticket = connection.ticket ?? assert.fail('no ticket');
  return connection.session(ticket, ticket.project.registry);
}

async function versionOf(arn: string) {
  return (await services()).engine().describeVersion(await registry(), arn);
}

/** Somebody on another machine decides. */
async function decidedElsewhere(arn: string, decision: 'Approved' | 'Rejected'): Promise<void> {
  const expect = await versionOf(arn);
  const { decide } = (await services()).engine();
  await decide(await registry(), { arn, decision, comment: 'elsewhere', expect, by: 'somebody' });
}

/** As if nobody had decided; the tests of the views begin there. */
async function undecide(...arns: string[]): Promise<void> {
  for (const arn of arns)
    await (await registry()).sagemaker().send(
      new UpdateModelPackageCommand({
        ModelPackageArn: arn,
        ModelApprovalStatus: 'PendingManualApproval',
      }),
    );
}

async function open(...arns: string[]): Promise<ComparisonPanel> {
  const selected = arns.map((arn) => ({ arn }));
  await answering([], () => run(commandIds.compare, selected[0], selected));
  const { panels } = await services();
  const panel = panels.open.at(-1) ?? assert.fail('no panel');
  await shownIn(panel);
  return panel;
}

/** What a panel shows, once it is as `isReady` wants it. */
function shownIn(panel: ComparisonPanel, isReady: (state: Shown) => boolean = () => true): Promise<Shown> {
  return until('a comparison', () => {
    const { state } = panel;
    if (state.kind === 'problem') assert.fail(`${state.code}: ${state.message}`);
    return state.kind === 'shown' && isReady(state) && state;
  });
}

function columnsOf({ comparison }: Shown) {
  return comparison.models.flatMap(({ columns }) => columns);
}

function approvalIn(state: Shown, arn: string): string | undefined {
  return columnsOf(state).find((column) => column.arn === arn)?.approval;
}

/** The file that the dialog for saving answers, while `work` runs; what the dialog was asked with. */
async function savingAs(
  uri: vscode.Uri | undefined,
  work: () => Promise<unknown>,
): Promise<vscode.SaveDialogOptions> {
  const original = Object.getOwnPropertyDescriptor(vscode.window, 'showSaveDialog') ?? assert.fail();
  let asked: vscode.SaveDialogOptions = {};
  Object.defineProperty(vscode.window, 'showSaveDialog', {
    configurable: true,
    value: async (options: vscode.SaveDialogOptions) => {
      asked = options;
      return uri;
    },
  });
  try {
    await work();
    return asked;
  } finally {
    Object.defineProperty(vscode.window, 'showSaveDialog', original);
  }
}

async function closeAll(): Promise<void> {
  const { panels } = await services();
  for (const { view } of panels.open) view.dispose();
  await run('workbench.action.closeAllEditors');
  await until('no panel', () => panels.open.length === 0);
}

describe('the comparison', function () {
  this.timeout(120_000);

  before(async () => {
    await connect('training');
    await trainedProject();
    await connect('training');
  });

  afterEach(closeAll);

  it('opens for a version, beside what serves, and once', async () => {
    const panel = await open(arnOf(2));
    assert.equal(panel.view.title, 'Compare flights-delay-ord 2');
    const state = await shownIn(panel);
    assert.deepEqual(state.request, { arns: [arnOf(2)], baseline: null });
    assert.deepEqual(
      columnsOf(state).map(({ arn, role }) => [arn, role]),
      [
        [arnOf(1), 'baseline'],
        [arnOf(2), 'candidate'],
      ],
    );
    assert.deepEqual([state.busy, state.notice, state.actions], [null, null, true]);
    await run(commandIds.compare, { arn: arnOf(2) });
    assert.equal((await services()).panels.open.length, 1);
  });

  it('is a page that says when it is ready, and again after it was hidden', async () => {
    const panel = await open(arnOf(2));
    await until('the page is ready', () => panel.isListening);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: 'above' }));
    await until('it is hidden', () => !panel.view.visible && !panel.isListening);
    panel.view.reveal();
    await until('the page is ready again', () => panel.isListening);
  });

  it('opens for several versions, of one model or of several, and for what is picked', async () => {
    const one = await open(arnOf(1), arnOf(2));
    assert.equal(one.view.title, 'Compare 2 versions of flights-delay-ord');
    const several = await open(...models.map((model) => arnOf(2, model)));
    assert.equal(several.view.title, 'Compare 3 models: flights');
    assert.equal((await shownIn(several)).comparison.models.length, models.length);
    await run(commandIds.compare, { model: 'delay-atl' }, [{ model: 'delay-atl' }, { model: 'delay-dfw' }]);
    assert.deepEqual(
      (await services()).panels.open.at(-1)?.request.arns,
      [arnOf(2, 'delay-atl'), arnOf(2, 'delay-dfw')],
      'the newest of each model',
    );
    const { asked } = await answering([/delay-ord/, (items) => items.filter(({ picked }) => picked)], () =>
      run(commandIds.compare),
    );
    assert.deepEqual(asked[1]?.choices, ['flights-delay-ord/2', 'flights-delay-ord/1']);
    const picked = (await services()).panels.open.at(-1) ?? assert.fail();
    assert.deepEqual(picked.request.arns, [arnOf(2)], 'the newest is chosen beforehand');
  });

  it('takes another baseline, and versions from the history', async () => {
    const panel = await open(arnOf(2));
    await panel.receive({ type: 'baseline', environment: 'qa' });
    const state = await shownIn(panel);
    assert.deepEqual(state.request, { arns: [arnOf(2)], baseline: 'qa' });
    assert.equal(state.comparison.models[0]?.environment, 'qa');
    await panel.receive({ type: 'add', group: 'flights-delay-ord', version: 1 });
    assert.deepEqual(panel.request.arns, [arnOf(2), arnOf(1)]);
    assert.equal(panel.view.title, 'Compare 2 versions of flights-delay-ord');
    await panel.receive({ type: 'remove', arn: arnOf(2) });
    assert.deepEqual(panel.request.arns, [arnOf(1)]);
    await panel.receive({ type: 'remove', arn: arnOf(1) });
    assert.deepEqual(panel.request.arns, [arnOf(1)], 'the last one stays');
  });

  it('shows what was asked for last, whichever answer comes last', async () => {
    const panel = await open(arnOf(2));
    const first = panel.receive({ type: 'baseline', environment: 'qa' });
    panel.lookAgain();
    await first;
    await shownIn(panel, ({ comparison }) => comparison.baseline === 'qa');
    assert.equal(panel.request.baseline, 'qa');
  });

  it('does nothing that it does not show', async () => {
    const panel = await open(arnOf(2));
    const from = (await recorded()).length;
    const { asked } = await answering([], async () => {
      for (const message of [
        undefined,
        'decide',
        { type: 'decide', arn: arnOf(2, 'delay-atl'), decision: 'Approved' },
        { type: 'decide', arn: arnOf(2), decision: 'PendingManualApproval' },
        { type: 'release', endpoint: 'payroll' },
        { type: 'openEvaluation', arn: 'arn:aws:s3:::secrets' },
        { type: 'baseline', environment: '__proto__' },
      ])
        await panel.receive(message);
    });
    assert.deepEqual(asked, []);
    assert.deepEqual((await recorded()).slice(from), []);
  });

  it('approves by the same question as the views, and shows what is then', async () => {
    const panel = await open(arnOf(2));
    try {
      const { asked } = await answering(['Approve', 'seen in the panel', undefined], () =>
        panel.receive({ type: 'decide', arn: arnOf(2), decision: 'Approved' }),
      );
      assert.deepEqual(
        asked.map(({ kind, title, modal }) => [kind, title, modal]),
        [
          ['warning', 'Approve version 2 of flights-delay-ord?', true],
          ['input', 'Approve version 2 of flights-delay-ord?', false],
          [
            'information',
            'Version 2 of flights-delay-ord is approved. It serves with the next release.',
            false,
          ],
        ],
      );
      const { approval, comment } = await versionOf(arnOf(2));
      assert.deepEqual([approval, comment], ['Approved', 'seen in the panel']);
      const state = await shownIn(panel, (shown) => approvalIn(shown, arnOf(2)) === 'Approved');
      assert.match(state.notice ?? '', /^Version 2 of flights-delay-ord is approved\./);
      assert.equal(state.busy, null);
    } finally {
      await undecide(arnOf(2));
    }
  });

  it('is silent when the person turns away, and does one thing at a time', async () => {
    const panel = await open(arnOf(2));
    const decide = { type: 'decide', arn: arnOf(2), decision: 'Rejected' } as const;
    const { asked } = await answering([undefined], async () => {
      const first = panel.receive(decide);
      assert.match((await shownIn(panel)).busy ?? '', /Deciding/);
      await Promise.all([first, panel.receive(decide)]);
    });
    assert.equal(asked.length, 1);
    assert.deepEqual([(await shownIn(panel)).busy, (await shownIn(panel)).notice], [null, null]);
    assert.equal((await versionOf(arnOf(2))).approval, 'PendingManualApproval');
  });

  it('refuses what changed since it was shown, asks nothing, and shows what is', async () => {
    const panel = await open(arnOf(2));
    await decidedElsewhere(arnOf(2), 'Rejected');
    try {
      const { asked } = await answering([], () =>
        panel.receive({ type: 'decide', arn: arnOf(2), decision: 'Approved' }),
      );
      const [message, ...others] = asked;
      assert.deepEqual([message?.kind, message?.modal, others], ['warning', false, []]);
      assert.match(message?.title ?? '', /changed after it was shown to you, so nothing was written\./);
      const state = await shownIn(panel, (shown) => approvalIn(shown, arnOf(2)) === 'Rejected');
      assert.equal(columnsOf(state).find(({ arn }) => arn === arnOf(2))?.comment, 'elsewhere');
    } finally {
      await undecide(arnOf(2));
    }
  });

  it('refuses what changed while the question was open', async () => {
    const panel = await open(arnOf(2));
    try {
      const { asked } = await answering(['Approve', 'too late'], async () => {
        const original = vscode.window.showInputBox;
        const meanwhile = async (...args: Parameters<typeof original>) => {
          await decidedElsewhere(arnOf(2), 'Rejected');
          return original(...args);
        };
        Object.defineProperty(vscode.window, 'showInputBox', { configurable: true, value: meanwhile });
        await panel.receive({ type: 'decide', arn: arnOf(2), decision: 'Approved' });
      });
      assert.match(asked.at(-1)?.title ?? '', /changed after it was shown to you/);
      assert.equal((await versionOf(arnOf(2))).comment, 'elsewhere');
      await shownIn(panel, (shown) => approvalIn(shown, arnOf(2)) === 'Rejected');
    } finally {
      await undecide(arnOf(2));
    }
  });

  it('follows a decision in the views', async () => {
    const panel = await open(arnOf(2));
    try {
      await answering(['Reject…', 'by the view'], () => run(commandIds.reject, { arn: arnOf(2) }));
      await shownIn(panel, (shown) => approvalIn(shown, arnOf(2)) === 'Rejected');
    } finally {
      await undecide(arnOf(2));
    }
  });

  it('notices a decision on another machine, while it is visible', async () => {
    const settings = vscode.workspace.getConfiguration('warmstart');
    await settings.update('pollSeconds', 2, vscode.ConfigurationTarget.Global);
    try {
      const panel = await open(arnOf(2));
      await decidedElsewhere(arnOf(2), 'Approved');
      await shownIn(panel, (shown) => approvalIn(shown, arnOf(2)) === 'Approved');
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: 'above' }));
      await until('it is hidden', () => !panel.view.visible);
      await sleep(500);
      const from = (await recorded()).length;
      await sleep(5000);
      const asked = (await recorded())
        .slice(from)
        .filter(({ operation }) => operation === 'DescribeModelPackage');
      assert.deepEqual(asked, [], 'nothing is asked while nobody looks');
    } finally {
      await settings.update('pollSeconds', undefined, vscode.ConfigurationTarget.Global);
      await undecide(arnOf(2));
    }
  });

  it('offers the release of its endpoint, to the environment that it looks at', async () => {
    const panel = await open(arnOf(2));
    await panel.receive({ type: 'baseline', environment: 'qa' });
    const { asked } = await answering([undefined], () =>
      panel.receive({ type: 'release', endpoint: 'flights' }),
    );
    // Nothing is approved, so that nothing is to be done.
    assert.deepEqual(
      asked.map(({ title }) => title),
      ['Nothing to do: flights in qa serves what the registry admits.'],
    );
    assert.equal((await shownIn(panel)).busy, null);
  });

  it('opens from the plan of a release, which stays open', async () => {
    const arns = [arnOf(2, 'delay-atl'), arnOf(2)];
    for (const arn of arns) await decidedElsewhere(arn, 'Approved');
    try {
      const target = { endpoint: 'flights', environment: 'training' };
      const { asked } = await answering(['Compare evaluations', undefined], () =>
        run(commandIds.release, target),
      );
      assert.deepEqual(
        asked.map(({ kind, title }) => [kind, title]),
        Array(2).fill(['pick', 'Release flights to training · 111111111111']),
      );
      const panel = (await services()).panels.open.at(-1) ?? assert.fail();
      assert.equal(panel.view.title, 'Compare 2 models: flights in training');
      assert.deepEqual([...panel.request.arns].sort(), arns);
      assert.equal((await shownIn(panel)).comparison.baseline, 'training');
    } finally {
      await undecide(...arns);
    }
  });

  it('copies an ARN and itself, and opens an evaluation as it is', async () => {
    const panel = await open(arnOf(2));
    await panel.receive({ type: 'copyArn', arn: arnOf(1) });
    assert.equal(await vscode.env.clipboard.readText(), arnOf(1));
    assert.equal((await shownIn(panel)).notice, `Copied: ${arnOf(1)}`);
    await panel.receive({ type: 'export', format: 'markdown', to: 'clipboard' });
    assert.match(await vscode.env.clipboard.readText(), /rmse/);
    assert.equal((await shownIn(panel)).notice, 'Copied as Markdown.');
    await panel.receive({ type: 'openEvaluation', arn: arnOf(2) });
    const { document } = vscode.window.activeTextEditor ?? assert.fail();
    assert.deepEqual([document.languageId, document.uri.scheme], ['json', 'warmstart']);
    assert.equal(JSON.parse(document.getText()).warmstart.model, 'delay-ord');
  });

  it('is exported to the file of the person’s choice, and offers to open it', async () => {
    const panel = await open(arnOf(2));
    const folder = await mkdtemp(join(tmpdir(), 'warmstart-export-'));
    try {
      for (const [format, name, text] of [
        ['markdown', 'comparison-flights-delay-ord-2.md', /rmse/],
        ['csv', 'comparison-flights-delay-ord-2.csv', /rmse/],
        ['html', 'comparison-flights-delay-ord-2.html', /<!doctype html>/i],
      ] as const) {
        const file = join(folder, name);
        const { asked } = await answering([undefined], async () => {
          const options = await savingAs(vscode.Uri.file(file), () =>
            panel.receive({ type: 'export', format, to: 'file' }),
          );
          assert.equal(options.defaultUri?.path.split('/').at(-1), name);
        });
        assert.deepEqual(
          asked.map(({ title, choices }) => [title, choices]),
          [[`The comparison is in ${name}.`, ['Open']]],
        );
        assert.match(await readFile(file, 'utf8'), text);
      }
      const { asked } = await answering([], () =>
        savingAs(undefined, () => panel.receive({ type: 'export', format: 'csv', to: 'file' })),
      );
      assert.deepEqual(asked, [], 'turning away is silent');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('stays over a switch of the environment, and decides under the new connection', async () => {
    const panel = await open(arnOf(2));
    try {
      await connect('qa');
      await shownIn(panel);
      const { asked } = await answering([undefined], () =>
        panel.receive({ type: 'decide', arn: arnOf(2), decision: 'Approved' }),
      );
      assert.deepEqual(
        asked.map(({ modal }) => modal),
        [true],
      );
    } finally {
      await connect('training');
    }
  });

  it('shows and does nothing without a connection, and is back with it', async () => {
    const panel = await open(arnOf(2));
    const decide = { type: 'decide', arn: arnOf(2), decision: 'Approved' } as const;
    await withAwsConfig(
      () => '',
      async () => {
        assert.equal((await services()).connection.ticket, undefined);
        const { state } = panel;
        assert.deepEqual(
          [state.kind, state.kind === 'problem' && state.code],
          ['problem', 'connection.no-profile'],
        );
        const { asked } = await answering([], async () => {
          await panel.receive(decide);
          await panel.receive({ type: 'reload' });
        });
        assert.deepEqual([asked, panel.state.kind], [[], 'problem']);
      },
    );
    await shownIn(panel);
  });

  it('can be closed while it reads or decides', async () => {
    const panel = await open(arnOf(2));
    const { log } = await services();
    const failures: unknown[] = [];
    const { error } = log;
    log.error = (message, cause) => failures.push(message, cause);
    try {
      const { asked } = await answering([undefined], async () => {
        const deciding = panel.receive({ type: 'decide', arn: arnOf(2), decision: 'Approved' });
        panel.lookAgain();
        panel.view.dispose();
        await deciding;
      });
      assert.equal(asked.length, 1, 'what was begun goes on');
      await sleep(500);
      assert.deepEqual(failures, []);
    } finally {
      log.error = error;
    }
  });

  it('says so when the versions belong to another registry', async () => {
    const arn = arnOf(2).replace('111111111111', '999999999999');
    await run(commandIds.compare, { arn });
    const { state } = (await services()).panels.open.at(-1) ?? assert.fail();
    assert.deepEqual(
      [state.kind, state.kind === 'problem' && state.code],
      ['problem', 'connection.switched'],
    );
  });

  it('says what is wrong with a version that is not there, and tries again', async () => {
    await run(commandIds.compare, { arn: arnOf(77) });
    const panel = (await services()).panels.open.at(-1) ?? assert.fail();
    await until('the problem', () => panel.state.kind === 'problem');
    await panel.receive({ type: 'reload' });
    assert.equal(panel.state.kind, 'loading');
    await until('the problem again', () => panel.state.kind === 'problem');
  });

  it('is set up anew after a reload of the window, once the project is known', async () => {
    const { context } = await services();
    const { view } = await open(arnOf(2));
    const request = { arns: [arnOf(2)], baseline: 'qa' };
    await closeWindow(context);
    view.dispose();
    openWindow(context);
    const { panels, connection } = await services();
    assert.equal(connection.ticket, undefined, 'nothing is known yet');
    await panels.deserializeWebviewPanel(anyPanel(), { request, view: { whatever: true } });
    const [panel] = panels.open;
    assert.ok(panel);
    assert.equal(panel.state.kind, 'loading');
    const state = await shownIn(panel);
    assert.deepEqual(state.request, request);
    assert.equal(panel.view.title, 'Compare flights-delay-ord 2');
    await until('the page is ready', () => panel.isListening);
  });

  it('closes what was kept by nobody', async () => {
    const { panels } = await services();
    for (const kept of [undefined, { request: { arns: ['<script>'], baseline: null } }]) {
      const view = anyPanel();
      const closed = new Promise<void>((done) => view.onDidDispose(() => done()));
      await panels.deserializeWebviewPanel(view, kept);
      await closed;
      assert.equal(panels.open.length, 0);
    }
  });
});

function anyPanel(): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel('warmstart.comparison', '…', vscode.ViewColumn.Active);
}

async function closeWindow(context: vscode.ExtensionContext): Promise<void> {
  for (const disposable of context.subscriptions.splice(0).reverse()) disposable.dispose();
}

function openWindow(context: vscode.ExtensionContext): void {
  const bundle = join(context.extensionPath, 'dist', 'extension.js');
  delete require.cache[require.resolve(bundle)];
  const api: TestApi | undefined = require(bundle).activate(context);
  useServices(api ?? assert.fail('not activated'));
}
