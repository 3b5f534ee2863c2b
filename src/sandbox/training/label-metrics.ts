import type { Evaluation, Metric } from './metrics';

/** Rows per (true class, predicted class). */
interface Confusion {
  classes: number[];
  count: (truth: number, predicted: number) => number;
  rows: number;
}

interface ClassScores {
  precision: number;
  recall: number;
  f1: number;
  support: number;
}

/**
 * The container's metrics of predicted class labels, as scikit-learn defines them. Labels come from margins:
 * the class with the largest, or 1 above 0 for a single output. `undefined` for another name.
 */
export function labelMetric(name: string): Metric | undefined {
  const macro = (pick: (scores: ClassScores) => number) => (confusion: Confusion) =>
    average(classScores(confusion).map(pick));
  const positive = (pick: (scores: ClassScores) => number) => (confusion: Confusion) => {
    const scores = classScores(confusion);
    const at = confusion.classes.indexOf(1);
    return at < 0 ? 0 : pick(scores[at]!);
  };
  const formulas: Record<string, (confusion: Confusion) => number> = {
    accuracy,
    balanced_accuracy: (confusion) =>
      average(classScores(confusion).flatMap((scores) => (scores.support > 0 ? [scores.recall] : []))),
    f1: macro((scores) => scores.f1),
    f1_macro: macro((scores) => scores.f1),
    f1_binary: positive((scores) => scores.f1),
    precision: positive((scores) => scores.precision),
    precision_macro: macro((scores) => scores.precision),
    // With one label per row, micro averages of precision and recall both are the accuracy.
    precision_micro: accuracy,
    recall: positive((scores) => scores.recall),
    recall_macro: macro((scores) => scores.recall),
    recall_micro: accuracy,
  };
  const formula = formulas[name];
  return formula && ((evaluation) => formula(confusionOf(evaluation)));
}

function confusionOf({ margins, labels }: Evaluation): Confusion {
  const counts = new Map<string, number>();
  const classes = new Set<number>();
  for (let row = 0; row < labels.length; row++) {
    const predicted = predictedClass(margins, row);
    classes.add(labels[row]!).add(predicted);
    const cell = `${labels[row]} ${predicted}`;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return {
    classes: [...classes].sort((a, b) => a - b),
    count: (truth, predicted) => counts.get(`${truth} ${predicted}`) ?? 0,
    rows: labels.length,
  };
}

function predictedClass(margins: Float32Array[], row: number): number {
  if (margins.length === 1) return margins[0]![row]! > 0 ? 1 : 0;
  let best = 0;
  for (let k = 1; k < margins.length; k++) if (margins[k]![row]! > margins[best]![row]!) best = k;
  return best;
}

function classScores({ classes, count }: Confusion): ClassScores[] {
  return classes.map((own) => {
    const hits = count(own, own);
    const predicted = total(classes.map((truth) => count(truth, own)));
    const support = total(classes.map((guess) => count(own, guess)));
    return {
      precision: predicted === 0 ? 0 : hits / predicted,
      recall: support === 0 ? 0 : hits / support,
      f1: predicted + support === 0 ? 0 : (2 * hits) / (predicted + support),
      support,
    };
  });
}

function accuracy({ classes, count, rows }: Confusion): number {
  return total(classes.map((own) => count(own, own))) / rows;
}

function total(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function average(values: number[]): number {
  return total(values) / values.length;
}
