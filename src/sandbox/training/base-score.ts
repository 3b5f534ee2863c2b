import { computeGradients, createGradients, type Targets } from './gradients';
import type { Loss, Objective } from './objectives';

/**
 * The model's intercept in output space (float32, one per output) when no `base_score` was given.
 * XGBoost 1.x: 0.5, but the median for `reg:absoluteerror` (1.7). From 2.0 (`init_estimation.cc`): the mean for
 * losses of GLM kind, one Newton step from 0 for the others; `multi:*` starts at 0.5, from 3.1 at the centred
 * logarithms of the class shares.
 */
export function estimateBaseScore(
  objective: Objective,
  scalePosWeight: number,
  targets: Targets,
  version: { major: number; minor: number },
): number[] {
  if (objective.loss === 'softmax') {
    const perClass = version.major > 3 || (version.major === 3 && version.minor >= 1);
    return perClass ? classIntercepts(targets, objective.groups) : [0.5];
  }
  if (objective.loss.median) return [Math.fround(median(targets.labels, targets.weights))];
  if (version.major < 2) return [0.5];
  const glm = !['binary:hinge', 'reg:squaredlogerror', 'reg:pseudohubererror'].includes(objective.name);
  const scaled = objective.loss.scalesPositives === true && Math.abs(scalePosWeight - 1) > 1e-6;
  if (glm && !scaled) return [Math.fround(mean(targets))];
  return [newtonStep(objective, objective.loss, scalePosWeight, targets)];
}

function mean({ labels, weights }: Targets): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? weights[row]! : 1;
    sum += labels[row]! * weight;
    total += weight;
  }
  return sum / total;
}

function newtonStep(objective: Objective, loss: Loss, scalePosWeight: number, targets: Targets): number {
  const rows = targets.labels.length;
  const derivatives = createGradients(1, rows);
  computeGradients(objective, scalePosWeight, [new Float32Array(rows)], targets, derivatives);
  let g = 0;
  let h = 0;
  for (let row = 0; row < rows; row++) {
    g += derivatives.gradients[0]![row]!;
    h += derivatives.hessians[0]![row]!;
  }
  return Math.fround(loss.output(Math.fround(-g / Math.max(h, 1e-6))));
}

function classIntercepts({ labels, weights }: Targets, classes: number): number[] {
  const shares = new Array<number>(classes).fill(0);
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? weights[row]! : 1;
    shares[labels[row]!]! += weight;
    total += weight;
  }
  const logs = shares.map((share) => Math.log(share / total + 1e-6));
  const centre = logs.reduce((sum, log) => sum + log, 0) / classes;
  return logs.map((log) => Math.fround(log - centre));
}

/** XGBoost's median: interpolated without weights, a step function with them (`stats.h`). */
export function median(values: Float32Array, weights?: Float32Array): number {
  if (values.length === 0) return Number.NaN;
  if (weights) return weightedMedian(values, weights);
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return sorted[middle - 1]! + 0.5 * Math.fround(sorted[middle]! - sorted[middle - 1]!);
}

function weightedMedian(values: Float32Array, weights: Float32Array): number {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  let total = 0;
  for (const weight of weights) total += weight;
  let passed = 0;
  for (const at of order) {
    passed += weights[at]!;
    if (passed >= total / 2) return values[at]!;
  }
  return values[order.at(-1)!]!;
}
