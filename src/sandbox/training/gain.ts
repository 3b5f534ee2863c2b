/** The regularisation of a tree, with XGBoost's names and meanings. */
export interface Regularisation {
  lambda: number;
  alpha: number;
  /** 0 means no limit. */
  maxDeltaStep: number;
  minChildWeight: number;
  /** Per feature −1, 0 or 1; absent means no constraint at all. */
  monotone?: Int8Array;
}

/** The range that monotone splits above leave to the weights of a node. */
export interface Bounds {
  lower: number;
  upper: number;
}

export const UNBOUNDED: Bounds = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

/** The optimal weight of a node with gradient sum `g` and Hessian sum `h` (float32), before shrinkage. */
export function nodeWeight(g: number, h: number, by: Regularisation, bounds: Bounds = UNBOUNDED): number {
  if (h <= 0) return 0;
  let weight = -shrunkGradient(g, by.alpha) / (h + by.lambda);
  if (by.maxDeltaStep !== 0 && Math.abs(weight) > by.maxDeltaStep) {
    weight = Math.sign(weight) * by.maxDeltaStep;
  }
  return Math.fround(Math.min(Math.max(weight, bounds.lower), bounds.upper));
}

/** Twice the loss reduction of giving a node its optimal weight (float32): XGBoost's structure score. */
export function nodeGain(g: number, h: number, by: Regularisation, bounds: Bounds = UNBOUNDED): number {
  if (h <= 0) return 0;
  if (by.maxDeltaStep === 0 && by.monotone === undefined) {
    const gradient = shrunkGradient(g, by.alpha);
    return Math.fround((gradient * gradient) / (h + by.lambda));
  }
  const weight = nodeWeight(g, h, by, bounds);
  return Math.fround(-(2 * g * weight + (h + by.lambda) * weight * weight + 2 * by.alpha * Math.abs(weight)));
}

/** The gain of both children together; −∞ where the split would break the feature's monotone constraint. */
export function childrenGain(
  feature: number,
  left: { g: number; h: number },
  right: { g: number; h: number },
  by: Regularisation,
  bounds: Bounds,
): number {
  const direction = by.monotone?.[feature] ?? 0;
  if (direction !== 0) {
    const rise = nodeWeight(right.g, right.h, by, bounds) - nodeWeight(left.g, left.h, by, bounds);
    if (rise * direction < 0) return Number.NEGATIVE_INFINITY;
  }
  return Math.fround(nodeGain(left.g, left.h, by, bounds) + nodeGain(right.g, right.h, by, bounds));
}

/** The bounds that a split hands down to its children. */
export function childBounds(
  direction: number,
  bounds: Bounds,
  leftWeight: number,
  rightWeight: number,
): { left: Bounds; right: Bounds } {
  if (direction === 0) return { left: bounds, right: bounds };
  const middle = (leftWeight + rightWeight) / 2;
  const below = { lower: bounds.lower, upper: middle };
  const above = { lower: middle, upper: bounds.upper };
  return direction > 0 ? { left: below, right: above } : { left: above, right: below };
}

function shrunkGradient(g: number, alpha: number): number {
  if (g > alpha) return g - alpha;
  if (g < -alpha) return g + alpha;
  return 0;
}
