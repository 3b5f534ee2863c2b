import type { Booster } from './booster';
import { startsAsPickle } from './pickle';
import { readPickledBooster } from './pickled-booster';
import { readRaw } from './raw';

/**
 * Reads a saved model in any format that XGBoost or SageMaker's containers have written; nothing in it is executed.
 * The result was checked as a whole. Throws `xgboost.malformed` and `xgboost.unsupported-…`.
 */
export function readBooster(bytes: Uint8Array): Booster {
  return startsAsPickle(bytes) ? readPickledBooster(bytes) : readRaw(bytes);
}
