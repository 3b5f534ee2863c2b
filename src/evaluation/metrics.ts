import { finish } from '../steps';
import type { Predictions } from '../xgboost/predict';
import { binarySteps } from './binary';
import { multiclassSteps } from './multiclass';
import { checkPredictions } from './predictions';
import { regressionSteps } from './regression';
import type { Kind, Metrics } from './report';

/**
 * Every metric of the kind, over all rows. Binary predictions are probabilities (see `comparable`).
 * @throws WarmstartError `evaluation.…` when labels and predictions do not fit together
 */
export function metricsOf(kind: Kind, labels: Float32Array, predictions: Predictions): Metrics {
  checkPredictions(kind, labels, predictions);
  if (kind === 'regression') return finish(regressionSteps(labels, predictions.values)).metrics;
  if (kind === 'binary') return finish(binarySteps(labels, predictions.values)).metrics;
  return finish(multiclassSteps(labels, predictions)).metrics;
}
