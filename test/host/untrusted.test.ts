import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { answering, messagesDuring, recorded, services, stateIs, until } from './support';
import { trainedProject } from './trained';

const newest = 'arn:aws:sagemaker:us-east-1:111111111111:model-package/flights-delay-ord/2';

describe('a workspace that nobody trusts', function () {
  this.timeout(120_000);
  before(() => stateIs('untrusted'));

  it('is not trusted here', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  it('chooses no profile, and nothing is asked of AWS', async () => {
    const { connection, views, statusBar } = await services();
    const from = (await recorded()).length;
    await connection.reload();
    assert.equal(connection.ticket, undefined);
    assert.ok(connection.project, 'the file is read');
    for (const view of Object.values(views)) assert.deepEqual(await view.getChildren(), []);
    assert.equal(statusBar.command, 'workbench.trust.manage');
    assert.deepEqual((await recorded()).slice(from), []);
  });

  it('lets a person compare with a profile of their own settings, and not decide or release', async () => {
    await withOwnProfile(async () => {
      const { engine, connection, panels } = await services();
      const ticket = connection.ticket ?? assert.fail();
      const session = await connection.session(ticket);
      // Another window's tests may have made its past already.
      const pasts = await engine().listSummaries(
        session,
        engine().groupArn(ticket.project.registry, 'flights-delay-ord'),
      );
      if (pasts.length < 2) await trainedProject();
      await vscode.commands.executeCommand('warmstart.compare', { arn: newest });
      const panel = panels.open[0] ?? assert.fail();
      const state = await until('the comparison', () => panel.state.kind === 'shown' && panel.state);
      assert.equal(state.actions, false);
      for (const message of [
        { type: 'decide', arn: newest, decision: 'Rejected' },
        { type: 'release', endpoint: 'flights' },
      ]) {
        const { asked } = await answering([], () => panel.receive(message));
        assert.deepEqual(
          asked.map(({ kind, modal }) => [kind, modal]),
          [['warning', false]],
        );
        assert.match(asked[0]?.title ?? '', /not trusted/);
      }
      await panel.receive({ type: 'export', format: 'csv', to: 'clipboard' });
      assert.match(await vscode.env.clipboard.readText(), /rmse/, 'it can be read all the same');
      panel.view.dispose();
    });
  });

  it('lets a person look with a profile of their own settings, and refuses to run or change anything', async () => {
    await withOwnProfile(async () => {
      const { views, connection } = await services();
      assert.ok((await views.models.getChildren()).length > 0);
      assert.equal(connection.state.kind, 'ok');
      const from = (await recorded()).length;
      for (const command of ['retrain', 'approve', 'release', 'rollBack', 'setWarehousePassword']) {
        const messages = await messagesDuring(() => vscode.commands.executeCommand(`warmstart.${command}`));
        assert.equal(messages.length, 1, command);
        assert.match(messages[0]?.title ?? '', /not trusted/, command);
      }
      const writes = (await recorded())
        .slice(from)
        .filter(({ operation }) => !/^(Get|List|Describe|Head)/.test(operation));
      assert.deepEqual(writes, []);
    });
  });
});

async function withOwnProfile(work: () => Promise<void>): Promise<void> {
  const settings = vscode.workspace.getConfiguration('warmstart');
  const own = { '111111111111': 'sandbox-training' };
  await settings.update('profiles', own, vscode.ConfigurationTarget.Global);
  try {
    await stateIs('unchecked', 'ok');
    await work();
  } finally {
    await settings.update('profiles', undefined, vscode.ConfigurationTarget.Global);
    await stateIs('untrusted');
  }
}
