import assert from 'node:assert/strict';
import { buildEvaluation, type EvaluationInput } from '../../../src/evaluation/evaluate';
import {
  binaryLabels,
  binaryScores,
  dataset,
  origin,
  predictions,
  profile,
  regressionLabels,
  regressionPredictions,
} from './examples';

const columns = ['delay', 'wind', 'hour'];
const champion = {
  origin: { ...origin('job-1'), packageArn: 'arn:1', version: 1 },
  predictions: predictions(regressionPredictions.map((p) => p + 2)),
  dataset: dataset(columns),
};
const input: EvaluationInput = {
  model: { name: 'delay-ord', layer: 'flights' },
  runId: '20261122-120000-ab12cd34',
  createdAt: new Date('2026-11-22T12:00:00Z'),
  testing: false,
  objective: 'reg:squarederror',
  tuningMetric: 'validation:rmse',
  dataset: dataset(columns),
  datasetUri: 's3://acme-ds-ml/datasets/flights/delay-ord/r1/dataset.json',
  testSha256: 'sha-of-test',
  labels: regressionLabels,
  candidate: { origin: origin('job-2'), predictions: predictions(regressionPredictions) },
  champion,
  championEnvironment: 'production',
  championNote: null,
  gates: [{ metric: 'rmse', maxRegressionPercent: 2 }],
};

function warnings(changes: Partial<EvaluationInput>): string[] {
  return buildEvaluation({ ...input, ...changes }).warnings;
}

describe('the evaluation of a run', () => {
  it('measures candidate and champion on the same rows and says how sure the difference is', () => {
    const result = buildEvaluation(input);
    assert.equal(result.kind, 'regression');
    assert.ok(result.candidate.scorecard.metrics.mae! < result.champion!.scorecard.metrics.mae!);
    const mae = result.differences.find((d) => d.metric === 'mae')!;
    assert.equal(
      mae.estimate,
      result.candidate.scorecard.metrics.mae! - result.champion!.scorecard.metrics.mae!,
    );
    assert.ok(mae.high < 0);
    assert.deepEqual(
      result.gates.map((gate) => gate.passed),
      [true],
    );
    assert.deepEqual(
      result.drift.map((d) => d.psi),
      [0, 0, 0],
    );
    assert.deepEqual(result.warnings, []);
    assert.deepEqual([result.candidate.trainingJob, result.champion!.version], ['job-2', 1]);
    assert.equal('predictions' in result.candidate || 'dataset' in result.champion!, false);
  });

  it('is the same when it is built again', () => {
    assert.deepEqual(buildEvaluation(input), buildEvaluation(input));
  });

  it('stands alone when nothing serves yet', () => {
    const result = buildEvaluation({ ...input, champion: null, championNote: 'nothing serves yet' });
    assert.deepEqual(
      [result.champion, result.differences, result.drift, result.championNote],
      [null, [], [], 'nothing serves yet'],
    );
    assert.equal(result.gates[0]!.passed, true);
  });

  it('shows the candidate, but fails comparing gates, when the champion cannot be scored', () => {
    const wrong = { ...champion, predictions: predictions([1, 2, 3]) };
    for (const unusable of [{ unusable: 'Its artifact is gone.' }, wrong]) {
      const result = buildEvaluation({ ...input, champion: unusable });
      assert.equal(result.champion, null);
      assert.equal(result.gates[0]!.passed, false);
      assert.ok(result.championNote!.length > 10);
      assert.match(result.warnings[0]!, /^The champion could not be compared: /);
      assert.ok(result.candidate.scorecard.metrics.mae! > 0);
    }
  });

  it('refuses a candidate whose predictions do not fit', () => {
    assert.throws(
      () => buildEvaluation({ ...input, candidate: { ...input.candidate, predictions: predictions([1]) } }),
      { code: 'evaluation.rows' },
    );
  });

  it('reads log-odds of binary:logitraw as probabilities', () => {
    const margins = binaryScores.map((p) => Math.log(p / (1 - p)));
    const binary = { ...input, labels: binaryLabels, champion: null };
    const [raw, plain] = (['binary:logitraw', 'binary:logistic'] as const).map((objective, i) =>
      buildEvaluation({
        ...binary,
        objective,
        candidate: { ...input.candidate, predictions: predictions(i === 0 ? margins : binaryScores) },
      }),
    );
    assert.ok(
      Math.abs(raw!.candidate.scorecard.metrics.logloss! - plain!.candidate.scorecard.metrics.logloss!) <
        1e-6,
    );
    assert.equal(raw!.kind, 'binary');
  });
});

