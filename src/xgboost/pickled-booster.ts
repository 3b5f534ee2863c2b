import type { Booster } from './booster';
import { type Global, Instance, type Pickled, parsePickle } from './pickle';
import { readRaw } from './raw';
import { malformed, unsupported } from './refusal';

/**
 * `pickle.dump(booster)` as SageMaker's containers up to 1.2 did: an `xgboost.core.Booster` whose state holds the model's bytes
 * (`handle`) beside what Python knows: names, best iteration. Throws `xgboost.malformed` and `xgboost.unsupported-…`.
 */
export function readPickledBooster(bytes: Uint8Array): Booster {
  const object = parsePickle(bytes);
  if (!(object instanceof Instance)) throw malformed('its pickle holds no Booster');
  if (!object.type.is('xgboost.core', 'Booster')) throw foreign(object.type);
  const { state } = object;
  if (!(state instanceof Map)) throw malformed('its pickled Booster has no state');
  const handle = state.get('handle');
  if (!(handle instanceof Uint8Array)) throw malformed('its pickled Booster holds no model');
  const booster = readRaw(handle);
  return {
    ...booster,
    format: 'pickle',
    featureNames: names(state.get('feature_names')) ?? booster.featureNames,
    featureTypes: names(state.get('feature_types')) ?? booster.featureTypes,
    bestIteration: whole(state.get('best_iteration')) ?? booster.bestIteration,
    // Unpickling restores Python's own attributes and reads none of the model's.
    bestTreeLimit: whole(state.get('best_ntree_limit')),
  };
}

function foreign(type: Global): Error {
  return unsupported(
    'pickle',
    `its pickle holds a ${`${type.module}.${type.name}`.slice(0, 80)}, not an xgboost.core.Booster`,
  );
}

function names(value: Pickled | undefined): string[] | null {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : null;
}

function whole(value: Pickled | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
