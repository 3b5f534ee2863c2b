import assert from 'node:assert/strict';
import type { Model } from '../../../src/project/project';
import type { Version } from '../../../src/registry/versions';
import { inventory } from '../../../src/release/inventory';
import type { Live } from '../../../src/release/plan';
import { liveOf, manifestOf, targetOf, versionOf } from './build';

const model = (name: string) => ({ name, targetModel: `${name}.tar.gz` }) as Model;

function look(
  live: Live | null,
  versions: Version[],
  admitted: Version | null,
  requires: 'approved' | 'pending' = 'approved',
) {
  return inventory({
    models: [model('a')],
    live,
    versions: new Map([['a', versions]]),
    admitted: new Map([['a', admitted]]),
    requires,
  });
}

describe('The inventory of an endpoint', () => {
  const live = () => liveOf(manifestOf('1', [targetOf('a', 2)]));

  it('has no mark where the admitted version serves', () => {
    const [row] = look(live(), [versionOf('a', 2)], versionOf('a', 2));
    assert.deepEqual([row?.version, row?.approval, row?.marks], [2, 'Approved', []]);
  });

  it('marks a version as stale when a higher one is admitted', () => {
    assert.deepEqual(look(live(), [versionOf('a', 3), versionOf('a', 2)], versionOf('a', 3))[0]?.marks, [
      'stale',
    ]);
  });

  it('marks a version that was rejected after its release', () => {
    const rejected = versionOf('a', 2, { approval: 'Rejected' });
    assert.deepEqual(look(live(), [rejected, versionOf('a', 1)], versionOf('a', 1))[0]?.marks, [
      'not-approved',
    ]);
  });

  it('marks a version that waits for approval only where the environment asks for it', () => {
    const pending = versionOf('a', 2, { approval: 'PendingManualApproval' });
    assert.deepEqual(look(live(), [pending], null)[0]?.marks, ['not-approved']);
    assert.deepEqual(look(live(), [pending], pending, 'pending')[0]?.marks, []);
  });

  it('marks what a release brought that was never proven', () => {
    const unproven = liveOf(manifestOf('1', [targetOf('a', 2)], { status: 'failed' }));
    assert.deepEqual(look(unproven, [versionOf('a', 2)], versionOf('a', 2))[0]?.marks, ['unverified']);
  });

  it('marks a file that is not the one that was released', () => {
    const drifted = live();
    drifted.artifacts[0]!.etag = 'other';
    assert.deepEqual(look(drifted, [versionOf('a', 2)], versionOf('a', 2))[0]?.marks, ['drifted']);
  });

  it('marks a model that the endpoint lacks', () => {
    const [row] = look(null, [versionOf('a', 2)], versionOf('a', 2));
    assert.deepEqual([row?.version, row?.marks, row?.admitted], [null, ['missing'], 2]);
  });

  it('recognises the version of an artifact that was copied by hand, by its ETag', () => {
    const byHand = { ...live(), manifest: undefined };
    const [row] = look(byHand, [versionOf('a', 3), versionOf('a', 2)], versionOf('a', 3));
    assert.deepEqual([row?.version, row?.marks], [2, ['stale']]);
  });

  it('shows artifacts that no model of the project owns as unmanaged', () => {
    const more = live();
    more.artifacts.push({ targetModel: 'x.tar.gz', key: 'x', etag: 'x', size: 1 });
    const rows = look(more, [versionOf('a', 2)], versionOf('a', 2));
    assert.deepEqual(rows[1], {
      targetModel: 'x.tar.gz',
      model: null,
      version: null,
      packageArn: null,
      approval: null,
      admitted: null,
      marks: ['unmanaged'],
      artifact: { key: 'x', etag: 'x', size: 1 },
    });
  });
});
