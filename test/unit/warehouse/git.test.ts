import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitState, withoutCredentials } from '../../../src/warehouse/git';

describe('the state of the project in Git', () => {
  let folder: string;
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'warmstart-git-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is commit, remote and whether anything differs', async () => {
    git('init', '-q');
    git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-q', '--allow-empty', '-m', 'one');
    const commit = git('rev-parse', 'HEAD');
    assert.deepEqual(await gitState(folder), { commit, dirty: false });
    git('remote', 'add', 'origin', 'https://me:token@example.org/a/b.git');
    writeFileSync(join(folder, 'new'), '');
    assert.deepEqual(await gitState(folder), { commit, dirty: true, remote: 'https://example.org/a/b.git' });
  });

  it('is nothing outside a work tree, and before the first commit', async () => {
    assert.equal(await gitState(folder), undefined);
    git('init', '-q');
    assert.equal(await gitState(folder), undefined);
  });

  it('holds no credentials of the remote', () => {
    assert.equal(withoutCredentials('https://token@example.org/a.git'), 'https://example.org/a.git');
    assert.equal(withoutCredentials('https://u:p@ss@example.org/a.git'), 'https://example.org/a.git');
    assert.equal(withoutCredentials('ssh://git:pw@example.org/a.git'), 'ssh://git@example.org/a.git');
    assert.equal(withoutCredentials('git@example.org:a/b.git'), 'git@example.org:a/b.git');
  });
});
