import { WarmstartError } from '../../errors';

/**
 * A failure that the user of the container caused, worded as the container words it.
 * A training job shows it as `FailureReason` "ClientError: …".
 */
export function clientError(message: string): WarmstartError {
  return new WarmstartError('training.client-error', `ClientError: ${message}`, {
    kind: 'usage',
    remedy: 'Correct the hyperparameters or the training data and start the job again.',
  });
}

/** A failure inside XGBoost, as the container reports it: "AlgorithmError: XGB train call failed with exception: …". */
export function algorithmError(message: string): WarmstartError {
  return new WarmstartError(
    'training.algorithm-error',
    `AlgorithmError: XGB train call failed with exception:\n ${message}`,
    { remedy: 'Read the training log and check the labels and hyperparameters against the objective.' },
  );
}
