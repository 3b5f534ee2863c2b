import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isHeld, type PlanRequest, planDigest, planRelease } from '../../../src/release/plan';
import { desiredOf, image30, liveOf, manifestOf, targetOf, versionOf } from './build';

const plan = (request: Partial<PlanRequest>) =>
  planRelease({ desired: [], live: null, whenNoneApproved: 'keep', without: [], ...request });

describe('The plan of a release', () => {
  it('adds every admitted version when there is no endpoint yet', () => {
    const { first, targets, nothingToDo } = plan({
      desired: [desiredOf('a', versionOf('a', 3)), desiredOf('b', null)],
    });
    assert.equal(first, true);
    assert.deepEqual(
      targets.map((t) => [t.targetModel, t.action, t.from, t.to]),
      [
        ['a.tar.gz', 'add', null, 3],
        ['b.tar.gz', 'absent', null, null],
      ],
    );
    assert.equal(nothingToDo, false);
  });

  it('has nothing to do when the endpoint already holds the admitted versions', () => {
    const live = liveOf(manifestOf('1', [targetOf('a', 3)]));
    assert.equal(plan({ desired: [desiredOf('a', versionOf('a', 3))], live }).nothingToDo, true);
  });

  it('updates to a higher version and keeps the others', () => {
    const live = liveOf(manifestOf('1', [targetOf('a', 3), targetOf('b', 1)]));
    const { targets } = plan({
      desired: [desiredOf('a', versionOf('a', 4)), desiredOf('b', versionOf('b', 1))],
      live,
    });
    assert.deepEqual(
      targets.map((t) => [t.action, t.from, t.to]),
      [
        ['update', 3, 4],
        ['keep', 1, 1],
      ],
    );
  });

  it('restores the newest approved version when the one that serves was rejected', () => {
    const live = liveOf(manifestOf('1', [targetOf('a', 4)]));
    const desired = [desiredOf('a', versionOf('a', 3), [{ version: 4, reason: 'it was rejected' }])];
    const [target] = plan({ desired, live }).targets;
    assert.deepEqual([target?.action, target?.from, target?.to], ['restore', 4, 3]);
    assert.deepEqual(target?.notes, ['version 4: it was rejected']);
  });

  it('puts back an artifact that was overwritten or deleted behind its back', () => {
    const live = liveOf(manifestOf('1', [targetOf('a', 3), targetOf('b', 1)]));
    live.artifacts[0]!.etag = 'someone-elses';
    live.artifacts.splice(1, 1);
    const desired = [desiredOf('a', versionOf('a', 3)), desiredOf('b', versionOf('b', 1))];
    const { targets, nothingToDo } = plan({ desired, live });
    assert.deepEqual(
      targets.map((t) => t.action),
      ['update', 'update'],
    );
    assert.equal(nothingToDo, false);
  });

  it('keeps or removes a model without an admitted version, as the endpoint says', () => {
    const live = liveOf(manifestOf('1', [targetOf('a', 4)]));
    const desired = [desiredOf('a', null, [{ version: 4, reason: 'it was rejected' }])];
    assert.equal(plan({ desired, live }).targets[0]?.action, 'keep');
    assert.equal(plan({ desired, live, whenNoneApproved: 'remove' }).targets[0]?.action, 'remove');
  });

  it('carries artifacts along that no model of the project owns, so that their callers notice nothing', () => {
    const live = liveOf(manifestOf('1', [targetOf('a', 1)]));
    live.artifacts.push({
      targetModel: 'legacy/x.tar.gz',
      key: 'models/flights/1/legacy/x.tar.gz',
      etag: 'x',
      size: 5,
    });
    const { targets } = plan({ desired: [desiredOf('a', versionOf('a', 2))], live });
    assert.deepEqual(
      targets.map((t) => [t.targetModel, t.action]),
      [
        ['a.tar.gz', 'update'],
        ['legacy/x.tar.gz', 'carry'],
      ],
    );
    assert.equal(targets[1]?.held?.source.key, 'models/flights/1/legacy/x.tar.gz');
  });

  it('leaves out what is named, whether the project owns it or not', () => {
    const live = liveOf(manifestOf('1', [targetOf('a', 1), targetOf('b', 1)]));
    live.artifacts.push({ targetModel: 'x.tar.gz', key: 'k', etag: 'x', size: 5 });
    const desired = [desiredOf('a', versionOf('a', 1)), desiredOf('b', versionOf('b', 1))];
    const { targets } = plan({ desired, live, without: ['b', 'x.tar.gz'] });
    assert.deepEqual(
      targets.map((t) => t.action),
      ['keep', 'remove', 'remove'],
    );
  });

  it('refuses versions of different images, since an endpoint has one container', () => {
    const desired = [
      desiredOf('a', versionOf('a', 1)),
      desiredOf('b', versionOf('b', 1, { image: image30 })),
    ];
    assert.match(plan({ desired }).refusals.join(), /one container/);
  });

  it('in place keeps container and prefix, and needs a bucket that keeps versions', () => {
    const inPlace = { isVersioned: true };
    const live = liveOf(manifestOf('1', [targetOf('a', 1)], { kind: 'in-place', prefix: 'models/' }));
    const desired = [desiredOf('a', versionOf('a', 2))];
    assert.deepEqual(plan({ desired, live, inPlace }).refusals, []);
    const unversioned = plan({ desired, live, inPlace: { isVersioned: false } });
    assert.match(unversioned.refusals.join(), /bucket versioning/);
    const newer = [desiredOf('a', versionOf('a', 2, { image: image30 }))];
    assert.match(plan({ desired: newer, live, inPlace }).refusals.join(), /keeps its container/);
    assert.deepEqual(plan({ desired: newer, live }).refusals, []);
    const ofRelease = liveOf(manifestOf('1', [targetOf('a', 1)]));
    assert.match(plan({ desired, live: ofRelease, inPlace }).refusals.join(), /never overwritten/);
  });

  it('has something to do as long as what serves is unproven, and says so', () => {
    const desired = [desiredOf('a', versionOf('a', 3))];
    for (const [status, words] of [
      ['in-progress', /interrupted.*--resume 1/],
      ['failed', /failed: it was never verified/],
    ] as const) {
      const live = liveOf(manifestOf('1', [targetOf('a', 3)], { status }));
      const { nothingToDo, notes } = plan({ desired, live });
      assert.equal(nothingToDo, false);
      assert.match(notes.join(), words);
    }
    assert.deepEqual(plan({ desired, live: liveOf(manifestOf('1', [targetOf('a', 3)])) }).notes, []);
  });

  it('refuses an endpoint that failed, which SageMaker only lets be deleted', () => {
    const live = { ...liveOf(manifestOf('1', [targetOf('a', 3)])), failure: 'no ping' };
    const { refusals } = plan({ desired: [desiredOf('a', versionOf('a', 3))], live });
    assert.match(refusals.join(), /can only be deleted.*no ping/);
  });

  it('carries what its owner replaced as it is now, and what we carried before from where it was put', () => {
    const carried = targetOf('x', 1, { copy: { key: 'k', etag: 'old' } });
    const live = liveOf(manifestOf('1', [carried]));
    assert.equal(plan({ live }).targets[0]?.held, carried);
    live.artifacts[0]!.etag = 'new';
    const [target] = plan({ live }).targets;
    assert.deepEqual(
      [target?.action, target?.held?.source.etag, target?.held?.copy],
      ['carry', 'new', undefined],
    );
  });

  it('is told from another one by what it would do, and from nothing else', () => {
    const live = liveOf(manifestOf('1', [targetOf('a', 3)]));
    const digest = (version: number, from = live) =>
      planDigest(plan({ desired: [desiredOf('a', versionOf('a', version))], live: from }), from);
    assert.equal(digest(4), digest(4, structuredClone(live)));
    assert.notEqual(digest(4), digest(5));
    assert.notEqual(digest(4), digest(4, { ...live, configName: 'flights-2' }));
  });

  it('refuses to release nothing', () => {
    assert.match(plan({ desired: [desiredOf('a', null)] }).refusals.join(), /no target model/);
  });

  it('never loses a target model that serves, unless it is named or the endpoint says remove', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    const admitted = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(names, names, admitted, (serving, project, versions) => {
        const live = liveOf(
          manifestOf(
            '1',
            serving.map((name) => targetOf(name, 2)),
          ),
        );
        const desired = project.map((name) =>
          desiredOf(name, versions[name] ? versionOf(name, versions[name]) : null),
        );
        const held = plan({ desired, live })
          .targets.filter(isHeld)
          .map((t) => t.targetModel);
        assert.equal(new Set(held).size, held.length);
        for (const name of serving) assert.ok(held.includes(`${name}.tar.gz`));
      }),
    );
  });
});
