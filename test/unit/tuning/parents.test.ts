import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Candidate } from '../../../src/tuning/candidates';
import { type Child, chooseParents, countChanges, objection } from '../../../src/tuning/parents';
import { candidate, child, historyRow, image } from './fixtures';

const policy = 'latest-not-rejected';
const on = (day: number) => `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
const series = (n: number, over: Partial<Candidate> = {}) =>
  Array.from({ length: n }, (_, i) => candidate(`job-${i + 1}`, { createdAt: on(i + 1), ...over }));

describe('choice of parents', () => {
  it('takes the newest that fit, newest first, and spares the rest', () => {
    const choice = chooseParents({ child, wanted: 2, candidates: series(4), policy });
    assert.deepEqual(
      choice.parents.map((p) => p.name),
      ['job-4', 'job-3'],
    );
    assert.deepEqual(
      choice.spare.map((p) => p.name),
      ['job-2', 'job-1'],
    );
    assert.deepEqual(choice.refused, []);
    assert.equal(choice.coldStartReason, undefined);
  });

  it('never takes more than five', () => {
    assert.equal(chooseParents({ child, wanted: 9, candidates: series(8), policy }).parents.length, 5);
  });

  it('starts cold, and says so, when there is none or none fits', () => {
    const none = chooseParents({ child, wanted: 1, candidates: [], policy });
    assert.equal(none.coldStartReason, 'Cold start: there is no earlier tuning job of delay-ord.');
    const gone = { name: 'old', reason: 'old no longer exists in SageMaker.' };
    const one = chooseParents({
      child,
      wanted: 1,
      candidates: series(1, { succeeded: 0 }),
      policy,
      refused: [gone],
    });
    assert.equal(
      one.coldStartReason,
      'Cold start: none of the 2 earlier tuning jobs of delay-ord can be a parent.',
    );
    assert.deepEqual(one.refused, [
      gone,
      { name: 'job-1', reason: 'job-1 has no training job that succeeded.' },
    ]);
  });

  for (const strategy of ['Hyperband', 'Grid'] as const) {
    it(`does not warm-start a job with strategy ${strategy}`, () => {
      const choice = chooseParents({
        child: { ...child, strategy },
        wanted: 1,
        candidates: series(2),
        policy,
      });
      assert.deepEqual(choice.parents, []);
      assert.match(choice.coldStartReason ?? '', new RegExp(strategy));
    });
  }

  const turnedDown: [what: string, over: Partial<Candidate>, reason: RegExp][] = [
    ['another layer', { row: historyRow('j', { layer: 'trains' }) }, /layer trains, not flights/],
    ['another model', { row: historyRow('j', { model: 'delay-jfk' }) }, /model delay-jfk/],
    ['another account', { account: '222222222222' }, /account 222222222222/],
    ['another region', { region: 'eu-west-1' }, /eu-west-1/],
    [
      'another objective',
      { fixed: { objective: 'count:poisson' } },
      /objective count:poisson, not reg:squarederror/,
    ],
    ['another metric', { metric: 'validation:mae' }, /tuned for validation:mae, not validation:rmse/],
    ['the other direction', { type: 'Maximize' }, /to Maximize validation:rmse, not to Minimize it/],
    [
      'another algorithm',
      { image: '1.dkr.ecr.us-east-1.amazonaws.com/own:1' },
      /only the version of the image may differ/,
    ],
    ['a testing run', { row: historyRow('j', { testing: true }) }, /testing run/],
    ['a job under way', { status: 'InProgress' }, /has not ended; it is InProgress/],
    ['a job without success', { succeeded: 0 }, /no training job that succeeded/],
    ['a job before warm start', { createdAt: '2018-09-30T23:59:59.000Z' }, /older than 2018-10-01/],
    ['a Hyperband job', { strategy: 'Hyperband' }, /strategy Hyperband/],
    ['several definitions', { definition: undefined }, /several training job definitions/],
    ['a rejected version', { approval: 'Rejected' }, /rejected/],
    ['a deleted version', { approval: 'Deleted' }, /deleted from the registry/],
    ['a name too few', { tuned: { eta: 'Continuous' } }, /lacks num_round/],
    ['a name too many', { fixed: { ...child.fixed, seed: '1' } }, /has seed, which the new job has not/],
    [
      'another kind',
      { tuned: { eta: 'Continuous', num_round: 'Continuous' } },
      /num_round as Continuous, not as Integer/,
    ],
  ];
  for (const [what, over, reason] of turnedDown) {
    it(`turns down ${what}, as a sentence with the job's name`, () => {
      const choice = chooseParents({ child, wanted: 1, candidates: [candidate('job-x', over)], policy });
      assert.deepEqual(choice.parents, []);
      assert.equal(choice.refused.length, 1);
      assert.match(choice.refused[0]?.reason ?? '', reason);
      assert.match(choice.refused[0]?.reason ?? '', /^job-x .*\.$/);
      assert.match(
        choice.coldStartReason ?? '',
        /the one earlier tuning job of delay-ord cannot be a parent/,
      );
    });
  }

  it('admits Stopped and Failed jobs that brought results, and another version of the image', () => {
    for (const over of [
      { status: 'Stopped' },
      { status: 'Failed', succeeded: 1 },
      { image: image('1.5-1') },
    ]) {
      assert.equal(objection(child, candidate('j', over), policy), undefined);
    }
  });

  it('takes a hyperparameter named objective, of an image of one’s own, for one like any other', () => {
    const own: Child = { ...child, objective: 'custom', fixed: { objective: 'mse' } };
    const row = historyRow('j', { objective: 'custom' });
    assert.equal(objection(own, candidate('j', { row, fixed: { objective: 'mae' } }), policy), undefined);
  });

  it('follows the policy on the version that came of a job', () => {
    const admits = (from: 'latest' | 'latest-not-rejected' | 'latest-approved') =>
      ['Approved', 'PendingManualApproval', null, 'Rejected', 'Deleted'].filter(
        (approval) => objection(child, candidate('j', { approval }), from) === undefined,
      );
    assert.deepEqual(admits('latest'), ['Approved', 'PendingManualApproval', null, 'Rejected', 'Deleted']);
    assert.deepEqual(admits('latest-not-rejected'), ['Approved', 'PendingManualApproval', null]);
    assert.deepEqual(admits('latest-approved'), ['Approved']);
  });

  it('lets tuned and static change places, within ten changes', () => {
    const names = Array.from({ length: 6 }, (_, i) => `p${i}`);
    const tuned = Object.fromEntries(names.map((name) => [name, 'Continuous' as const]));
    const fixed = (n: number) => Object.fromEntries(names.slice(0, n).map((name) => [name, '1']));
    const all: Child = { ...child, tuned: {}, fixed: { ...child.fixed, ...fixed(6) } };
    const parent = candidate('j', { tuned, fixed: child.fixed });
    assert.equal(countChanges(all, parent), 12);
    assert.match(objection(all, parent, policy) ?? '', /by 12 changes; SageMaker allows 10/);
    const five: Child = { ...child, tuned: { p5: 'Continuous' }, fixed: { ...child.fixed, ...fixed(5) } };
    assert.equal(countChanges(five, parent), 10);
    assert.equal(objection(five, parent, policy), undefined);
    // From static to tuned costs nothing, a new value one.
    assert.equal(
      countChanges({ tuned: { a: 'Integer' }, fixed: { b: '2' } }, { tuned: {}, fixed: { a: '1', b: '1' } }),
      1,
    );
  });

  it('needs the same image and data for IdenticalDataAndAlgorithm', () => {
    const identical: Child = { ...child, warmStartType: 'IdenticalDataAndAlgorithm' };
    assert.match(objection(identical, candidate('j'), policy) ?? '', /trained on other data/);
    assert.match(
      objection(identical, candidate('j', { data: child.data, image: image('1.5-1') }), policy) ?? '',
      /another version/,
    );
    assert.equal(objection(identical, candidate('j', { data: child.data }), policy), undefined);
  });

  it('keeps the training jobs of the whole family within what SageMaker counts', () => {
    const big = series(3, { trainingJobs: 300 });
    const choice = chooseParents({ child, wanted: 3, candidates: big, policy });
    assert.deepEqual(
      choice.parents.map((p) => p.name),
      ['job-3', 'job-2'],
    );
    assert.match(choice.refused[0]?.reason ?? '', /job-1 ran 300 training jobs.* more than the 750/);
    assert.match(choice.notes[0] ?? '', /610 training jobs together; SageMaker may refuse more than 500/);
    const small = candidate('job-0', { createdAt: on(1), trainingJobs: 5 });
    const room = chooseParents({
      child,
      wanted: 3,
      candidates: [...big.slice(1), small, candidate('huge', { createdAt: on(9), trainingJobs: 800 })],
      policy,
    });
    assert.deepEqual(
      room.parents.map((p) => p.name),
      ['job-3', 'job-2', 'job-0'],
      'a smaller one may still fit',
    );
  });

  it('says that grandparents do not count', () => {
    const choice = chooseParents({
      child,
      wanted: 1,
      candidates: [candidate('b', { parents: ['a'] })],
      policy,
    });
    assert.match(choice.notes[0] ?? '', /not recursive: what a found/);
    const both = chooseParents({
      child,
      wanted: 2,
      candidates: [candidate('b', { parents: ['a'], createdAt: on(2) }), candidate('a')],
      policy,
    });
    assert.deepEqual(both.notes, []);
  });

  it('holds for any candidates: bounded, none refused is chosen, none is lost, and order does not matter', () => {
    const any = fc.uniqueArray(
      fc.record({
        name: fc.stringMatching(/^[a-z]{1,3}$/),
        createdAt: fc.integer({ min: 1, max: 28 }).map(on),
        status: fc.constantFrom('Completed', 'Stopped', 'InProgress'),
        succeeded: fc.nat(2),
        trainingJobs: fc.nat(400),
        approval: fc.constantFrom('Approved', 'Rejected', 'PendingManualApproval', null),
        type: fc.constantFrom('Minimize', 'Maximize'),
      }),
      { selector: (c) => c.name, maxLength: 8 },
    );
    const froms = fc.constantFrom(
      'latest' as const,
      'latest-not-rejected' as const,
      'latest-approved' as const,
    );
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 5 }), froms, fc.integer(), (facts, wanted, from, seed) => {
        const candidates = facts.map(({ name, ...over }) => candidate(name, over));
        const choice = chooseParents({ child, wanted, candidates, policy: from });
        const names = choice.parents.map((p) => p.name);
        assert.ok(names.length <= wanted);
        for (const parent of choice.parents) assert.equal(objection(child, parent, from), undefined);
        assert.deepEqual(
          [...names, ...choice.refused.map((r) => r.name), ...choice.spare.map((s) => s.name)].sort(),
          facts.map((f) => f.name).sort(),
        );
        const jobs = choice.parents.reduce((sum, p) => sum + p.trainingJobs, child.maxJobs);
        assert.ok(jobs <= 750);
        assert.equal(choice.coldStartReason === undefined, names.length > 0);
        const shuffled = [...candidates].sort((a, b) => hash(a.name, seed) - hash(b.name, seed));
        assert.deepEqual(chooseParents({ child, wanted, candidates: shuffled, policy: from }), choice);
      }),
      { numRuns: 60 },
    );
  });
});

function hash(text: string, seed: number): number {
  return [...text].reduce((h, c) => (Math.imul(h, 31) + c.charCodeAt(0)) | 0, seed);
}
