import { WarmstartError } from '../errors';
import type { Predictions } from '../xgboost/predict';
import type { Kind } from './report';

/**
 * Checks that labels and predictions (row-major, one output or one per class) belong together and mean what the kind needs:
 * as many rows, one output (several for multiclass), 0/1 labels for binary, class numbers for multiclass.
 * @throws WarmstartError `evaluation.empty-test-set`, `evaluation.rows`, `evaluation.outputs`, `evaluation.labels`
 */
export function checkPredictions(kind: Kind, labels: Float32Array, predictions: Predictions): void {
  if (labels.length === 0) {
    throw new WarmstartError('evaluation.empty-test-set', 'The test set has no rows.', {
      remedy: 'Widen the window of the query, or raise data.split.test in warmstart.json.',
    });
  }
  const { rows, outputs, values } = predictions;
  if (rows !== labels.length || values.length !== rows * outputs) {
    throw new WarmstartError(
      'evaluation.rows',
      `The test set has ${labels.length} labels but ${rows} rows of ${outputs} predictions (${values.length} values).`,
      { remedy: 'Score the model again on the same test.csv.' },
    );
  }
  if (kind !== 'multiclass' && outputs !== 1) {
    throw new WarmstartError(
      'evaluation.outputs',
      `The model gives ${outputs} values per row; a ${kind} model gives one.`,
      { remedy: 'Use a multi: objective, or a model with one output.' },
    );
  }
  const unlabelled = labels.findIndex((label) => !Number.isFinite(label));
  if (unlabelled >= 0) {
    throw new WarmstartError('evaluation.labels', `Row ${unlabelled + 1} of the test set has no label.`, {
      remedy: 'Leave rows without a label out in the query.',
    });
  }
  if (kind !== 'regression') checkClasses(kind, labels, outputs);
}

function checkClasses(kind: Kind, labels: Float32Array, outputs: number): void {
  const classes = kind === 'binary' ? 2 : outputs > 1 ? outputs : Number.POSITIVE_INFINITY;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    const expected = Number.isFinite(classes) ? `0 … ${classes - 1}` : '0, 1, 2, …';
    throw new WarmstartError(
      'evaluation.labels',
      `Row ${i + 1} of the test set has the label ${label}; this objective needs a class number: ${expected}.`,
      { remedy: 'Number the classes from 0 in the query, or choose a reg: objective.' },
    );
  }
}

/**
 * Turns what the model's objective writes into what the metrics read: probabilities for binary models.
 * `binary:logitraw` writes log-odds; a model with two outputs writes the probability of both classes.
 */
export function comparable(kind: Kind, objective: string, predictions: Predictions): Predictions {
  if (kind !== 'binary') return predictions;
  const { rows, outputs, values } = predictions;
  if (outputs === 2) {
    return { rows, outputs: 1, values: Float32Array.from({ length: rows }, (_, i) => values[2 * i + 1]!) };
  }
  if (objective !== 'binary:logitraw') return predictions;
  return { rows, outputs, values: values.map((margin) => 1 / (1 + Math.exp(-margin))) };
}
