import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SearchSpace, SuggestRequest, Trial } from '../../../src/sandbox/training/contract';
import { createRandom, normal } from '../../../src/sandbox/training/random';
import { stopsAtRung, stopsByMedian } from '../../../src/sandbox/training/search/stopping';
import { gridSize, suggest } from '../../../src/sandbox/training/search/suggest';

const space: SearchSpace = {
  integers: [{ Name: 'max_depth', MinValue: '1', MaxValue: '10' }],
  continuous: [
    { Name: 'eta', MinValue: '0.01', MaxValue: '1', ScalingType: 'Logarithmic' },
    { Name: 'subsample', MinValue: '0.5', MaxValue: '1' },
  ],
  categorical: [{ Name: 'grow_policy', Values: ['depthwise', 'lossguide'] }],
};

function ask(extra: Partial<SuggestRequest> = {}): Record<string, string> {
  return suggest({
    strategy: 'Random',
    space,
    direction: 'Minimize',
    trials: [],
    parentTrials: [],
    running: [],
    index: 0,
    seed: 1,
    ...extra,
  });
}

/** A validation error with its best at depth 6, eta 0.1, subsample 0.8, depthwise; 10 is the least. */
function error(hp: Record<string, string>): number {
  const depth = (Number(hp.max_depth) - 6) / 4;
  const eta = Math.log10(Number(hp.eta) / 0.1);
  const subsample = (Number(hp.subsample) - 0.8) / 0.3;
  return (
    10 +
    depth ** 2 +
    1.5 * eta ** 2 +
    subsample ** 2 +
    0.3 * depth * eta +
    (hp.grow_policy === 'lossguide' ? 0.3 : 0)
  );
}

/** A tuning job on that function, observed with noise; answers its trials and the true error of the best. */
function tune(strategy: SuggestRequest['strategy'], seed: number, jobs: number, parentTrials: Trial[] = []) {
  const noise = createRandom(seed, 99);
  const trials: Trial[] = [];
  for (let index = 0; index < jobs; index++) {
    const hyperparameters = ask({ strategy, seed, index, trials, parentTrials });
    trials.push({ hyperparameters, objective: error(hyperparameters) + 0.05 * normal(noise) });
  }
  return { trials, best: Math.min(...trials.map((trial) => error(trial.hyperparameters))) };
}

const seeds = Array.from({ length: 8 }, (_, i) => i + 1);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('Suggested hyperparameters', () => {
  it('stay within bounds and read as SageMaker prints them, for every strategy, seed and history', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Random' as const, 'Bayesian' as const, 'Hyperband' as const),
        fc.integer(),
        fc.nat(50),
        fc.array(fc.double(), { maxLength: 6 }),
        (strategy, seed, index, objectives) => {
          const trials = objectives.map((objective, i) => ({
            hyperparameters: ask({ index: i }),
            objective,
          }));
          const hp = ask({ strategy, seed, index, trials });
          assert.deepEqual(Object.keys(hp).sort(), ['eta', 'grow_policy', 'max_depth', 'subsample']);
          assert.match(hp.max_depth!, /^([1-9]|10)$/);
          assert.match(hp.eta!, /^[01](\.\d+)?$/);
          assert.ok(Number(hp.eta) >= 0.01 && Number(hp.eta) <= 1);
          assert.ok(Number(hp.subsample) >= 0.5 && Number(hp.subsample) <= 1);
          assert.match(hp.grow_policy!, /^(depthwise|lossguide)$/);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are the same for the same request and differ between jobs and seeds', () => {
    const { trials } = tune('Random', 3, 5);
    for (const strategy of ['Random', 'Bayesian'] as const) {
      const first = ask({ strategy, trials, index: 5 });
      assert.deepEqual(ask({ strategy, trials, index: 5 }), first);
      assert.notDeepEqual(ask({ strategy, trials, index: 6 }), first);
      assert.notDeepEqual(ask({ strategy, trials, index: 5, seed: 2 }), first);
    }
  });

  it('spread over the scale of the range', () => {
    const drawn = (range: object) =>
      Array.from({ length: 400 }, (_, index) =>
        Number(
          ask({
            index,
            space: { integers: [], continuous: [{ Name: 'x', ...range } as never], categorical: [] },
          }).x,
        ),
      );
    const share = (values: number[], below: number) =>
      values.filter((value) => value < below).length / values.length;
    const near = (actual: number, expected: number) =>
      assert.ok(Math.abs(actual - expected) < 0.08, `${actual}`);
    near(share(drawn({ MinValue: '0', MaxValue: '1', ScalingType: 'Linear' }), 0.5), 0.5);
    near(share(drawn({ MinValue: '0.0001', MaxValue: '1', ScalingType: 'Logarithmic' }), 0.01), 0.5);
    near(share(drawn({ MinValue: '0', MaxValue: '0.9999', ScalingType: 'ReverseLogarithmic' }), 0.99), 0.5);
    near(share(drawn({ MinValue: '0.0001', MaxValue: '1', ScalingType: 'Auto' }), 0.01), 0.5);
  });

  it('reach every integer alike', () => {
    const counts = new Map<string, number>();
    for (let index = 0; index < 1000; index++) {
      const depth = ask({ index }).max_depth!;
      counts.set(depth, (counts.get(depth) ?? 0) + 1);
    }
    assert.equal(counts.size, 10);
    for (const count of counts.values()) assert.ok(count > 60 && count < 145, `${count}`);
  });

  it('enumerate a grid once', () => {
    const categorical = [
      { Name: 'a', Values: ['1', '2', '3'] },
      { Name: 'b', Values: ['x', 'y'] },
    ];
    const grid: SearchSpace = { integers: [], continuous: [], categorical };
    const all = Array.from({ length: gridSize(grid) }, (_, index) =>
      ask({ strategy: 'Grid', space: grid, index }),
    );
    assert.equal(new Set(all.map((hp) => `${hp.a}${hp.b}`)).size, 6);
  });
});

