import assert from 'node:assert/strict';
import fc from 'fast-check';
import { documentText, fromDocument, parseDocument, toDocument } from '../../../src/evaluation/document';
import type { Evaluation, Scorecard } from '../../../src/evaluation/report';
import { scorecards } from '../../../src/evaluation/scorecard';
import {
  binaryLabels,
  binaryScores,
  classLabels,
  classProbabilities,
  evaluation,
  predictions,
  regressionLabels,
  regressionPredictions,
} from './examples';

const [regression] = scorecards('regression', regressionLabels, [predictions(regressionPredictions)]);
const [binary] = scorecards('binary', binaryLabels, [predictions(binaryScores)]);
const [multiclass] = scorecards('multiclass', classLabels, [predictions(classProbabilities, 4)]);

const anyNumber = fc.oneof(
  fc.double({ noDefaultInfinity: true }).map((x) => x + 0),
  fc.constant(Number.NaN),
);
const metrics = fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,11}$/), anyNumber).map((m) => ({ ...m }));
const anyEvaluation: fc.Arbitrary<Evaluation> = fc
  .record({ candidate: metrics, champion: fc.option(metrics), low: anyNumber, warning: fc.string() })
  .map(({ candidate, champion, low, warning }) =>
    evaluation({ metrics: candidate }, champion && { metrics: champion, mapeRows: 3 }, {
      differences: [{ metric: 'mae', estimate: -1, low, high: 0, resamples: 1000 }],
      gates: [
        { gate: { metric: 'mae', max: 3 }, passed: false, candidate: null, champion: null, reason: warning },
      ],
      drift: [{ feature: warning, psi: 0.3, level: 'strong' }],
      warnings: [warning],
    }),
  );

describe('evaluation.json', () => {
  it('comes back as it was written, unknown numbers included', () => {
    fc.assert(fc.property(anyEvaluation, (e) => assert.deepEqual(parseDocument(documentText(e)), e)));
  });

  it('comes back with every chart', () => {
    for (const [kind, card] of [
      ['regression', regression],
      ['binary', binary],
      ['multiclass', multiclass],
    ] as const) {
      const full = evaluation(card, card, { kind });
      assert.deepEqual(fromDocument(toDocument(full)), full);
    }
  });

  it('is plain JSON: it never holds NaN as a number', () => {
    const text = documentText(evaluation({ metrics: { mae: 1, r2: Number.NaN } }, null));
    assert.deepEqual(JSON.parse(text).warmstart.candidate.scorecard.metrics, { mae: 1, r2: null });
    assert.doesNotMatch(text, /:\s*NaN/);
  });

  it('has the block that Studio reads for a regression, with the deviation as Model Monitor writes an unknown one', () => {
    const { regression_metrics: block } = toDocument(evaluation(regression, null));
    assert.deepEqual((block as Record<string, unknown>).mae, {
      value: 4.07734375,
      standard_deviation: 'NaN',
    });
    assert.deepEqual(Object.keys(toDocument(evaluation(regression, null))), [
      'regression_metrics',
      'warmstart',
    ]);
  });

  it('leaves unknown metrics out of the block', () => {
    assert.deepEqual(
      toDocument(evaluation({ metrics: { mae: 1, r2: Number.NaN } }, null)).regression_metrics,
      {
        mae: { value: 1, standard_deviation: 'NaN' },
      },
    );
  });

  it('has Model Monitor’s shapes for a binary classifier', () => {
    const small: Scorecard = {
      metrics: { auc: 0.75, accuracy: 0.5 },
      confusion: {
        labels: ['0', '1'],
        counts: [
          [1, 2],
          [0, 1],
        ],
      },
      roc: [
        { falsePositiveRate: 0, truePositiveRate: 0 },
        { falsePositiveRate: 1, truePositiveRate: 1 },
      ],
    };
    const known = (value: number) => ({ value, standard_deviation: 'NaN' });
    assert.deepEqual(toDocument(evaluation(small, null, { kind: 'binary' })).binary_classification_metrics, {
      confusion_matrix: { '0': { '0': 1, '1': 2 }, '1': { '0': 0, '1': 1 } },
      auc: known(0.75),
      accuracy: known(0.5),
      true_positive_rate: known(1),
      true_negative_rate: known(1 / 3),
      false_positive_rate: known(2 / 3),
      false_negative_rate: known(0),
      receiver_operating_characteristic_curve: { false_positive_rates: [0, 1], true_positive_rates: [0, 1] },
    });
  });

  it('has Model Monitor’s shapes for a multiclass classifier', () => {
    const block = toDocument(evaluation(multiclass, null, { kind: 'multiclass' }))
      .multiclass_classification_metrics as Record<string, unknown>;
    assert.deepEqual((block.confusion_matrix as Record<string, unknown>)['0'], {
      '0': 74,
      '1': 6,
      '2': 13,
      '3': 17,
    });
    assert.deepEqual(block.accuracy, { value: 0.615, standard_deviation: 'NaN' });
  });

  it('of another tool, of a newer version, or broken is refused with what is wrong', () => {
    const good = toDocument(evaluation({ metrics: { mae: 1 } }, null));
    const ours = good.warmstart as Record<string, unknown>;
    const cases: [() => unknown, RegExp][] = [
      [() => parseDocument('{'), /not JSON/],
      [() => parseDocument('{"regression_metrics":{}}'), /not written by Warmstart/],
      [() => fromDocument(null), /not written by Warmstart/],
      [
        () => fromDocument({ warmstart: { ...ours, formatVersion: 2 } }),
        /its format 2 is of another version/,
      ],
      [
        () =>
          fromDocument({
            warmstart: { ...ours, candidate: { ...(ours.candidate as object), scorecard: {} } },
          }),
        /warmstart\.candidate\.scorecard\.metrics/,
      ],
    ];
    for (const [read, message] of cases) assert.throws(read, { code: 'evaluation.unreadable', message });
  });

  it('of any content is read or refused, never worse', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (content) => {
        assert.throws(() => fromDocument({ warmstart: content }), { code: 'evaluation.unreadable' });
      }),
    );
  });
});
