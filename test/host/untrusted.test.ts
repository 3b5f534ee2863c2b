import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { messagesDuring, recorded, services, stateIs } from './support';

describe('a workspace that nobody trusts', () => {
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

  it('lets a person look with a profile of their own settings, and refuses to run or change anything', async () => {
    const settings = vscode.workspace.getConfiguration('warmstart');
    await settings.update(
      'profiles',
      { '111111111111': 'sandbox-training' },
      vscode.ConfigurationTarget.Global,
    );
    try {
      await stateIs('unchecked', 'ok');
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
    } finally {
      await settings.update('profiles', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
