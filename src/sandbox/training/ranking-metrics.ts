import type { Evaluation } from './metrics';

/** Rows of equal prediction taken together, highest prediction first: running weights of positives and negatives. */
function descendingSteps({
  outputs,
  labels,
  weights,
}: Evaluation): { positives: number; negatives: number }[] {
  const scores = outputs[0]!;
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  const steps: { positives: number; negatives: number }[] = [];
  let positives = 0;
  let negatives = 0;
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    const weight = weights ? weights[row]! : 1;
    positives += labels[row]! * weight;
    negatives += (1 - labels[row]!) * weight;
    const next = order[i + 1];
    if (next === undefined || scores[next] !== scores[row]) steps.push({ positives, negatives });
  }
  return steps;
}

/** Area under the ROC curve by trapezoids; NaN (as in XGBoost) if only one class is there. */
export function areaUnderRoc(evaluation: Evaluation): number {
  const steps = descendingSteps(evaluation);
  const end = steps.at(-1);
  if (!end || end.positives <= 0 || end.negatives <= 0) return Number.NaN;
  let area = 0;
  let last = { positives: 0, negatives: 0 };
  for (const step of steps) {
    area += ((step.negatives - last.negatives) * (step.positives + last.positives)) / 2;
    last = step;
  }
  return area / (end.positives * end.negatives);
}

/**
 * Area under the precision–recall curve with the interpolation of Davis and Goadrich (2006): between two
 * thresholds the false positives grow linearly with the true ones.
 */
export function areaUnderPrecisionRecall(evaluation: Evaluation): number {
  const steps = descendingSteps(evaluation);
  const end = steps.at(-1);
  if (!end || end.positives <= 0 || end.negatives <= 0) return Number.NaN;
  let area = 0;
  let last = { positives: 0, negatives: 0 };
  for (const step of steps) {
    area += prSegment(last, step, end.positives);
    last = step;
  }
  return area;
}

function prSegment(
  from: { positives: number; negatives: number },
  to: { positives: number; negatives: number },
  total: number,
): number {
  if (to.positives === from.positives) return 0;
  const slope = (to.negatives - from.negatives) / (to.positives - from.positives);
  const a = 1 + slope;
  const b = (from.negatives - slope * from.positives) / total;
  const start = from.positives / total;
  const stop = to.positives / total;
  if (b === 0) return (stop - start) / a;
  return (stop - start - (b / a) * (Math.log(a * stop + b) - Math.log(a * start + b))) / a;
}
