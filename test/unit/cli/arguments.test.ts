import assert from 'node:assert/strict';
import { collected, positive, readText } from '../../../src/cli/arguments';
import { environmentLines } from '../../../src/cli/commands/local-aws';

describe('Arguments of a command', () => {
  it('are whole numbers where they must be', () => {
    assert.equal(positive('12', '--limit'), 12);
    for (const text of ['0', '-1', '1.5', 'x', '', ' 1', '1e3', '99999999999999999999'])
      assert.throws(() => positive(text, '--limit'), { code: 'usage.number', kind: 'usage' }, text);
  });

  it('name files that are there', async () => {
    await assert.rejects(readText('/no/such/file'), { code: 'usage.no-file', kind: 'usage' });
  });

  it('may be given several times', () => {
    assert.deepEqual(collected('b', collected('a')), ['a', 'b']);
  });

  it('of a shell are quoted, so that a home may have spaces', () => {
    const info = {
      endpoint: 'http://127.0.0.1:1',
      port: 1,
      home: '/tmp/a b',
      configFile: '/tmp/a b/aws/config',
      projectFile: '/tmp/a b/project/warmstart.json',
      profiles: {},
      warehouse: { host: '127.0.0.1', port: 2, database: 'd', user: 'u' },
      pid: 3,
    };
    assert.match(environmentLines(info)[0] ?? '', /AWS_CONFIG_FILE ?= ?"\/tmp\/a b\/aws\/config"$/);
  });
});
