import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  allows,
  matchesGlob,
  PolicyError,
  type PolicyRequest,
  parsePolicy,
} from '../../../src/sandbox/policy';

const qa = '222222222222';
const reader: PolicyRequest = {
  principalArn: `arn:aws:sts::${qa}:assumed-role/Deployer/session`,
  accountId: qa,
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::acme/output/model.tar.gz',
};

const statement = (over: Record<string, unknown> = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${qa}:root` },
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::acme/output/*',
  ...over,
});

const verdict = (statements: object | object[], request: Partial<PolicyRequest> = {}) =>
  allows(parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements })), {
    ...reader,
    ...request,
  });

describe('resource policies', () => {
  it('say nothing about what no statement matches', () => {
    assert.equal(verdict(statement()), 'allow');
    assert.equal(verdict(statement(), { action: 's3:PutObject' }), 'none');
    assert.equal(verdict(statement(), { resource: 'arn:aws:s3:::acme/input/x' }), 'none');
    assert.equal(verdict(statement(), { accountId: '333333333333' }), 'none');
  });

  it('let a matching Deny win over every Allow', () => {
    const deny = statement({ Effect: 'Deny', Principal: '*', Resource: '*' });
    assert.equal(verdict([statement(), deny]), 'deny');
    assert.equal(verdict([deny, statement()]), 'deny');
  });

  for (const principal of [
    qa,
    `arn:aws:iam::${qa}:root`,
    `arn:aws:iam::${qa}:role/Deployer`,
    '*',
    reader.principalArn,
  ]) {
    it(`know a role session by ${principal}`, () => {
      assert.equal(
        verdict(statement({ Principal: { AWS: ['arn:aws:iam::333333333333:root', principal] } })),
        'allow',
      );
    });
  }

  it('do not take a role for another, nor for one of the same name in another account', () => {
    assert.equal(verdict(statement({ Principal: { AWS: `arn:aws:iam::${qa}:role/Deploy` } })), 'none');
    assert.equal(
      verdict(statement({ Principal: { AWS: 'arn:aws:iam::333333333333:role/Deployer' } })),
      'none',
    );
  });

  it('know a role with a path by its sessions', () => {
    assert.equal(
      verdict(statement({ Principal: { AWS: `arn:aws:iam::${qa}:role/team/ml/Deployer` } })),
      'allow',
    );
  });

  it('compare actions without case and resources with it', () => {
    assert.equal(verdict(statement({ Action: 'S3:getobject*' })), 'allow');
    assert.equal(verdict(statement({ Resource: 'arn:aws:s3:::acme/OUTPUT/*' })), 'none');
  });

  it('turn NotAction and NotResource around', () => {
    const except = { Action: undefined, NotAction: ['s3:Delete*'] };
    assert.equal(verdict(statement(except)), 'allow');
    assert.equal(verdict(statement(except), { action: 's3:DeleteObject' }), 'none');
    assert.equal(
      verdict(statement({ Resource: undefined, NotResource: 'arn:aws:s3:::acme/output/*' })),
      'none',
    );
  });

  it('hold conditions on the prefix and the account, and an absent key never holds', () => {
    const listed = statement({ Condition: { StringLike: { 's3:prefix': ['models/*', 'output/*'] } } });
    assert.equal(verdict(listed, { context: { 's3:prefix': 'output/a' } }), 'allow');
    assert.equal(verdict(listed, { context: { 's3:prefix': 'input/a' } }), 'none');
    assert.equal(verdict(listed), 'none');
    assert.equal(
      verdict(statement({ Condition: { StringEquals: { 'AWS:PrincipalAccount': qa } } })),
      'allow',
    );
    assert.equal(
      verdict(statement({ Condition: { StringEquals: { 'aws:PrincipalAccount': '1' } } })),
      'none',
    );
  });

  const malformed: [string, object][] = [
    [
      'a condition operator that is not evaluated',
      statement({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
    ],
    [
      'a condition key that is not evaluated',
      statement({ Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }),
    ],
    ['an inherited name as operator', statement({ Condition: { toString: { 's3:prefix': 'a' } } })],
    ['NotPrincipal', statement({ NotPrincipal: { AWS: qa } })],
    ['a service principal', statement({ Principal: { Service: 'sagemaker.amazonaws.com' } })],
    ['a wildcard inside a principal', statement({ Principal: { AWS: `arn:aws:iam::${qa}:role/*` } })],
    ['no principal', statement({ Principal: undefined })],
    ['no action', statement({ Action: undefined })],
    ['an empty list', statement({ Resource: [] })],
    ['another effect', statement({ Effect: 'allow' })],
  ];
  for (const [what, value] of malformed) {
    it(`are refused with ${what}`, () => assert.throws(() => verdict(value), PolicyError));
  }

  it('are refused when they are not JSON objects', () => {
    for (const text of [
      '',
      'null',
      '[]',
      '"x"',
      '{}',
      '{"Statement":[]}',
      '{"Version":"2020-01-01","Statement":{}}',
    ]) {
      assert.throws(() => parsePolicy(text), PolicyError, text);
    }
  });
});

describe('wildcards', () => {
  it('match as the same regular expression would', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 10 });
    fc.assert(
      fc.property(pattern, text, (glob, value) => {
        const source = glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        assert.equal(matchesGlob(glob, value), new RegExp(`^${source}$`, 's').test(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('stay fast where backtracking would explode', () => {
    const started = performance.now();
    assert.equal(matchesGlob(`${'*a'.repeat(200)}*b`, 'a'.repeat(20_000)), false);
    assert.ok(performance.now() - started < 2000);
  });
});