describe('the warnings of an evaluation', () => {
  it('tell of testing runs and uncommitted changes', () => {
    const dirty = dataset(columns, { git: { commit: 'abc', dirty: true } });
    assert.match(warnings({ testing: true })[0]!, /testing run/);
    assert.match(warnings({ dataset: dirty })[0]!, /uncommitted changes/);
  });

  it('tell of a test set that is another, tiny, or of one label only', () => {
    assert.match(warnings({ testSha256: 'other' })[0]!, /not the one of dataset\.json/);
    const few = {
      labels: regressionLabels.slice(0, 50),
      candidate: { ...input.candidate, predictions: predictions(regressionPredictions.slice(0, 50)) },
      champion: null,
    };
    assert.ok(warnings(few).some((w) => /only 50 rows/.test(w)));
    assert.ok(
      warnings({ labels: regressionLabels.map(() => 1) }).some((w) => /Every row .* label 1: r2/.test(w)),
    );
  });

  it('tell of rows without a prediction', () => {
    const values = regressionPredictions.slice();
    values[3] = Number.NaN;
    values[4] = Number.POSITIVE_INFINITY;
    assert.match(
      warnings({ candidate: { ...input.candidate, predictions: predictions(values) } })[0]!,
      /candidate gave no number for 2 of 400 rows/,
    );
  });

  it('tell of a champion of another image, of another engine, or of the same bytes', () => {
    const other = (changes: object) => ({
      champion: { ...champion, origin: { ...champion.origin, ...changes } },
    });
    assert.match(warnings(other({ image: 'x:1.2-2' }))[0]!, /1\.7-1 and the champion with x:1\.2-2/);
    assert.match(warnings(other({ engine: 'batch-transform' }))[0]!, /different engines/);
    assert.match(warnings(other({ artifact: input.candidate.origin.artifact }))[0]!, /same artifact/);
  });

  it('tell of features that came, went, or moved', () => {
    const then = (names: string[]) => ({ champion: { ...champion, dataset: dataset(names) } });
    assert.match(warnings(then(['delay', 'wind', 'runway']))[0]!, /new: hour; gone: runway/);
    assert.match(warnings(then(['delay', 'hour', 'wind']))[0]!, /another order/);
    assert.match(
      warnings(then(['late', 'wind', 'hour']))[0]!,
      /trained to predict late, the candidate predicts delay/,
    );
  });

  it('tell when the champion may have been trained on rows of this test set', () => {
    const then = (changes: object) => ({ champion: { ...champion, dataset: dataset(columns, changes) } });
    assert.match(warnings(then({ split: { by: 'hash', test: 0.2, validation: 0.1 } }))[0]!, /may know rows/);
    const split = { by: 'time', column: 'day', test: 0.1, validation: 0.1 } as const;
    const timed = (until: string) => ({
      dataset: dataset(columns, { split }),
      ...then({ split, window: { from: '2000-01-01', until } }),
    });
    assert.deepEqual(warnings(timed('2026-09-01')), []);
    assert.match(warnings(timed('2026-12-01'))[0]!, /later window/);
  });

  it('name the features that drifted strongly, the strongest first', () => {
    const moved = dataset(columns, {
      columns: [
        profile('delay', [
          [0, 50],
          [1, 50],
        ]),
        profile('wind', [
          [0, 10],
          [1, 90],
        ]),
        profile('hour', [
          [0, 2],
          [1, 98],
        ]),
      ],
    });
    assert.match(
      warnings({ dataset: moved })[0]!,
      /^The data has moved .*: hour \(PSI 1\.9\), wind \(PSI 0\.88\)\.$/,
    );
  });

  it('are silent about the champion’s data when it is not known', () => {
    assert.deepEqual(warnings({ champion: { ...champion, dataset: null } }), []);
  });
});
