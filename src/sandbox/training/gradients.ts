import { expf } from '../../xgboost/expf';
import type { Loss, Objective } from './objectives';

/** First and second derivatives of the loss, one array of rows per output. */
export interface Gradients {
  gradients: Float32Array[];
  hessians: Float32Array[];
}

export interface Targets {
  labels: Float32Array;
  weights?: Float32Array;
}

export function createGradients(groups: number, rows: number): Gradients {
  const arrays = () => Array.from({ length: groups }, () => new Float32Array(rows));
  return { gradients: arrays(), hessians: arrays() };
}

/** Computes the derivatives at the margins (one array of rows per output) into `out`. */
export function computeGradients(
  objective: Objective,
  scalePosWeight: number,
  margins: Float32Array[],
  targets: Targets,
  out: Gradients,
): void {
  if (objective.loss === 'softmax') softmaxGradients(margins, targets, out);
  else lossGradients(objective.loss, scalePosWeight, margins[0]!, targets, out);
}

function lossGradients(
  loss: Loss,
  scalePosWeight: number,
  margins: Float32Array,
  { labels, weights }: Targets,
  out: Gradients,
): void {
  const gradients = out.gradients[0]!;
  const hessians = out.hessians[0]!;
  const positive = loss.scalesPositives ? scalePosWeight : 1;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    const weight = (weights ? weights[row]! : 1) * (label === 1 ? positive : 1);
    gradients[row] = loss.gradient(margins[row]!, label) * weight;
    hessians[row] = loss.hessian(margins[row]!, label) * weight;
  }
}

function softmaxGradients(margins: Float32Array[], { labels, weights }: Targets, out: Gradients): void {
  const groups = margins.length;
  const probabilities = new Float64Array(groups);
  for (let row = 0; row < labels.length; row++) {
    softmaxOfRow(margins, row, probabilities);
    const weight = weights ? weights[row]! : 1;
    for (let k = 0; k < groups; k++) {
      const p = probabilities[k]!;
      out.gradients[k]![row] = (k === labels[row] ? p - 1 : p) * weight;
      out.hessians[k]![row] = Math.max(2 * p * (1 - p) * weight, 1e-16);
    }
  }
}

/** The class probabilities of one row (float32), into `out`. */
export function softmaxOfRow(margins: Float32Array[], row: number, out: Float64Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < margins.length; k++) most = Math.max(most, margins[k]![row]!);
  let sum = 0;
  for (let k = 0; k < margins.length; k++) {
    const e = expf(Math.fround(margins[k]![row]! - most));
    out[k] = e;
    sum += e;
  }
  const divisor = Math.fround(sum);
  for (let k = 0; k < margins.length; k++) out[k] = Math.fround(out[k]! / divisor);
}

/** What the metrics see: outputs of each row; for `multi:*` the class probabilities. */
export function outputsOf(objective: Objective, margins: Float32Array[]): Float32Array[] {
  const rows = margins[0]!.length;
  const { loss } = objective;
  if (loss !== 'softmax') return [margins[0]!.map((margin) => loss.output(margin))];
  const outputs = margins.map(() => new Float32Array(rows));
  const probabilities = new Float64Array(margins.length);
  for (let row = 0; row < rows; row++) {
    softmaxOfRow(margins, row, probabilities);
    for (let k = 0; k < margins.length; k++) outputs[k]![row] = probabilities[k]!;
  }
  return outputs;
}
