import type { Predictions } from '../xgboost/predict';
import { scoreBinary } from './binary';
import { scoreMulticlass } from './multiclass';
import { checkPredictions } from './predictions';
import { regressionMetrics } from './regression';
import type { Kind, Metrics } from './report';

/**
 * Every metric of the kind, over all rows. Binary predictions are probabilities (see `comparable`).
 * @throws WarmstartError `evaluation.…` when labels and predictions do not fit together
 */
export function metricsOf(kind: Kind, labels: Float32Array, predictions: Predictions): Metrics {
  checkPredictions(kind, labels, predictions);
  if (kind === 'regression') return regressionMetrics(labels, predictions.values).metrics;
  if (kind === 'binary') return scoreBinary(labels, predictions.values).metrics;
  return scoreMulticlass(labels, predictions).metrics;
}
