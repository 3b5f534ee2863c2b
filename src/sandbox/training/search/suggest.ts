import type { SearchSpace, SuggestRequest } from '../contract';
import { createRandom } from '../random';
import { bayesian } from './bayesian';
import { Encoding } from './space';

/**
 * The hyperparameters of the next training job, as SageMaker prints them. Depends only on the request.
 *
 * Random and Hyperband draw from the scaled ranges (Hyperband's saving comes from stopping jobs early, see
 * `stopsAtRung`); Grid enumerates the categorical values; Bayesian searches with what finished trials, of this job
 * and of its parents, have shown.
 */
export function suggest(request: SuggestRequest): Record<string, string> {
  const { strategy, space, index, seed } = request;
  if (strategy === 'Grid') return gridPoint(space, index);
  const encoding = new Encoding(space);
  if (strategy === 'Bayesian') return bayesian(request, encoding);
  const random = createRandom(seed, index);
  return encoding.decode(Array.from({ length: encoding.size }, random));
}

/** How many configurations a grid search tries. */
export function gridSize(space: SearchSpace): number {
  return space.categorical.reduce((size, { Values }) => size * Values.length, 1);
}

function gridPoint(space: SearchSpace, index: number): Record<string, string> {
  let rest = index % gridSize(space);
  return Object.fromEntries(
    space.categorical.map(({ Name, Values }) => {
      const at = rest % Values.length;
      rest = Math.floor(rest / Values.length);
      return [Name, Values[at]!];
    }),
  );
}
