import { WarmstartError } from '../errors';

/** The file is broken or not what it says it is: nothing could load it. */
export function malformed(what: string, cause?: unknown): WarmstartError {
  return new WarmstartError('xgboost.malformed', `The XGBoost model cannot be read: ${what}.`, {
    remedy: 'Check that the artifact is complete and was written by XGBoost; train again if it is damaged.',
    cause,
  });
}

/** The file may be sound, but this reader cannot score it exactly. */
export function unsupported(topic: string, what: string): WarmstartError {
  return new WarmstartError(
    `xgboost.unsupported-${topic}`,
    `The XGBoost model cannot be scored here: ${what}.`,
    {
      remedy: 'Evaluate it with Batch Transform (set "evaluation": { "engine": "batch-transform" }).',
      kind: 'refused',
    },
  );
}
