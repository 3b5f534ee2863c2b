import assert from 'node:assert/strict';
import type { ProfileInfo } from '../../../src/aws/profiles';
import {
  byFit,
  hasAmbientCredentials,
  type ProfileFacts,
  profileFor,
  withChoice,
} from '../../../src/vscode/connection-profile';

const production = { name: 'production', accountId: '333333333333', profile: 'acme-prod' };
const facts = (changes: Partial<ProfileFacts> = {}): ProfileFacts => ({
  own: {},
  known: ['acme-prod', 'mine', 'other'],
  trusted: true,
  ambient: false,
  ...changes,
});

describe('the profile of an environment', () => {
  it('is what the person chose, by the environment’s name before its account', () => {
    assert.deepEqual(profileFor(production, facts({ own: { '333333333333': 'mine' } })), { profile: 'mine' });
    const both = { '333333333333': 'mine', production: 'other' };
    assert.deepEqual(profileFor(production, facts({ own: both })), { profile: 'other' });
  });

  it('is never another than the person’s choice, even when this machine lacks it', () => {
    assert.equal(profileFor(production, facts({ own: { production: 'gone' }, ambient: true })), undefined);
  });

  it('is the project’s suggestion where there is no choice and the machine has it', () => {
    assert.deepEqual(profileFor(production, facts()), { profile: 'acme-prod' });
    assert.equal(profileFor(production, facts({ known: ['mine'] })), undefined);
  });

  it('is the default chain in a container, under AWS_PROFILE, or with a default profile', () => {
    assert.deepEqual(profileFor(production, facts({ known: [], ambient: true })), { profile: undefined });
    assert.deepEqual(profileFor(production, facts({ known: ['default'] })), { profile: undefined });
  });

  it('is the person’s own alone where the workspace is not trusted', () => {
    assert.equal(
      profileFor(production, facts({ trusted: false, ambient: true, known: ['acme-prod', 'default'] })),
      undefined,
    );
    const own = { production: 'mine' };
    assert.deepEqual(profileFor(production, facts({ trusted: false, own })), { profile: 'mine' });
  });

  it('is no value of a wrong type, and no word that every object inherits', () => {
    assert.deepEqual(profileFor(production, facts({ own: { production: 7 } })), { profile: 'acme-prod' });
    assert.deepEqual(profileFor({ ...production, name: 'constructor' }, facts()), { profile: 'acme-prod' });
  });
});

describe('a new choice', () => {
  it('is kept under the account, or under the name where that had an entry of its own', () => {
    assert.deepEqual(withChoice({ '1': 'a' }, production, 'mine'), { '1': 'a', '333333333333': 'mine' });
    assert.deepEqual(withChoice({ production: 'a' }, production, 'mine'), { production: 'mine' });
  });

  it('is offered in the order of fit: this account, unknown ones, others', () => {
    const profile = (name: string, accountId?: string): ProfileInfo => ({
      name,
      accountId,
      kind: 'sso',
      region: undefined,
      endpointUrl: undefined,
      sourceProfile: undefined,
    });
    const offered = byFit(
      [profile('z', '111111111111'), profile('b'), profile('a'), profile('y', '333333333333')],
      '333333333333',
    );
    assert.deepEqual(
      offered.map(({ name }) => name),
      ['y', 'a', 'b', 'z'],
    );
  });
});

describe('ambient credentials', () => {
  it('are those of variables and containers', () => {
    assert.equal(hasAmbientCredentials({ PATH: '/bin', AWS_REGION: 'us-east-1', AWS_PROFILE: '' }), false);
    assert.equal(hasAmbientCredentials({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/x' }), true);
  });
});
