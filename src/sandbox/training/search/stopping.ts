/** The course of a training job's objective metric, one value per round. */
export type Curve = number[];

export interface StoppingQuestion {
  /** Of the running job, up to now. */
  curve: Curve;
  /** Of the tuning job's other training jobs. */
  others: Curve[];
  direction: 'Minimize' | 'Maximize';
}

/** No job is judged before this many others have got as far. */
const LEAST_OTHERS = 3;
const REDUCTION = 3;

/**
 * SageMaker's early stopping (`TrainingJobEarlyStoppingType: Auto`): stop a job whose objective is worse than the
 * median of the running averages that the other jobs had at the same round.
 */
export function stopsByMedian({ curve, others, direction }: StoppingQuestion): boolean {
  const round = curve.length;
  const averages = others
    .filter((other) => other.length >= round)
    .map((other) => mean(other.slice(0, round)));
  if (round === 0 || averages.length < LEAST_OTHERS) return false;
  return isWorse(curve[round - 1]!, medianOf(averages), direction);
}

/**
 * Hyperband without waiting (Li et al. 2020, stopping variant): at `minResource · 3^k` rounds only a third of the jobs
 * that got there go on.
 *
 * @param resources the tuning job's `HyperbandStrategyConfig`, in rounds
 */
export function stopsAtRung(
  { curve, others, direction }: StoppingQuestion,
  resources: { min: number; max: number },
): boolean {
  const round = curve.length;
  let rung = resources.min;
  while (rung < round) rung *= REDUCTION;
  if (rung !== round || rung >= resources.max) return false;
  const rivals = others.filter((other) => other.length >= round).map((other) => other[round - 1]!);
  if (rivals.length < REDUCTION - 1) return false;
  const better = rivals.filter((rival) => isWorse(curve[round - 1]!, rival, direction)).length;
  return better >= Math.ceil((rivals.length + 1) / REDUCTION);
}

function isWorse(value: number, than: number, direction: StoppingQuestion['direction']): boolean {
  return direction === 'Minimize' ? value > than : value < than;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function medianOf(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
