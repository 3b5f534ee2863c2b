import assert from 'node:assert/strict';
import { Cancelled, WarmstartError } from '../../../src/errors';
import { asEngineError, describeError, needsSignIn } from '../../../src/vscode/engine-error';

describe('an error of the engine', () => {
  it('is known by its shape, whichever bundle’s class it is of', () => {
    const shaped = Object.assign(new Error('No.'), { code: 'aws.x', kind: 'refused', remedy: 'Do.' });
    const expected = { code: 'aws.x', kind: 'refused', message: 'No.', remedy: 'Do.' };
    assert.deepEqual(asEngineError(shaped), expected);
    assert.deepEqual(
      asEngineError(new WarmstartError('aws.x', 'No.', { kind: 'refused', remedy: 'Do.' })),
      expected,
    );
  });

  it('is cancelled when a person, VS Code or a signal cancelled', () => {
    const named = (name: string) => Object.assign(new Error('x'), { name });
    for (const error of [new Cancelled(), named('Canceled'), named('AbortError')])
      assert.equal(asEngineError(error).kind, 'cancelled');
  });

  it('is unexpected when it is anything else, Node’s codes included', () => {
    const node = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    for (const error of [node, 'text', undefined, null, { kind: 'odd', code: 'x' }])
      assert.equal(asEngineError(error).code, 'unexpected');
    assert.equal(asEngineError('text').message, 'text');
  });

  it('is described with its causes, with a stack only where nobody expected it', () => {
    const cause = new Error('socket');
    const text = describeError(new WarmstartError('aws.network', 'No answer.', { remedy: 'Check.', cause }));
    assert.match(text, /^aws\.network: No answer\.\n {2}Check\.\ncaused by Error: socket\n\s+at /);
    const endless = new Error('a');
    endless.cause = endless;
    assert.ok(describeError(endless).length < 100_000);
  });

  it('needs a sign-in when it is about credentials, not when it is about permissions', () => {
    assert.ok(needsSignIn('aws.session-expired') && needsSignIn('aws.no-credentials'));
    assert.ok(!needsSignIn('aws.access-denied') && !needsSignIn('aws.wrong-account'));
  });
});
