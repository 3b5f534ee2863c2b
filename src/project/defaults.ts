import type { ModelFile, Range, Training } from './schema';
import { canonicalName, isXGBoostImage, recommendedRanges, xgboostImage } from './xgboost';

/**
 * The ranges that a model is tuned in: its own, or the recommended ones without what its static hyperparameters fix.
 * Empty only for an image of its own that names none, which the checks refuse.
 */
export function rangesOf({
  training,
  tuning,
}: Pick<ModelFile, 'training' | 'tuning'>): Record<string, Range> {
  if (tuning.ranges) return tuning.ranges;
  if (!('algorithm' in training) && !isXGBoostImage(training.image)) return {};
  const fixed = new Set(Object.keys(training.hyperparameters).map(canonicalName));
  return Object.fromEntries(Object.entries(recommendedRanges).filter(([name]) => !fixed.has(name)));
}

/**
 * The training image's ECR URI.
 * @throws WarmstartError `project.xgboost-region`
 */
export function trainingImage(training: Training, region: string): string {
  return 'algorithm' in training ? xgboostImage(region, training.version) : training.image;
}
