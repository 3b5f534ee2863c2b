import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { Gate } from './gate';
import {
  answering,
  awsConfig,
  connect,
  messagesDuring,
  readAllViews,
  recorded,
  sandbox,
  services,
  stateIs,
  until,
  withAwsConfig,
} from './support';

const accounts = { training: '111111111111', qa: '222222222222', production: '333333333333' };

describe('accounts', () => {
  beforeEach(() => connect('training'));

  describe('switching the environment', () => {
    it('offers every environment with its account and profile, and marks the current one', async () => {
      let items: readonly vscode.QuickPickItem[] = [];
      await answering(
        [
          (offered) => {
            items = offered;
            return offered.find(({ label }) => label.includes('production'));
          },
        ],
        () => vscode.commands.executeCommand('warmstart.switchEnvironment'),
      );
      assert.deepEqual(
        items.map(({ label, description, detail }) => [label, description, detail]),
        [
          ['$(cloud) training', '111111111111 · us-east-1 · current', 'profile sandbox-training'],
          ['$(cloud) qa', '222222222222 · us-east-1', 'profile sandbox-qa'],
          ['$(lock) production', '333333333333 · us-east-1', 'profile sandbox-production'],
        ],
      );
      const { connection, statusBar } = await services();
      assert.equal(connection.ticket?.environment.name, 'production');
      assert.equal(statusBar.text, '$(lock) production · 333333333333 · sandbox-production');
      assert.deepEqual(statusBar.backgroundColor, new vscode.ThemeColor('statusBarItem.warningBackground'));
      await connect('qa');
      assert.equal(statusBar.text, '$(cloud) qa · 222222222222 · sandbox-qa');
      assert.equal(statusBar.backgroundColor, undefined);
      assert.equal(statusBar.command, 'warmstart.switchEnvironment');
    });

    it('says nothing when nobody chooses', async () => {
      const { asked } = await answering([undefined], () =>
        vscode.commands.executeCommand('warmstart.switchEnvironment'),
      );
      assert.equal(asked.length, 1, 'the pick alone');
      const { connection } = await services();
      assert.equal(connection.ticket?.environment.name, 'training');
    });

    it('drops what the environment before still answers, and signs the next call with the new credentials', async () => {
      const gate = await Gate.start(sandbox.endpoint);
      try {
        await withAwsConfig(
          (text) => text.replaceAll(sandbox.endpoint, gate.url),
          async () => {
            const { connection, engine, views } = await services();
            const before = connection.ticket ?? assert.fail();
            gate.hold('AKIASANDBOXTRAINING0');
            const pending = views.models.getChildren();
            const session = connection.session(before);
            await until('a call that waits', () => gate.waiting > 0);

            await connection.switchTo('qa');
            const from = (await recorded()).length;
            const after = connection.ticket ?? assert.fail();
            assert.equal(connection.isCurrent(before), false);
            const own = await connection.session(after);
            assert.deepEqual(await own.whoAmI(), {
              accountId: accounts.qa,
              arn: `arn:aws:iam::${accounts.qa}:user/sandbox`,
            });
            const store = new (engine().Store)(own, after.environment.bucket);
            assert.ok(store);
            const calls = (await recorded()).slice(from);
            assert.ok(calls.length > 0);
            assert.deepEqual(new Set(calls.map(({ account }) => account)), new Set([accounts.qa]));

            gate.release();
            await session;
            for (const node of await pending) assert.ok(node.id.startsWith(after.key), node.id);
            assert.ok((await pending).length > 0, 'whoever waited is given what is shown now');
            assert.equal(connection.ticket, after, 'a late answer changes nothing');
          },
        );
      } finally {
        await gate.stop();
      }
    });

    it('takes the last of several switches in a row', async () => {
      const { connection } = await services();
      const states: string[] = [];
      const listening = connection.onDidChange(() => states.push(connection.ticket?.environment.name ?? '-'));
      await Promise.all(['qa', 'production', 'training', 'qa'].map((name) => connection.switchTo(name)));
      listening.dispose();
      assert.equal(connection.ticket?.environment.name, 'qa');
      assert.deepEqual(new Set(states), new Set(['qa']), 'nothing is shown on the way');
    });
  });

  it('that deny even their name say so in place of the views', async () => {
    const gate = await Gate.start(sandbox.endpoint);
    try {
      await withAwsConfig(
        (text) => text.replaceAll(sandbox.endpoint, gate.url),
        async () => {
          gate.refuse({ code: 'AccessDenied', message: 'An explicit deny.' });
          await readAllViews();
          const { connection, statusBar } = await services();
          assert.equal(connection.state.kind, 'denied');
          assert.match(statusBar.text, /denied$/);
        },
      );
    } finally {
      await gate.stop();
    }
  });

  describe('a profile of another account', () => {
    const settings = vscode.workspace.getConfiguration('warmstart');

    afterEach(async () => {
      await settings.update('profiles', undefined, vscode.ConfigurationTarget.Global);
      const { connection } = await services();
      await connection.reload();
    });

    it('is chosen in the person’s own settings, and refused before anything but its name is asked', async () => {
      const { connection, statusBar } = await services();
      await connection.switchTo('production');
      const from = (await recorded()).length;
      const { asked } = await answering(['sandbox-qa'], () =>
        vscode.commands.executeCommand('warmstart.chooseProfile'),
      );
      assert.match(asked[0]?.title ?? '', /production \(account 333333333333\)/);
      assert.deepEqual(vscode.workspace.getConfiguration('warmstart').inspect('profiles')?.globalValue, {
        '333333333333': 'sandbox-qa',
      });
      const ticket = connection.ticket ?? assert.fail();
      assert.equal(ticket.profile, 'sandbox-qa');
      await assert.rejects(connection.session(ticket), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'aws.wrong-account');
        assert.match(error.message, /333333333333.*222222222222/);
        return true;
      });
      assert.equal(connection.state.kind, 'wrongAccount');
      assert.match(statusBar.text, /sandbox-qa · wrong account$/);
      const calls = (await recorded()).slice(from);
      assert.deepEqual(new Set(calls.map(({ operation }) => operation)), new Set(['GetCallerIdentity']));
      const messages = await messagesDuring(() =>
        vscode.commands.executeCommand('warmstart.checkEnvironment', 'production'),
      );
      assert.deepEqual(
        messages.map(({ kind, choices }) => [kind, choices]),
        [['warning', ['Choose Profile', 'Show Log']]],
        'a command’s error is shown once',
      );
    });

    it('is no choice of the workspace', async () => {
      const file = vscode.Uri.joinPath(
        vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail(),
        '.vscode',
        'settings.json',
      );
      await vscode.workspace.fs.writeFile(
        file,
        new TextEncoder().encode('{ "warmstart.profiles": { "111111111111": "sandbox-qa" } }'),
      );
      try {
        const { connection } = await services();
        await connection.reload();
        assert.equal(connection.ticket?.profile, 'sandbox-training');
      } finally {
        await vscode.workspace.fs.delete(vscode.Uri.joinPath(file, '..'), { recursive: true });
      }
    });
  });

  it('checks an environment by asking STS who answers', async () => {
    const messages = await messagesDuring(() =>
      vscode.commands.executeCommand('warmstart.checkEnvironment', 'qa'),
    );
    assert.deepEqual(
      messages.map(({ title }) => title),
      [`"qa" is account ${accounts.qa}, reached as arn:aws:iam::${accounts.qa}:user/sandbox.`],
    );
  });

  it('names the remedy when no profile leads to the environment, and reads the files again when they change', async () => {
    await withAwsConfig(
      (text) => text.replaceAll('sandbox-training', 'somebody-else'),
      async () => {
        await stateIs('noProfile');
        const { statusBar } = await services();
        assert.equal(statusBar.command, 'warmstart.chooseProfile');
      },
    );
    await stateIs('unchecked', 'ok');
  });

  it('uses another AWS config file for a folder, and goes back to the person’s own', async () => {
    const { connection } = await services();
    await connection.useAwsConfig(sandbox.configFile);
    assert.equal(connection.awsConfigFile, sandbox.configFile);
    assert.equal(process.env.AWS_CONFIG_FILE, sandbox.configFile);
    await readAllViews();
    assert.equal(connection.state.kind, 'ok');
    await connection.useAwsConfig(undefined);
    assert.equal(process.env.AWS_CONFIG_FILE, awsConfig);
  });

  it('keeps a warehouse’s password for its server and user only', async () => {
    const text = await readFile(sandbox.projectFile, 'utf8');
    const { connection } = await services();
    const password = 'p4ss wörd';
    try {
      await writeFile(sandbox.projectFile, text.replace('"from": "none"', '"from": "secretStorage"'));
      await connection.reload();
      const first = await answering([password], () =>
        connection.warehousePassword(connection.ticket ?? assert.fail()),
      );
      assert.equal(first.value, password);
      const again = await answering([], () =>
        connection.warehousePassword(connection.ticket ?? assert.fail()),
      );
      assert.equal(again.value, password);
      await writeFile(
        sandbox.projectFile,
        text.replace('"from": "none"', '"from": "secretStorage"').replace('"127.0.0.1"', '"evil.example"'),
      );
      await connection.reload();
      const other = answering([undefined], () =>
        connection.warehousePassword(connection.ticket ?? assert.fail()),
      );
      await assert.rejects(other, { name: 'Canceled' });
    } finally {
      await writeFile(sandbox.projectFile, text);
      await connection.reload();
    }
  });
});
