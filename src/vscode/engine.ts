import { join } from 'node:path';
import type * as engine from '../engine';

/** The domain, with the AWS SDK. Its classes are the bundle's own: recognise its errors by shape, not by `instanceof`. */
export type Engine = typeof engine;

let loaded: Engine | undefined;

/** Loads `dist/aws.js` at the first call; `activate` never does. */
export function loadEngine(): Engine {
  loaded ??= require(join(__dirname, 'aws.js')) as Engine;
  return loaded;
}
