import type { TrainRequest } from './contract';
import { algorithmError, clientError } from './failure';
import type { Objective } from './objectives';

/**
 * Refuses data that XGBoost refuses, in its words.
 * @throws WarmstartError `training.client-error` or `training.algorithm-error`
 */
export function checkData({ train: data, validation }: TrainRequest, objective: Objective): void {
  for (const [channel, set] of [
    ['training', data],
    ['validation', validation],
  ] as const) {
    if (!set) continue;
    if (set.features.rows === 0) throw clientError(`No data in ${channel} channel path`);
    if (set.features.columns > data.features.columns) {
      throw algorithmError(
        `Check failed: learner_model_param_.num_feature >= p_fmat->Info().num_col_ (${data.features.columns} vs. ` +
          `${set.features.columns}) : Number of columns does not match number of features in booster.`,
      );
    }
    if (set.features.values.some((value) => value === Infinity || value === -Infinity)) {
      throw algorithmError(
        'Input data contains `inf` or a value too large, while `missing` is not set to `inf`',
      );
    }
    if (set.labels.some((label) => !Number.isFinite(label))) {
      throw algorithmError('Label contains NaN, infinity or a value too large.');
    }
  }
  for (const label of data.labels) {
    const complaint = complaintOf(objective, label);
    if (complaint) throw clientError(complaint);
  }
}

function complaintOf({ loss, groups }: Objective, label: number): string | undefined {
  if (loss !== 'softmax') return loss.complaint(label);
  if (label >= 0 && label < groups) return undefined;
  return 'SoftmaxMultiClassObj: label must be in [0, num_class).';
}
