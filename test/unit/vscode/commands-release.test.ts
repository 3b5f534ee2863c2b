import assert from 'node:assert/strict';
import { parseProject } from '../../../src/project/load';
import type { PlannedTarget, ReleasePlan } from '../../../src/release/plan';
import {
  actionText,
  changesOf,
  placeOf,
  planMarkdown,
  releaseDetail,
  releasedText,
  rollBackDetail,
  rollBackGoals,
  rolledBackText,
} from '../../../src/vscode/commands/release-texts';
import { plainL10n } from '../../../src/vscode/trees/l10n';
import { sample } from '../project/sample';
import { manifest } from './trees-fixtures';

const { project } = parseProject(sample, '/p/warmstart.json');
assert.ok(project);
const place = placeOf(project, 'production', { name: 'flights' });

const planned = (own: Partial<PlannedTarget> = {}): PlannedTarget => ({
  targetModel: 'delay-ord.tar.gz',
  model: 'delay-ord',
  action: 'update',
  from: 2,
  to: 3,
  version: null,
  held: null,
  notes: [],
  ...own,
});
const plan = (own: Partial<ReleasePlan> = {}): ReleasePlan => ({
  first: false,
  image: 'xgboost:1.7-1',
  targets: [planned()],
  nothingToDo: false,
  refusals: [],
  notes: [],
  ...own,
});

describe('a release', () => {
  it('knows its place', () => {
    assert.deepEqual(place, {
      endpointName: 'flights',
      environment: 'production',
      accountId: '333333333333',
      region: 'us-east-1',
      protected: true,
    });
  });

  it('says of each target model what becomes of it', () => {
    const texts: [Partial<PlannedTarget>, string][] = [
      [{ action: 'add', from: null, to: 1 }, 'new: version 1'],
      [{ action: 'update' }, 'version 2 → 3'],
      [{ action: 'update', from: 3 }, 'version 3 is put back'],
      [{ action: 'update', from: null }, 'version unknown → 3'],
      [{ action: 'restore', from: 3, to: 2 }, 'back from version 3 to 2'],
      [{ action: 'keep' }, 'stays: version 2'],
      [{ action: 'carry' }, 'carried along unchanged'],
      [{ action: 'remove', to: null }, 'REMOVED: callers lose version 2'],
      [{ action: 'absent', from: null, to: null }, 'no version is admitted'],
    ];
    for (const [own, text] of texts) assert.equal(actionText(plainL10n, planned(own)), text);
  });

  it('asks in a protected environment with account, endpoint and the versions that change', () => {
    const asked = plan({
      targets: [planned(), planned({ targetModel: 'delay-atl.tar.gz', action: 'keep' })],
      notes: ['It was never verified.'],
    });
    assert.deepEqual(releaseDetail(plainL10n, place, asked).split('\n'), [
      'Account: 333333333333 (production, us-east-1)',
      'Endpoint: flights',
      '',
      'delay-ord.tar.gz: version 2 → 3',
      '⚠ It was never verified.',
    ]);
    assert.equal(changesOf(asked).length, 1);
    assert.match(
      releaseDetail(plainL10n, place, plan({ first: true })),
      /Endpoint: flights, which is created/,
    );
    const again = plan({ targets: [planned({ action: 'keep' })] });
    assert.match(releaseDetail(plainL10n, place, again), /The same versions are released/);
  });

  it('is planned in a document with refusals, notes and every target model', () => {
    const text = planMarkdown(
      plainL10n,
      place,
      plan({
        first: true,
        refusals: ['Two containers.'],
        notes: ['Interrupted before.'],
        targets: [planned({ notes: ['version 4: it waits for approval', 'b|c'] })],
      }),
    );
    assert.match(
      text,
      /\| delay\\-ord\\.tar\\.gz \| version 2 → 3 \| version 4\\: it waits for approval\\; b\\\|c \|/,
    );
    const plain = text.replaceAll('\\', '');
    assert.match(plain, /^# Release flights to production$/m);
    assert.match(plain, /> ✗ Refused: Two containers\./);
    assert.match(plain, /> ⚠ Interrupted before\./);
    assert.match(plain, /The endpoint does not exist yet/);
    assert.doesNotMatch(plain, /Nothing to do/);
    assert.match(planMarkdown(plainL10n, place, plan({ nothingToDo: true })), /Nothing to do/);
  });

  it('tells what serves when it is done', () => {
    const done = manifest({ verified: { at: '', probes: 5 } });
    assert.equal(
      releasedText(plainL10n, done),
      'flights in qa serves release 20261122-090000-ab12: 1 target models, 5 probes answered as expected.',
    );
    assert.equal(
      rolledBackText(plainL10n, { ...done, kind: 'rollback', rolledBackTo: 'r1' }),
      'flights in qa serves release r1 again; 5 probes answered as expected.',
    );
  });
});

describe('a rollback', () => {
  const target = (targetModel: string, version: number) => ({
    ...manifest().targets[0]!,
    targetModel,
    version,
  });

  it('goes to releases that were finished and are still there, other than the one that serves', () => {
    const goals = rollBackGoals(
      [
        manifest({ releaseId: 'r6', status: 'in-progress' }),
        manifest({ releaseId: 'r5', kind: 'rollback' }),
        manifest({ releaseId: 'r4' }),
        manifest({ releaseId: 'r3', status: 'rolled-back' }),
        manifest({ releaseId: 'r2' }),
        manifest({ releaseId: 'r1', prunedAt: '2026-01-01T00:00:00.000Z' }),
      ],
      'r4',
    );
    assert.deepEqual(
      goals.map(({ releaseId }) => releaseId),
      ['r2'],
    );
  });

  it('names the versions that change and the target models that go', () => {
    const serving = manifest({ targets: [target('a', 3), target('b', 2), target('c', 1)] });
    const goal = manifest({ releaseId: 'r1', targets: [target('a', 2), target('b', 2)] });
    assert.deepEqual(rollBackDetail(plainL10n, place, goal, serving).split('\n'), [
      'Account: 333333333333 (production, us-east-1)',
      'Endpoint: flights',
      'Back to release r1 of 2026-11-22 09:00',
      '',
      'a: version 3 → 2',
      'c: REMOVED, callers lose it',
    ]);
    assert.match(rollBackDetail(plainL10n, place, goal, goal), /The same versions as now/);
    assert.match(rollBackDetail(plainL10n, place, goal, undefined), /a: version – → 2/);
  });
});
