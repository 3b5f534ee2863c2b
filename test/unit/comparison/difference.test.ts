import assert from 'node:assert/strict';
import { differenceOf, intervalWords } from '../../../src/comparison/difference';
import { differences } from '../../../src/evaluation/bootstrap';
import { metricsOf } from '../../../src/evaluation/metrics';
import { predictions } from '../evaluation/examples';

function difference(
  metric: string,
  value: number,
  reference: number,
  interval?: [number, number],
  shared = true,
) {
  const [low = 0, high = 0] = interval ?? [];
  return differenceOf(
    metric,
    value,
    {
      metrics: { [metric]: reference },
      shared,
      intervals: new Map(interval ? [[metric, { low, high }]] : []),
    },
    'min',
  );
}

describe('a difference from the baseline', () => {
  it('is signed as candidate − baseline, and judged by the direction of the metric', () => {
    const less = difference('rmse', 31.88, 32.3, [-0.6, -0.2]);
    assert.ok(less && Math.abs(less.delta + 0.42) < 1e-12 && Math.abs((less.percent ?? 0) - 1.3003) < 1e-4);
    assert.deepEqual([less.verdict, less.words], ['better', 'better by 0.42 min (1.3 %)']);
    assert.equal(less.interval, 'better by 0.20–0.60 min');
    const more = difference('auc', 0.91, 0.9, [0.004, 0.016]);
    assert.deepEqual(
      [more?.verdict, more?.words, more?.interval],
      ['better', 'better by 0.01 (1.1 %)', 'better by 0.004–0.016'],
    );
    assert.equal(difference('auc', 0.89, 0.9, [-0.02, -0.004])?.verdict, 'worse');
  });

  it('is uncertain when its interval holds 0, to the very end', () => {
    assert.equal(difference('rmse', 1, 2, [-2, 0.1])?.verdict, 'uncertain');
    assert.equal(difference('rmse', 1, 2, [-2, 0])?.verdict, 'uncertain');
    assert.equal(difference('rmse', 1, 2, [-2, -1e-9])?.verdict, 'better');
    assert.equal(difference('rmse', 2, 2, [-1, 1])?.verdict, 'same');
  });

  it('is uncertain without a known interval, however large, and the same only on the same rows', () => {
    for (const interval of [undefined, [Number.NaN, -1], [-1, Number.NaN]] as const) {
      const found = difference('aucpr', 0.9, 0.1, interval && [...interval]) ?? assert.fail();
      assert.deepEqual([found.verdict, found.interval], ['uncertain', '']);
      assert.equal(found.words, 'better by 0.8 (800 %)');
    }
    assert.equal(difference('median_ae', 2, 1)?.verdict, 'uncertain');
    assert.equal(difference('rmse', 1, 2, undefined, false)?.verdict, 'uncertain');
    assert.equal(difference('median_ae', 2, 2)?.verdict, 'same');
    assert.equal(difference('rmse', 2, 2, undefined, false)?.verdict, 'uncertain');
    assert.equal(difference('profit', 4, 3, undefined, false)?.verdict, 'unknown');
  });

  it('has no percentage of 0, no verdict for a metric of another tool, and is not known beside nothing', () => {
    assert.deepEqual(
      [difference('bias', 0.5, 0)?.percent, difference('r2', 1, 0)?.words],
      [null, 'better by 1'],
    );
    const foreign = difference('profit', 4, 3);
    assert.deepEqual([foreign?.verdict, foreign?.words], ['unknown', 'more by 1']);
    assert.equal(difference('rmse', Number.NaN, 3), null);
    assert.equal(difference('rmse', 3, Number.POSITIVE_INFINITY), null);
    const against = { metrics: {}, shared: true, intervals: new Map() };
    assert.equal(differenceOf('rmse', 3, against, null), null);
    assert.equal(differenceOf('constructor', undefined, against, null), null);
  });
});

