import { labelMetric } from './label-metrics';
import { areaUnderPrecisionRecall, areaUnderRoc } from './ranking-metrics';

/** What a metric looks at: one array of rows per output. */
export interface Evaluation {
  /** Predictions; for `multi:*` class probabilities. */
  outputs: Float32Array[];
  margins: Float32Array[];
  labels: Float32Array;
  weights?: Float32Array;
}

export type Metric = (evaluation: Evaluation) => number;

/** The metrics that SageMaker maximises; all others it minimises (`xgb_constants.py`). */
export const MAXIMISED_METRICS = [
  'accuracy',
  'auc',
  'aucpr',
  'balanced_accuracy',
  'f1',
  'f1_binary',
  'f1_macro',
  'map',
  'ndcg',
  'precision',
  'r2',
  'recall',
  'precision_macro',
  'precision_micro',
  'recall_macro',
  'recall_micro',
];

export const MINIMISED_METRICS = [
  'aft-nloglik',
  'cox-nloglik',
  'error',
  'gamma-deviance',
  'gamma-nloglik',
  'interval-regression-accuracy',
  'logloss',
  'mae',
  'mape',
  'merror',
  'mlogloss',
  'mphe',
  'mse',
  'poisson-nloglik',
  'rmse',
  'rmsle',
  'tweedie-nloglik',
];

/** Metrics that the container computes itself, without weights (`custom_metrics.py`). */
export const CONTAINER_METRICS = [
  'accuracy',
  'balanced_accuracy',
  'f1',
  'f1_binary',
  'f1_macro',
  'mse',
  'rmse',
  'mae',
  'precision',
  'precision_macro',
  'precision_micro',
  'r2',
  'recall',
  'recall_macro',
  'recall_micro',
];

/** XGBoost's own metric of that name (`error@0.3` carries a parameter); `undefined` if the sandbox cannot compute it. */
export function xgboostMetric(name: string, tweediePower: number): Metric | undefined {
  const [family, parameter] = name.split('@') as [string, string?];
  if (family === 'auc') return areaUnderRoc;
  if (family === 'aucpr') return areaUnderPrecisionRecall;
  if (family === 'merror') return classError;
  if (family === 'mlogloss') return classLogLoss;
  return weightedMetric(family, parameter === undefined ? undefined : Number(parameter), tweediePower);
}

/**
 * One of `CONTAINER_METRICS`. In the images before 3.x those of regression see margins, not predictions, because
 * XGBoost hands margins to `feval`; only objectives with a logarithmic link tell the difference.
 */
export function containerMetric(name: string, major: number): Metric | undefined {
  return labelMetric(name) ?? regressionMetric(name, major < 3);
}

/** XGBoost's metrics that are a weighted mean over rows, maybe transformed at the end. */
function weightedMetric(family: string, parameter: number | undefined, power: number): Metric | undefined {
  const mean = (
    loss: (label: number, output: number) => number,
    finish = (value: number) => value,
  ): Metric => {
    return ({ outputs, labels, weights }) => {
      let sum = 0;
      let total = 0;
      for (let row = 0; row < labels.length; row++) {
        const weight = weights ? weights[row]! : 1;
        sum += loss(labels[row]!, outputs[0]![row]!) * weight;
        total += weight;
      }
      return finish(total === 0 ? sum : sum / total);
    };
  };
  switch (family) {
    case 'rmse':
      return mean((y, p) => (y - p) ** 2, Math.sqrt);
    case 'rmsle':
      return mean((y, p) => (Math.log1p(y) - Math.log1p(p)) ** 2, Math.sqrt);
    case 'mae':
      return mean((y, p) => Math.abs(y - p));
    case 'mape':
      return mean((y, p) => Math.abs((y - p) / y));
    case 'mphe':
      return mean((y, p) => Math.sqrt(1 + (y - p) ** 2) - 1);
    case 'logloss':
      return mean((y, p) => -(xLogY(y, p) + xLogY(1 - y, 1 - p)));
    case 'error':
      return mean((y, p) => (p > (parameter ?? 0.5) ? 1 - y : y));
    case 'poisson-nloglik':
      return mean((y, p) => logGamma(y + 1) + p - Math.log(Math.max(p, 1e-16)) * y);
    case 'gamma-nloglik':
      return mean((y, p) => y / Math.max(p, 1e-6) + Math.log(Math.max(p, 1e-6)));
    case 'gamma-deviance':
      return mean((y, p) => 2 * (Math.log((p + 1e-6) / (y + 1e-6)) + (y + 1e-6) / (p + 1e-6) - 1));
    case 'tweedie-nloglik': {
      const rho = parameter ?? power;
      return mean((y, p) => (-y * p ** (1 - rho)) / (1 - rho) + p ** (2 - rho) / (2 - rho));
    }
    default:
      return undefined;
  }
}

function xLogY(x: number, y: number): number {
  return x === 0 ? 0 : x * Math.log(Math.max(y, 1e-16));
}

/** Lanczos' approximation of ln Γ(x) for x ≥ 0.5 (g = 7, nine terms). */
function logGamma(x: number): number {
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  const z = x - 1;
  let sum = 0.9999999999998099;
  for (let i = 0; i < terms.length; i++) sum += terms[i]! / (z + i + 1);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

function classError({ outputs, labels, weights }: Evaluation): number {
  return weightedShare(labels, weights, (row) => (mostLikely(outputs, row) === labels[row] ? 0 : 1));
}

function classLogLoss({ outputs, labels, weights }: Evaluation): number {
  return weightedShare(labels, weights, (row) => -Math.log(Math.max(outputs[labels[row]!]![row]!, 1e-16)));
}

function weightedShare(
  labels: Float32Array,
  weights: Float32Array | undefined,
  value: (row: number) => number,
) {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? weights[row]! : 1;
    sum += value(row) * weight;
    total += weight;
  }
  return sum / total;
}

function mostLikely(outputs: Float32Array[], row: number): number {
  let best = 0;
  for (let k = 1; k < outputs.length; k++) if (outputs[k]![row]! > outputs[best]![row]!) best = k;
  return best;
}

function regressionMetric(family: string, onMargins: boolean): Metric | undefined {
  const meanOf = ({ labels, outputs, margins }: Evaluation, loss: (error: number) => number): number => {
    const predictions = (onMargins ? margins : outputs)[0]!;
    let sum = 0;
    for (let row = 0; row < labels.length; row++) sum += loss(labels[row]! - predictions[row]!);
    return sum / labels.length;
  };
  switch (family) {
    case 'mse':
      return (evaluation) => meanOf(evaluation, (error) => error * error);
    case 'rmse':
      return (evaluation) => Math.sqrt(meanOf(evaluation, (error) => error * error));
    case 'mae':
      return (evaluation) => meanOf(evaluation, Math.abs);
    case 'r2':
      return (evaluation) => 1 - meanOf(evaluation, (error) => error * error) / variance(evaluation.labels);
    default:
      return undefined;
  }
}

function variance(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return squares / values.length;
}
