import assert from 'node:assert/strict';
import type { Manifest } from '../../../src/release/manifest';
import { previousOf } from '../../../src/release/manifest';
import { prunable } from '../../../src/release/retention';
import { manifestOf } from './build';

const chain = (ids: string[], over: (id: string) => Partial<Manifest> = () => ({})) =>
  ids.map((id, i) => manifestOf(id, [], { previousRelease: ids[i - 1] ?? null, ...over(id) })).reverse();

describe('Retention of releases', () => {
  it('keeps the newest N that reached callers', () => {
    const old = prunable(chain(['1', '2', '3', '4', '5']), 'flights-5', 3);
    assert.deepEqual(
      old.map((m) => m.releaseId),
      ['2', '1'],
    );
  });

  it('never removes the live release or the one before it, however old they are', () => {
    const old = prunable(chain(['1', '2', '3', '4', '5']), 'flights-2', 1);
    assert.deepEqual(
      old.map((m) => m.releaseId),
      ['4', '3'],
    );
  });

  it('never touches a release in progress, and failed ones only when they are older than what is kept', () => {
    const releases = chain(['1', '2', '3', '4', '5'], (id) =>
      id === '1'
        ? { status: 'failed' }
        : id === '4'
          ? { status: 'failed' }
          : id === '5'
            ? { status: 'in-progress' }
            : {},
    );
    assert.deepEqual(
      prunable(releases, 'flights-3', 2).map((m) => m.releaseId),
      ['1'],
    );
  });

  it('keeps the release that an in-place rollback went back to, though its config is another', () => {
    const releases = chain(['1', '2', '3', '4'], () => ({ kind: 'in-place' }));
    const rollback = manifestOf('5', [], { kind: 'rollback', rolledBackTo: '2', previousRelease: '4' });
    assert.deepEqual(
      prunable([rollback, ...releases], 'flights-5', 1).map((m) => m.releaseId),
      ['3'],
    );
  });

  it('removes nothing twice', () => {
    const releases = chain(['1', '2', '3'], (id) => (id === '1' ? { prunedAt: '2026-01-01' } : {}));
    assert.deepEqual(prunable(releases, 'flights-3', 1), []);
  });
});

describe('The release to go back to', () => {
  it('is the one that served before the live one', () => {
    const releases = chain(['1', '2', '3']);
    assert.equal(previousOf(releases, releases[0]!).releaseId, '2');
  });

  it('is refused for the first release and for one that retention removed', () => {
    assert.throws(() => previousOf(chain(['1']), chain(['1'])[0]!), { code: 'release.no-previous' });
    const releases = chain(['1', '2'], (id) => (id === '1' ? { prunedAt: '2026-01-01' } : {}));
    assert.throws(() => previousOf(releases, releases[0]!), { code: 'release.pruned' });
  });
});
