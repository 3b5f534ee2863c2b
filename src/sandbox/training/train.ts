import { releaseOf, writeModel } from './artifact';
import { Booster } from './booster';
import type { TrainRequest, TrainResult } from './contract';
import { checkData } from './data-checks';
import { metricsOf } from './evaluation';
import { algorithmError } from './failure';
import { History } from './history';
import { validateHyperparameters } from './hyperparameters';
import { createObjective } from './objectives';
import { type Parameters, readParameters } from './parameters';

/**
 * Asked after each round: the number of rounds to end with, if that is known. It may be smaller than the rounds
 * trained, so that an answer that comes late still cuts where it was meant to.
 */
export type RoundLimit = (round: number, metrics: Record<string, number>) => number | undefined;

/**
 * Trains a model as SageMaker's XGBoost container of that version would, with `tree_method=hist`. The same
 * request gives the same bytes; random choices (sampling) differ from XGBoost's for the same seed.
 *
 * @throws WarmstartError `training.client-error` or `training.algorithm-error` with the container's wording,
 *   `training.no-image` for a version that the sandbox does not have
 */
export function train(request: TrainRequest): TrainResult {
  const { stop } = request;
  return trainWithin(request, (round, metrics) => (stop?.(round, metrics) ? round + 1 : undefined));
}

/** As {@link train}, but `limit` decides how many rounds remain. */
export function trainWithin(request: TrainRequest, limit: RoundLimit): TrainResult {
  const release = releaseOf(request.version);
  const hyperparameters = validateHyperparameters(request.hyperparameters, request.version);
  const parameters = readParameters(hyperparameters, release, request.train.features.columns);
  const objective = createObjective(parameters.objective, parameters.objectiveOptions);
  if (!objective) throw algorithmError(`Unknown objective function: \`${parameters.objective}\``);
  checkData(request, objective);

  const metrics = metricsOf(parameters, objective);
  const history = new History(metrics, parameters, request.validation !== undefined);
  const booster = new Booster(request, parameters, objective, release);
  let rounds = 0;
  while (rounds < parameters.rounds && !history.stopsEarly) {
    booster.boost();
    const values = history.record(booster.evaluateTraining(metrics), booster.evaluateValidation(metrics));
    const keep = limit(rounds++, values);
    if (keep !== undefined && rounds >= keep) {
      rounds = keep;
      history.cut(rounds);
      break;
    }
  }
  const { best } = history;
  const kept = best ? best.round + 1 : rounds;
  return {
    model: writeModel(booster.ensemble(kept, attributes(release[0], kept, parameters, best?.score))),
    history: history.values,
    metrics: history.latest,
    log: history.log,
    rounds,
  };
}

/**
 * The attributes that `xgboost.train` leaves in the model: 1.x always notes where it ended; later releases only
 * after early stopping, with the score.
 */
function attributes(
  major: number,
  kept: number,
  { parallelTrees }: Parameters,
  bestScore: number | undefined,
): Record<string, string> {
  const end = { best_iteration: String(kept - 1) };
  if (major < 2) return { ...end, best_ntree_limit: String(kept * parallelTrees) };
  return bestScore === undefined ? {} : { ...end, best_score: String(bestScore) };
}
