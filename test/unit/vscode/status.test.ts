import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ProfileInfo } from '../../../src/aws/profiles';
import { parseProject } from '../../../src/project/load';
import type { ConnectionState, Ticket } from '../../../src/vscode/connection';
import { renewalOf } from '../../../src/vscode/status/renewal';
import { statusText } from '../../../src/vscode/status/status-text';
import { plainL10n } from '../../../src/vscode/trees/l10n';

const file = 'media/sample/project/warmstart.json';
const project = parseProject(readFileSync(file, 'utf8'), file).project ?? assert.fail();

function ticket(name: string, profile: string | undefined): Ticket {
  const environment = project.environments.find((each) => each.name === name) ?? assert.fail();
  return { project, environment, profile, key: name, generation: 1 };
}

const shown = (state: ConnectionState) => statusText(state, plainL10n);

describe('the status bar', () => {
  it('says environment, account and profile, and switches', () => {
    const text = shown({ kind: 'ok', ticket: ticket('training', 'acme') });
    assert.equal(text?.text, '$(cloud) training · 111111111111 · acme');
    assert.equal(text?.warning, false);
    assert.equal(text?.command, 'warmstart.switchEnvironment');
    assert.equal(text?.label, 'Environment training, account 111111111111, profile acme');
    assert.match(text?.tooltip ?? '', /\| Region \| us\\-east\\-1 \|/);
  });

  it('warns where care is due: protected, expired, another account, denied', () => {
    assert.equal(shown({ kind: 'ok', ticket: ticket('production', 'p') })?.warning, true);
    for (const [kind, words] of [
      ['expired', 'expired'],
      ['wrongAccount', 'wrong account'],
      ['denied', 'denied'],
    ] as const) {
      const text = shown({ kind, ticket: ticket('qa', undefined), message: 'It is <so>.' });
      assert.equal(text?.text, `$(warning) qa · 222222222222 · default credentials · ${words}`);
      assert.equal(text?.warning, true);
      assert.match(text?.tooltip ?? '', /It is \\<so\\>\\\./);
    }
  });

  it('leads to what is lacking', () => {
    assert.equal(shown({ kind: 'noProject' }), undefined);
    assert.equal(shown({ kind: 'badProject', problems: 3 })?.command, 'warmstart.openProjectFile');
    assert.equal(shown({ kind: 'noProfile', environment: 'qa' })?.command, 'warmstart.chooseProfile');
    assert.equal(shown({ kind: 'untrusted' })?.command, 'workbench.trust.manage');
  });
});

describe('signing in', () => {
  const profile = (name: string, kind: ProfileInfo['kind'], sourceProfile?: string): ProfileInfo => ({
    name,
    kind,
    sourceProfile,
    region: undefined,
    endpointUrl: undefined,
    accountId: undefined,
  });
  const profiles = [
    profile('sso', 'sso'),
    profile('console', 'login'),
    profile('keys', 'static'),
    profile('role', 'assume-role', 'sso'),
    profile('role-of-role', 'assume-role', 'role'),
    profile('mfa', 'assume-role', 'keys'),
    profile('ring-a', 'assume-role', 'ring-b'),
    profile('ring-b', 'assume-role', 'ring-a'),
    profile('program', 'process'),
  ];

  it('runs the AWS CLI for the profile at the end of the chain', () => {
    const login = (name: string) => ({ kind: 'command', arguments: ['sso', 'login', '--profile', name] });
    assert.deepEqual(renewalOf('sso', profiles), login('sso'));
    assert.deepEqual(renewalOf('role-of-role', profiles), login('sso'));
    assert.deepEqual(renewalOf('console', profiles), {
      kind: 'command',
      arguments: ['login', '--profile', 'console'],
    });
  });

  it('asks for the MFA code again where a role is assumed with keys', () => {
    assert.deepEqual(renewalOf('mfa', profiles), { kind: 'reload' });
  });

  it('names the profile whose credentials come from elsewhere', () => {
    for (const name of ['keys', 'program', 'unknown'])
      assert.deepEqual(renewalOf(name, profiles), { kind: 'manual', profile: name });
    assert.equal(renewalOf('ring-a', profiles).kind, 'manual');
  });
});