describe('Bayesian search', () => {
  it('finds better hyperparameters than random search with as many jobs', () => {
    const bayesian = mean(seeds.map((seed) => tune('Bayesian', seed, 16).best));
    const random = mean(seeds.map((seed) => tune('Random', seed, 16).best));
    assert.ok(bayesian - 10 < 0.6 * (random - 10), `${bayesian} against ${random}`);
  });

  it('maximises as well', () => {
    const { trials } = tune('Random', 5, 20);
    const flipped = trials.map((trial) => ({ ...trial, objective: -trial.objective }));
    assert.deepEqual(
      ask({ strategy: 'Bayesian', direction: 'Maximize', trials: flipped, index: 20 }),
      ask({ strategy: 'Bayesian', trials, index: 20 }),
    );
  });

  it('spreads parallel jobs', () => {
    const { trials } = tune('Random', 7, 12);
    const running: Record<string, string>[] = [];
    for (let index = 12; index < 16; index++)
      running.push(ask({ strategy: 'Bayesian', trials, running, index }));
    assert.equal(new Set(running.map((hp) => JSON.stringify(hp))).size, 4);
  });

  describe('with a warm start', () => {
    const parentOf = (seed: number): Trial[] =>
      tune('Bayesian', seed + 100, 12).trials.map((trial) => ({ ...trial, job: 'parent' }));

    it('begins where the parents were best, and stays ahead of a cold start', () => {
      for (const jobs of [1, 4]) {
        const warm = mean(seeds.map((seed) => tune('Bayesian', seed, jobs, parentOf(seed)).best));
        const cold = mean(seeds.map((seed) => tune('Bayesian', seed, jobs).best));
        assert.ok(warm - 10 < 0.6 * (cold - 10), `${jobs} jobs: ${warm} against ${cold}`);
      }
    });

    it('learns from parents whose metric has another level and scale, as with other data', () => {
      const scaled = (seed: number) =>
        parentOf(seed).map((trial) => ({ ...trial, objective: 500 + 30 * trial.objective }));
      const warm = mean(seeds.map((seed) => tune('Bayesian', seed, 4, scaled(seed)).best));
      const cold = mean(seeds.map((seed) => tune('Bayesian', seed, 4).best));
      assert.ok(warm - 10 < 0.7 * (cold - 10), `${warm} against ${cold}`);
    });

    it('uses parents that had tuned fewer hyperparameters, and ignores failed trials', () => {
      const parentTrials = parentOf(1).map(({ hyperparameters: { subsample: _, ...rest }, objective }) => ({
        hyperparameters: rest,
        objective,
      }));
      const broken = { hyperparameters: ask(), objective: Number.NaN };
      const hp = ask({ strategy: 'Bayesian', parentTrials: [...parentTrials, broken] });
      assert.ok(error({ ...hp, subsample: '0.8' }) < 11);
    });
  });
});

describe('Early stopping of training jobs', () => {
  const others = [
    [10, 8, 6],
    [10, 9, 8],
    [10, 7, 5],
  ];

  it('by the median: a job worse than the others were on average at that round', () => {
    assert.equal(stopsByMedian({ curve: [12, 11, 10], others, direction: 'Minimize' }), true);
    assert.equal(stopsByMedian({ curve: [12, 9, 7], others, direction: 'Minimize' }), false);
    assert.equal(stopsByMedian({ curve: [12, 11, 10], others, direction: 'Maximize' }), false);
    assert.equal(stopsByMedian({ curve: [99], others: others.slice(1), direction: 'Minimize' }), false);
  });

  it('by rungs: at each tripling of the rounds only the best third goes on', () => {
    const resources = { min: 1, max: 27 };
    const at = (curve: number[]) => stopsAtRung({ curve, others, direction: 'Minimize' }, resources);
    assert.equal(at([12, 11, 10]), true, 'worse than two of three');
    assert.equal(at([12, 11, 4]), false, 'the best');
    assert.equal(at([12, 11]), false, 'between rungs');
    assert.equal(
      stopsAtRung({ curve: [99], others: [], direction: 'Minimize' }, resources),
      false,
      'nobody to compare',
    );
  });
});
