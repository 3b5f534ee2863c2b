import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Gate } from './gate';
import {
  answering,
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

describe('signing in', () => {
  beforeEach(() => connect('training'));

  describe('an expired session', () => {
    it('asks to sign in once, whichever number of views runs into it, and all go on after it is renewed', async () => {
      const gate = await Gate.start(sandbox.endpoint);
      const { connection, statusBar } = await services();
      try {
        await withAwsConfig(
          (text) => text.replaceAll(sandbox.endpoint, gate.url),
          async () => {
            gate.refuse({
              code: 'ExpiredToken',
              message: 'The security token included in the request is expired',
            });
            const messages = await messagesDuring(async () => {
              await readAllViews();
              await readAllViews();
            });
            assert.deepEqual(
              messages.map(({ kind, choices }) => [kind, choices]),
              [['warning', ['Sign In', 'Choose Profile', 'Show Log']]],
            );
            assert.match(
              messages[0]?.title ?? '',
              /"training" \(account 111111111111, profile sandbox-training\)/,
            );
            assert.equal(connection.state.kind, 'expired');
            assert.match(
              statusBar.text,
              /^\$\(warning\) training · 111111111111 · sandbox-training · expired$/,
            );
            gate.refuse(undefined);
            await vscode.commands.executeCommand('warmstart.refresh');
            await readAllViews();
            assert.equal(connection.state.kind, 'ok');
          },
        );
      } finally {
        await gate.stop();
      }
    });

    it('of single sign-on is renewed by the AWS CLI in a terminal, without a shell', async () => {
      const single = [
        '[profile sandbox-training]',
        'sso_session = acme',
        'sso_account_id = 111111111111',
        'sso_role_name = DataScientist',
        '[sso-session acme]',
        'sso_start_url = https://acme.awsapps.com/start',
        'sso_region = us-east-1',
        '',
      ].join('\n');
      await withAwsConfig(
        () => single,
        async () => {
          const { connection } = await services();
          const messages = await messagesDuring(readAllViews);
          assert.equal(messages.length, 1, JSON.stringify(messages));
          assert.equal(connection.state.kind, 'expired');
          const terminal = stageTerminal();
          try {
            const generation = connection.ticket?.generation ?? 0;
            const signedIn = vscode.commands.executeCommand('warmstart.signIn');
            const { shellPath, shellArgs, cwd } = await until('a terminal', () => terminal.options);
            assert.equal(shellPath, 'aws');
            assert.deepEqual(shellArgs, ['sso', 'login', '--profile', 'sandbox-training']);
            assert.notEqual(String(cwd), vscode.workspace.workspaceFolders?.[0]?.uri.toString());
            terminal.close();
            await signedIn;
            assert.ok((connection.ticket?.generation ?? 0) > generation, 'everything is read again');
          } finally {
            terminal.restore();
          }
        },
      );
      await stateIs('unchecked', 'ok');
    });
  });

  describe('a role that needs the code of an MFA device', () => {
    const role = (text: string) =>
      text.replaceAll('[profile sandbox-training]', '[profile keys]') +
      [
        '[profile sandbox-training]',
        'role_arn = arn:aws:iam::111111111111:role/DataScientist',
        'source_profile = keys',
        'mfa_serial = arn:aws:iam::111111111111:mfa/somebody',
        'region = us-east-1',
        `endpoint_url = ${sandbox.endpoint}`,
        '',
      ].join('\n');

    it('asks for it once for all views', async () => {
      await withAwsConfig(role, async () => {
        const from = (await recorded()).length;
        const { asked } = await answering(['123456'], readAllViews);
        assert.deepEqual(
          asked.map(({ kind, title }) => [kind, title]),
          [['input', 'MFA code for training (sandbox-training)']],
        );
        const { connection } = await services();
        assert.equal(connection.state.kind, 'ok');
        const assumed = (await recorded()).slice(from).filter(({ operation }) => operation === 'AssumeRole');
        assert.deepEqual(
          assumed.map(({ params }) => Reflect.get(Object(params), 'TokenCode')),
          ['123456'],
        );
      });
    });

    it('takes no for an answer until everything is read again', async () => {
      await withAwsConfig(role, async () => {
        const { connection } = await services();
        const first = await answering([undefined], readAllViews);
        assert.equal(first.asked.length, 1, JSON.stringify(first.asked));
        assert.equal(connection.state.kind, 'expired');
        await assert.rejects(connection.session(connection.ticket ?? assert.fail()), {
          code: 'aws.mfa-required',
        });
        await vscode.commands.executeCommand('warmstart.signIn');
        const second = await answering(['654321'], readAllViews);
        assert.equal(second.asked.length, 1);
        assert.equal(connection.state.kind, 'ok');
      });
    });
  });
});

/** Takes the place of VS Code's terminals, which need a program that this machine may not have. */
function stageTerminal() {
  const { window } = vscode;
  const create = window.createTerminal;
  const original = Object.getOwnPropertyDescriptor(window, 'onDidCloseTerminal') ?? assert.fail();
  const closed = new vscode.EventEmitter<vscode.Terminal>();
  const staged: { options: vscode.TerminalOptions | undefined } = { options: undefined };
  let terminal: vscode.Terminal | undefined;
  const stand = (options: vscode.TerminalOptions): vscode.Terminal => {
    staged.options = options;
    terminal = {
      name: options.name ?? '',
      processId: Promise.resolve(undefined),
      creationOptions: options,
      exitStatus: { code: 0, reason: vscode.TerminalExitReason.Process },
      state: { isInteractedWith: false, shell: undefined },
      shellIntegration: undefined,
      sendText: () => {},
      show: () => {},
      hide: () => {},
      dispose: () => {},
    };
    return terminal;
  };
  Object.defineProperty(window, 'createTerminal', { configurable: true, writable: true, value: stand });
  Object.defineProperty(window, 'onDidCloseTerminal', { configurable: true, value: closed.event });
  return {
    get options() {
      return staged.options;
    },
    close: () => terminal && closed.fire(terminal),
    restore: () => {
      Object.defineProperty(window, 'createTerminal', { configurable: true, writable: true, value: create });
      Object.defineProperty(window, 'onDidCloseTerminal', original);
    },
  };
}