describe('an interval in words', () => {
  const words = (metric: string, low: number, high: number, unit: string | null = null) =>
    intervalWords(metric, { low, high }, unit);

  it('says which way, the smaller figure first', () => {
    assert.equal(words('rmse', -1.4, -0.8, 'min'), 'better by 0.8–1.4 min');
    assert.equal(words('rmse', 0.8, 1.4), 'worse by 0.8–1.4');
    assert.equal(words('auc', 0.8, 1.4), 'better by 0.8–1.4');
    assert.equal(words('auc', -1.4, -0.8), 'worse by 0.8–1.4');
  });

  it('names both sides when it holds 0', () => {
    assert.equal(words('rmse', -0.6, 0.2), 'between 0.2 worse and 0.6 better');
    assert.equal(words('auc', -0.6, 0.2, 'min'), 'between 0.6 min worse and 0.2 min better');
    assert.equal(words('rmse', -0.6, 0), 'up to 0.6 better');
    assert.equal(words('rmse', 0, 0.6), 'up to 0.6 worse');
    assert.equal(words('rmse', 0, 0), 'the same');
  });

  it('never takes a shift of the bias for an improvement', () => {
    for (const text of [words('bias', 0.1, 0.3, 'min'), words('bias', -0.3, -0.1, 'min')])
      assert.match(text, /^shifted by .* min, which by itself is neither better nor worse$/);
    assert.match(words('bias', -0.3, 0.1), /^shifted by −0\.30 to 0\.10,/);
  });

  it('shows as many decimals as its width is worth, and never an end as 0 that is none', () => {
    assert.equal(words('rmse', -1.40217, -0.81234), 'better by 0.8–1.4');
    assert.equal(words('rmse', -0.91234, -0.80123), 'better by 0.80–0.91');
    assert.equal(words('rmse', -0.6, -0.003), 'better by 0.003–0.6');
    assert.equal(words('mse', -1234.5, -321.1), 'better by 321–1235');
    assert.equal(words('rmse', -1e-9, -1e-10), 'better by 0.0000000001–0.0000000010');
    assert.equal(words('rmse', Number.NaN, 1), '');
  });
});

/**
 * The extra hours of sleep of ten patients under two drugs: Student, The probable error of a mean, Biometrika 6 (1908), p. 20.
 * Their paired difference is 1.58 h, with the 95 % interval 0.70 … 2.46 by the t-distribution (R: `t.test`, data `sleep`).
 */
describe('the interval of a published paired difference', () => {
  const dextro = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
  const laevo = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

  /** The percentile bootstrap without any drawing: the exact distribution of the sum of ten draws, in tenths of an hour. */
  function exact(share: number): number {
    const tenths = laevo.map((hours, i) => Math.round(10 * (hours - dextro[i]!)));
    let sums = new Map([[0, 1]]);
    for (const _ of tenths) {
      const next = new Map<number, number>();
      for (const [sum, weight] of sums)
        for (const drawn of tenths) next.set(sum + drawn, (next.get(sum + drawn) ?? 0) + weight / 10);
      sums = next;
    }
    let below = 0;
    for (const [sum, weight] of [...sums].sort(([a], [b]) => a - b)) {
      below += weight;
      if (below >= share) return sum / 10 / tenths.length;
    }
    return Number.NaN;
  }

  it('is that of all resamples that there are, inside the one of the t-distribution', () => {
    // Below every figure, so that the mean absolute error is the mean itself, and less sleep the better.
    const labels = new Float32Array(10).fill(-10);
    const [candidate, champion] = [laevo, dextro].map((values) => {
      const answers = predictions(values);
      return { predictions: answers, metrics: metricsOf('regression', labels, answers) };
    });
    const found = differences('regression', labels, candidate!, champion!, { seed: 1908, resamples: 20_000 });
    for (const metric of ['mae', 'bias']) {
      const { estimate, low, high } = found.find((each) => each.metric === metric) ?? assert.fail();
      assert.ok(Math.abs(estimate - 1.58) < 1e-6);
      assert.ok(Math.abs(low - exact(0.025)) < 0.03, `${low} is not ${exact(0.025)}`);
      assert.ok(Math.abs(high - exact(0.975)) < 0.03, `${high} is not ${exact(0.975)}`);
      assert.ok(0.7 < low && high < 2.46);
    }
    const mae = found.find(({ metric }) => metric === 'mae') ?? assert.fail();
    assert.match(intervalWords('mae', mae, 'h'), /^worse by [01]\.\d–2\.\d h$/);
  });
});
